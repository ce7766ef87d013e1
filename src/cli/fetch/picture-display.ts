// The picture of a run on a terminal: drawn as the run goes on, where the screen has room for it, and once more at its
// end, to stay above the summary.
import type { HttpRequest } from '../../model/request.ts';
import type { Settled } from '../../model/settled.ts';
import { limitSteps } from '../../timeline/found-limit.ts';
import { PictureModel } from '../../timeline/picture.ts';
import { drawTerminal } from '../../timeline/terminal.ts';
import { canRewrite } from '../terminal/io.ts';
import { ADD_MS, hasRoomForPicture, OPEN_MAX, rowsFor, WatchedPicture } from '../terminal/live-picture.ts';
import { LiveTerminal } from '../terminal/live-terminal.ts';
import type { LiveDisplay, LiveView } from '../terminal/live-view.ts';
import { lookOf, screenOf } from '../terminal/look.ts';
import { spoken } from '../terminal/messages.ts';
import { ViewChoices } from '../terminal/view-choices.ts';
import {
  type ClosingPicture,
  type DisplayParts,
  type FetchDisplay,
  openLine,
  type StateNow,
} from './display.ts';

export class PictureDisplay implements FetchDisplay {
  readonly #parts: DisplayParts;
  readonly #picture = new PictureModel();
  #added = 0;
  readonly #terminal: LiveTerminal | undefined;
  readonly #live: LiveView | null;
  readonly #shown: LiveDisplay;

  constructor(parts: DisplayParts, state: StateNow) {
    this.#parts = parts;
    const { io, flags, run, onQuit } = parts;
    if (canRewrite(io.stderr, io.env) && hasRoomForPicture(screenOf(io.stderr)))
      this.#terminal = new LiveTerminal({ io, clock: run.clock, charset: flags.charset, onQuit });
    this.#live = this.#terminal ? this.#openLive(this.#terminal, state) : null;
    this.#shown = this.#live ?? openLine(parts, state);
  }

  add(settled: Settled<HttpRequest>): void {
    this.#added++;
    this.#picture.add(settled);
  }

  say(text: string): void {
    this.#shown.say(spoken('', text));
  }

  /** What was drawn last stays for now. */
  pause(): void {
    if (this.#live) this.#live.pause();
    else this.#shown.stop();
  }

  async close({ withPicture, eventLoops, pace }: ClosingPicture): Promise<void> {
    this.pause();
    await this.#terminal?.close();
    this.#picture.eventLoops = eventLoops;
    this.#picture.limitSteps = limitSteps(pace);
    const lines = withPicture && this.#picture.facts().attempts > 0 ? this.#finalLines() : [];
    if (lines.length === 0) this.#shown.stop();
    else if (this.#live) this.#live.finish(lines);
    else this.#parts.io.stderr.write(`${lines.join('\n')}\n`);
  }

  /** The summary follows at once, and says what a caption would say. */
  #finalLines(): string[] {
    const { io, flags, header } = this.#parts;
    const look = this.#terminal?.look() ?? lookOf(io.stderr, io.env, flags.charset);
    const choices = this.#terminal?.choices ?? new ViewChoices();
    const { hasServer, mode } = choices;
    // All of the run, and so requests only where there is a row for each.
    const rows = rowsFor(
      screenOf(io.stderr),
      { hasServer, mode: mode === 'lanes' ? mode : undefined },
      this.#picture.facts().capacity,
    );
    // One column stays free: some terminals wrap when the last one is written.
    const options = { ...look, ...rows, width: look.width - 1, caption: [] };
    return drawTerminal({ run: header, picture: this.#picture }, options);
  }

  #openLive(terminal: LiveTerminal, state: StateNow): LiveView {
    const { run, header, io } = this.#parts;
    const watched = new WatchedPicture({
      ...{ run: header, picture: this.#picture, state, choices: terminal.choices },
      look: () => terminal.look(),
      hasKeys: () => terminal.hasKeys,
      open: () => run.lookIn(OPEN_MAX),
      nowMs: () => run.clock.now(),
      limitSteps: () => limitSteps(run.foundPaces()),
    });
    return terminal.open(watched, {
      clock: run.clock,
      write: text => io.stderr.write(text),
      size: () => screenOf(io.stderr),
      keepingMs: () => this.#added * ADD_MS,
    });
  }
}
