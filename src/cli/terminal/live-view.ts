// The picture of a run while it goes on: drawn at most ten times a second, and seldom enough to cost no more than a
// hundredth of a processor, what it takes to keep its facts included, from a minute on; the first frames are dear. It
// reads the state when that is due.
import type { Clock, Timer } from '../../base/clock.ts';
import { Frame } from './frame.ts';

const FRAME_MS = 100;
/** Of the time that passes, this part at most, beside what the first frames cost: a hundredth of a minute in all. */
const COST_SHARE = 0.0075;
const FIRST_COST_MS = 150;
/** On a machine so busy that a frame takes long, there is one a second all the same. */
const WAIT_MS_MAX = 1000;

export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

export interface LiveViewOptions {
  readonly clock: Clock;
  /** Called once for each frame. */
  readonly write: (text: string) => void;
  /** Asked anew each time: a window can be resized. */
  readonly size: () => ScreenSize;
  /** What is to be seen now: fewer lines than the screen has rows, each narrower than it is wide. */
  readonly draw: (size: ScreenSize) => readonly string[];
  /** What has been spent between frames on what they show, so far; left out for nothing. */
  readonly keepingMs?: () => number;
}

/** What shows how far a run is: a picture, or a line. */
export interface LiveDisplay {
  /** Says something that stays, above what is rewritten. @param text lines, each with its line feed */
  say(text: string): void;
  /** Takes it away. Harmless when called twice. */
  stop(): void;
}

export class LiveView implements LiveDisplay {
  readonly #options: LiveViewOptions;
  readonly #frame = new Frame();
  #timer: Timer | undefined;
  #isStopped = false;
  readonly #startedMs: number;
  /** What drawing has cost so far. */
  #costMs = 0;
  #drawnMs = Number.NEGATIVE_INFINITY;
  #isPaused = false;

  constructor(options: LiveViewOptions) {
    this.#options = options;
    this.#startedMs = options.clock.now();
    this.#arm(FRAME_MS);
  }

  say(text: string): void {
    this.#write(this.#frame.showBelow(text, this.#options.size().columns));
  }

  stop(): void {
    if (this.#isStopped) return;
    this.#freeze();
    this.#write(this.#frame.erase(this.#options.size().columns));
  }

  /** Puts these lines in its place, for good. */
  finish(lines: readonly string[]): void {
    if (this.#isStopped) return;
    this.#freeze();
    this.#write(this.#frame.show(lines, this.#options.size().columns) + this.#frame.leave());
  }

  /** What was drawn last stays until `finish` or `stop`. */
  pause(): void {
    this.#isPaused = true;
    this.#timer?.cancel();
  }

  /** Draws as soon as it may: what is to be seen has changed. */
  redraw(): void {
    if (this.#isStopped || this.#isPaused) return;
    this.#timer?.cancel();
    this.#arm(Math.max(0, this.#drawnMs + FRAME_MS - this.#options.clock.now()));
  }

  /** Takes the picture away while another program has the terminal; `back` ends that. */
  away(): void {
    if (this.#isStopped) return;
    this.#timer?.cancel();
    this.#write(this.#frame.erase(this.#options.size().columns));
  }

  /** Begins anew below whatever was written meanwhile. */
  back(): void {
    this.#write(this.#frame.leave());
    this.redraw();
  }

  #freeze(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
  }

  #arm(afterMs: number): void {
    const { clock } = this.#options;
    this.#timer = clock.schedule(clock.now() + afterMs, () => this.#show());
  }

  #show(): void {
    const { clock, size, draw, keepingMs } = this.#options;
    const startedMs = clock.now();
    const screen = size();
    this.#write(this.#frame.show(draw(screen), screen.columns));
    const nowMs = clock.now();
    this.#drawnMs = startedMs;
    this.#costMs += nowMs - startedMs;
    const spentMs = this.#costMs + (keepingMs?.() ?? 0);
    // By then so much time has passed that what was spent until now is the share of it that it may be.
    const paidMs = this.#startedMs + (spentMs - FIRST_COST_MS) / COST_SHARE;
    this.#arm(Math.min(WAIT_MS_MAX, Math.max(FRAME_MS, paidMs - nowMs)));
  }

  #write(text: string): void {
    if (text !== '') this.#options.write(text);
  }
}
