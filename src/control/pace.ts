// When the next start is due. Two rules together: the generic cell rate algorithm spreads starts evenly, and a list
// of the last starts holds the promise that a user can check, whatever timers do:
//
//   in no half-open window of the rate's length do more than count + burst − 1 starts happen
//
// Timers come late, by a millisecond or so. Spacing every start from the late one before it would lose a tenth of
// 100/s; so a start that was waited for and comes less than an interval, or 10 ms, late keeps its place on the grid,
// and the next one is not put off. At 5000/s some five starts happen together each millisecond: no timer is finer. The
// list alone would let all starts of a window happen at once; the grid alone would let one more into a window when a
// late start is followed by one on time.
import { Gcra, type Rate } from './gcra.ts';

/** Starts that are remembered. A rate of more starts in its window is kept over a shorter window of as many. */
const REMEMBERED_MAX = 65_536;

/** Owns no clock: all instants are of one clock, the same in each call, and never go back. */
export class Pace {
  readonly #grid: Gcra;
  readonly #windowMs: number;
  /** The last starts, as a ring; each must be a window old before the one that takes its place. */
  readonly #startsMs: Float64Array;
  #count = 0;

  /** @param burst how many starts may happen at once after a quiet time, from 1 */
  constructor(rate: Rate, { burst }: { readonly burst: number }) {
    const count = Math.max(1, Math.floor(rate.count));
    const kept = Math.min(count, REMEMBERED_MAX);
    this.#grid = new Gcra(rate, { burst });
    // Of half a start in 10 s there is one in 20 s; of 100 000 in a minute 65 536 in 39 s.
    this.#windowMs = (rate.windowMs / rate.count) * kept;
    this.#startsMs = new Float64Array(kept + burst - 1).fill(Number.NEGATIVE_INFINITY);
  }

  /** When the next start may be, for one that would start now if it could; at most `nowMs` means at once. */
  dueMs(nowMs: number): number {
    const oldestMs = this.#startsMs[this.#count % this.#startsMs.length] as number;
    return Math.max(this.#grid.dueMs(nowMs), oldestMs + this.#windowMs);
  }

  /** A start happens, which `dueMs` has allowed. @returns its number, for `began` */
  start(nowMs: number): number {
    this.#grid.start(nowMs);
    this.#startsMs[this.#count % this.#startsMs.length] = nowMs;
    return this.#count++;
  }

  /**
   * A start turned out to have begun a little later than it was allowed: on the way to a worker, or because it takes
   * time itself. Windows are counted from there, so that they hold for the instants in the record.
   */
  began(number: number, atMs: number): void {
    const place = number % this.#startsMs.length;
    // One that has left the ring, or that a pace before this one has let through, is none of these.
    if (number >= this.#count || this.#count - number > this.#startsMs.length) return;
    if (atMs > (this.#startsMs[place] as number)) this.#startsMs[place] = atMs;
  }
}
