// The terminal that live pictures are drawn on, one after another: what it can show, the keys pressed on it, and what a
// person has chosen with them. It is found out once, and given back at the end as it was.
import type { Clock } from '../../base/clock.ts';
import type { Charset } from '../../timeline/palette.ts';
import { askGlyphWidth, type GlyphQuestion } from './glyph-width.ts';
import type { CommandIo } from './io.ts';
import type { TerminalInput } from './key-input.ts';
import { Keyboard } from './keyboard.ts';
import type { WatchedPicture } from './live-picture.ts';
import { LiveView, type LiveViewOptions } from './live-view.ts';
import { hasBlocks, likelyCharset, lookOf, type TerminalLook, type WantedCharset } from './look.ts';
import { ViewChoices } from './view-choices.ts';

/** More keys than this before there is anything to see mean nothing. */
const EARLY_MAX = 100;

export interface LiveTerminalParts {
  /** Its stderr is a terminal; its stdin, where it is one too, is not read by anybody else. */
  readonly io: CommandIo;
  readonly clock: Clock;
  readonly charset: WantedCharset | undefined;
  /** Ends the run as the first ^C does. */
  readonly onQuit: () => void;
}

export class LiveTerminal {
  readonly choices = new ViewChoices();
  readonly #parts: LiveTerminalParts;
  readonly #keyboard: Keyboard;
  readonly #ready: Promise<void>;
  #question: GlyphQuestion | undefined;
  #charset: Charset | undefined;
  #isReady = false;
  #hasKeys = false;
  /** Keys that came before there was anything to show. */
  #early: string[] = [];
  /** What is drawn on it now. */
  #view: LiveView | undefined;
  #watched: WatchedPicture | undefined;

  constructor(parts: LiveTerminalParts) {
    this.#parts = parts;
    const { charset } = parts;
    if (charset !== 'auto') this.#charset = charset;
    this.#keyboard = new Keyboard(parts.io.stdin, {
      onInput: input => this.#take(input),
      onAway: () => this.#view?.away(),
      onBack: () => this.#view?.back(),
    });
    this.#ready = this.#open();
  }

  /** Nothing is drawn before it is known how. */
  get isReady(): boolean {
    return this.#isReady;
  }

  get hasKeys(): boolean {
    return this.#hasKeys;
  }

  look(): TerminalLook {
    const { io } = this.#parts;
    return lookOf(io.stderr, io.env, this.#charset);
  }

  /** Draws this from now on, and hands it the keys. */
  open(watched: WatchedPicture, options: Omit<LiveViewOptions, 'draw'>): LiveView {
    const view = new LiveView({ ...options, draw: size => (this.#isReady ? watched.draw(size) : []) });
    this.#view = view;
    this.#watched = watched;
    for (const key of this.#early.splice(0)) this.#press(key);
    return view;
  }

  /** Gives the terminal back, once it has answered what it was asked: its answer is not for the next program. */
  async close(): Promise<void> {
    await this.#ready;
    this.#view = undefined;
    this.#hasKeys = false;
    this.#keyboard.close();
  }

  async #open(): Promise<void> {
    const { io, clock } = this.#parts;
    this.#hasKeys = await this.#keyboard.open();
    if (this.#charset === undefined && this.#hasKeys && hasBlocks(io.env)) {
      this.#question = askGlyphWidth(clock, text => io.stderr.write(text));
      const width = await this.#question.width;
      if (width !== null) this.#charset = width === 2 ? 'ascii' : 'unicode';
    }
    this.#charset ??= likelyCharset(io.stderr, io.env);
    this.#isReady = true;
  }

  #take(input: TerminalInput): void {
    if (input.kind === 'cursor') this.#question?.hear(input.column);
    else if (input.key === 'q') this.#parts.onQuit();
    else if (this.#view) this.#press(input.key);
    else if (this.#early.length < EARLY_MAX) this.#early.push(input.key);
  }

  #press(key: string): void {
    if (this.#watched?.press(key)) this.#view?.redraw();
  }
}
