// What more in flight buys, for any server: by Little's law a round with F in flight on average and X ends per ms took
// F / X per request. That is constant up to the server's capacity and grows in proportion above it:
//
//   F / X = R × max(1, F / K)        R: alone on the server        K: the capacity
//
// Rounds are kept by level. The K that suits them best is searched for, and with it the largest that they do not rule
// out: throughput is noisy, n ends tell it to about cv / √n (cv: how different requests are in what they cost).

import type { WindowSum } from './windows.ts';

/** Levels that differ by less than this share are one. */
const LEVEL_STEP = Math.log(1.06);
/** What one level remembers: older rounds count less once there are more ends. */
const ENDS_KEPT = 240;
/** A round that was not seen again counts for so much less after each further one. */
const FADE = 0.992;
/** As if so many requests had been seen that are as different as those of an exponential law. */
const PRIOR = 12;
const CV2_MAX = 6;

interface LevelSum {
  ends: number;
  ms: number;
  area: number;
}

export interface Fit {
  /** The capacity that suits the rounds best. */
  readonly capacity: number;
  /** The smallest and the largest that they do not rule out; infinite where no level is above it. */
  readonly lower: number;
  readonly upper: number;
  /** The highest level that was measured. */
  readonly top: number;
  /** ms that one takes alone. */
  readonly aloneMs: number;
  /** Ends that were seen below, and above, the capacity. */
  readonly below: number;
  readonly above: number;
}

export class Throughput {
  readonly #levels = new Map<number, LevelSum>();
  #squares = PRIOR;
  #latencies = PRIOR;

  /** Squared, how different the requests are in what they cost, as a share of their mean. */
  get cv2(): number {
    return Math.min(CV2_MAX, Math.max(0.01, this.#squares / this.#latencies));
  }

  /** The latencies of one round: their number, sum and sum of squares. */
  noteLatencies(count: number, sum: number, squares: number): void {
    if (count < 2) return;
    const mean = sum / count;
    const keep = this.#latencies > 500 ? 0.9 : 1;
    this.#squares = keep * this.#squares + Math.max(0, squares / (mean * mean) - count);
    this.#latencies = keep * this.#latencies + count - 1;
  }

  add({ level, ends, ms, worth }: WindowSum): void {
    if (!(ends > 0 && ms > 0 && level > 0)) return;
    for (const [key, sum] of this.#levels) {
      scale(sum, FADE);
      if (sum.ends < 0.2) this.#levels.delete(key);
    }
    const key = Math.round(Math.log(level) / LEVEL_STEP);
    const sum = this.#levels.get(key) ?? { ends: 0, ms: 0, area: 0 };
    this.#levels.set(key, sum);
    if (sum.ends > ENDS_KEPT) scale(sum, ENDS_KEPT / sum.ends);
    sum.ends += worth * ends;
    sum.ms += worth * ms;
    sum.area += worth * level * ms;
  }

  forget(): void {
    this.#levels.clear();
  }

  /** @param z how many standard errors away is ruled out */
  fit(z: number): Fit | null {
    const points: { level: number; ends: number; tookMs: number }[] = [];
    let top = 0;
    for (const { ends, ms, area } of this.#levels.values()) {
      const level = area / ms;
      points.push({ level, ends, tookMs: area / ends });
      top = Math.max(top, level);
    }
    if (points.length < 2) return null;
    const tried: { capacity: number; misfit: number; aloneMs: number }[] = [];
    for (let capacity = 1; ; capacity = Math.min(top, capacity < 10 ? capacity + 0.25 : capacity * 1.025)) {
      let weighted = 0;
      let squared = 0;
      let count = 0;
      for (const { level, ends, tookMs } of points) {
        const alone = tookMs / Math.max(1, level / capacity);
        weighted += ends * alone;
        squared += ends * alone * alone;
        count += ends;
      }
      const aloneMs = squared / weighted;
      // Σ ends × (alone / aloneMs − 1)², written out.
      tried.push({ capacity, misfit: count - (weighted * weighted) / squared, aloneMs });
      if (capacity >= top) break;
    }
    const best = tried.reduce((a, b) => (b.misfit < a.misfit ? b : a));
    const allowed = best.misfit + z * z * this.cv2;
    let upper = 0;
    let lower = Number.POSITIVE_INFINITY;
    for (const { capacity, misfit } of tried) {
      if (misfit > allowed) continue;
      upper = Math.max(upper, capacity);
      lower = Math.min(lower, capacity);
    }
    let below = 0;
    let above = 0;
    for (const { level, ends } of points) {
      if (level < 0.85 * best.capacity) below += ends;
      else above += ends;
    }
    return {
      capacity: best.capacity,
      lower,
      top,
      upper: upper >= top ? Number.POSITIVE_INFINITY : upper,
      aloneMs: best.aloneMs,
      below,
      above,
    };
  }
}

function scale(sum: LevelSum, by: number): void {
  sum.ends *= by;
  sum.ms *= by;
  sum.area *= by;
}
