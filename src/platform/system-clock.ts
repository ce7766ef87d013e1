// The real clock: the only place that reads time and sets timers.
import type { Clock, Timer } from '../base/clock.ts';

/**
 * The machine's monotonic clock in ms: the same in every process and thread of this host. Not from
 * `performance`: that read is 50 ns cheaper, but the first touch of it loads modules for some 5 ms.
 */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

/** A longer timer than this fires at once in Node; a longer wait is cut into pieces. */
const TIMEOUT_MS_MAX = 2 ** 31 - 1;

/**
 * @param originMs `monotonicMs()` at the run's zero; workers of a run share it, so their instants compare
 */
export function systemClock(originMs: number): Clock {
  const now = (): number => monotonicMs() - originMs;
  return { now, schedule: (atMs, fire) => new SystemTimer(now, atMs, fire) };
}

class SystemTimer implements Timer {
  readonly #now: () => number;
  readonly #atMs: number;
  readonly #fire: () => void;
  #timeout: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;

  constructor(now: () => number, atMs: number, fire: () => void) {
    this.#now = now;
    this.#atMs = atMs;
    this.#fire = fire;
    this.#wait();
  }

  cancel(): void {
    clearTimeout(this.#timeout);
    clearImmediate(this.#immediate);
  }

  #wait(): void {
    const waitMs = this.#atMs - this.#now();
    if (waitMs > 0)
      this.#timeout = setTimeout(() => this.#wait(), Math.min(Math.ceil(waitMs), TIMEOUT_MS_MAX));
    // Timers run before sockets are polled, immediates after: what has arrived is heard first.
    else this.#immediate = setImmediate(this.#fire);
  }
}
