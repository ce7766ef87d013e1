// What `-v` adds to `fetch`: what is about to happen, all defaults filled in, and a line for each request that
// does not go well, as it happens. The lines are bounded in rate: a server that is down must not flood a terminal.
import type { Clock } from '../../base/clock.ts';
import { formatCount } from '../../base/units.ts';
import type { HttpRequest } from '../../model/request.ts';
import type { Settled } from '../../model/settled.ts';
import { isToldOnce, troubleLine } from './troubles.ts';

export { planLines } from './plan-lines.ts';

const WINDOW_MS = 1000;
const LINES_PER_WINDOW = 20;

/** Tells failures as they come, at most 20 in a second; the rest of a second is counted. */
export class FailureLines {
  readonly #clock: Clock;
  readonly #say: (text: string) => void;
  #windowEndsMs = 0;
  #told = 0;
  #untold = 0;

  constructor(clock: Clock, say: (text: string) => void) {
    this.#clock = clock;
    this.#say = say;
  }

  add(settled: Settled<HttpRequest>): void {
    if (settled.outcome === 'ok') return;
    if (isToldOnce((settled.error ?? settled.tries.at(-1)?.error)?.code)) return;
    const nowMs = this.#clock.now();
    if (nowMs >= this.#windowEndsMs) {
      this.end();
      this.#windowEndsMs = nowMs + WINDOW_MS;
      this.#told = 0;
    }
    if (this.#told >= LINES_PER_WINDOW) {
      this.#untold++;
      return;
    }
    this.#told++;
    this.#say(troubleLine(settled) ?? '');
  }

  /** Tells what is left to tell. */
  end(): void {
    if (this.#untold > 0) this.#say(`… and ${formatCount(this.#untold)} more that were not ok`);
    this.#untold = 0;
  }
}
