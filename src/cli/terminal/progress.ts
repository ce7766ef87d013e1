// The only writer of live terminal output: one line that is rewritten ten times a second on a terminal,
// a plain line every ten seconds elsewhere. It reads the state when it is due and costs nothing between.
import type { Clock, Timer } from '../../base/clock.ts';
import type { LiveDisplay } from './live-view.ts';
import { type ProgressState, progressLine, RecentRate } from './progress-line.ts';

const REWRITE_MS = 100;
const PLAIN_MS = 10_000;
/** The rate is that of the last seconds. */
const RATE_WINDOW_MS = 5000;
const CLEAR = '\r\x1b[K';

export interface ProgressOptions {
  readonly clock: Clock;
  readonly write: (text: string) => void;
  /** A terminal on which a line can be rewritten. */
  readonly rewrites: boolean;
  /** Asked anew each time: a window can be resized. */
  readonly columns: () => number;
  readonly state: () => Omit<ProgressState, 'elapsedMs' | 'ratePerSecond'>;
}

export class Progress implements LiveDisplay {
  readonly #options: ProgressOptions;
  readonly #startedMs: number;
  readonly #rate = new RecentRate(RATE_WINDOW_MS);
  #timer: Timer | undefined;
  #isShown = false;
  #isStopped = false;

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#startedMs = options.clock.now();
    this.#arm();
  }

  /** In the place of the line, which comes back when it is due again. */
  say(text: string): void {
    this.#clear();
    this.#options.write(text);
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
    this.#clear();
  }

  #clear(): void {
    if (!this.#isShown) return;
    this.#isShown = false;
    this.#options.write(CLEAR);
  }

  #arm(): void {
    const { clock, rewrites } = this.#options;
    this.#timer = clock.schedule(clock.now() + (rewrites ? REWRITE_MS : PLAIN_MS), () => this.#show());
  }

  #show(): void {
    if (this.#isStopped) return;
    const { clock, state, rewrites, write, columns } = this.#options;
    const elapsedMs = clock.now() - this.#startedMs;
    const counts = state();
    const full = { ...counts, elapsedMs, ratePerSecond: this.#rate.perSecond(elapsedMs, counts.done) };
    // One column stays free: some terminals wrap when the last one is written.
    if (rewrites) write(`${CLEAR}${progressLine(full, columns() - 1)}`);
    else write(`paceline: ${progressLine(full)}\n`);
    this.#isShown = rewrites;
    this.#arm();
  }
}
