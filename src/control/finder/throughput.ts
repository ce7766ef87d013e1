// What more in flight buys, for any server. By Little's law a window with F in flight on average, in which X end per
// ms, took F / X for each. That is constant up to the server's capacity, and grows in proportion above it:
//
//   F / X = R × max(1, F / K)        R: alone on the server        K: the capacity
//
//       │              ╱             Windows are kept by level. The K that suits them best is searched for, and with
//     R │─────────────╱              it the smallest and the largest that they do not rule out: throughput is noisy,
//       └─────────────┴──▶ F         and n ends tell it to about cv / √n, where cv says how different the requests
//                     K              are in what they cost.
import type { WindowSum } from './windows.ts';

/** Levels that differ by less than this share are one. */
const LEVEL_STEP = Math.log(1.06);
/** What one level remembers; what is older counts less. */
const ENDS_KEPT = 240;
/** And with each further window all counts for so much less. */
const FADE = 0.985;
/** Before anything is known: as if so many had been seen that differ like those of an exponential law. */
const PRIOR = 12;
const VARIATION_MIN = 0.01;
const VARIATION_MAX = 6;
/** Capacities are tried in steps of a quarter, and of 2.5 % where that is more. */
const TRY_STEP = 0.25;
const TRY_SHARE = 0.025;
/** A level below so much of the capacity tells what one takes alone. */
const BELOW_SHARE = 0.85;

interface LevelSum {
  ends: number;
  ms: number;
  area: number;
}

export interface Fit {
  /** The capacity that suits best. */
  readonly capacity: number;
  /** The smallest and the largest that are not ruled out; infinite where nothing says that there is a limit. */
  readonly lower: number;
  readonly upper: number;
  /** The highest level that was measured. */
  readonly top: number;
  /** What one takes alone. */
  readonly aloneMs: number;
  /** Ends that were seen below the capacity. */
  readonly below: number;
}

interface Trial {
  readonly capacity: number;
  readonly misfit: number;
  readonly aloneMs: number;
}

export class Throughput {
  readonly #levels = new Map<number, LevelSum>();
  #squares = PRIOR;
  #latencies = PRIOR;
  #trials: readonly Trial[] | null = null;

  /** How different the requests are in what they cost: their variance as a share of their squared mean. */
  get variation(): number {
    return Math.min(VARIATION_MAX, Math.max(VARIATION_MIN, this.#squares / this.#latencies));
  }

  /** The latencies of a round: their number, their sum and the sum of their squares. */
  noteLatencies(count: number, sumMs: number, squares: number): void {
    if (count < 2) return;
    const meanMs = sumMs / count;
    if (this.#latencies > 500) {
      this.#squares *= 0.9;
      this.#latencies *= 0.9;
    }
    this.#squares += Math.max(0, squares / (meanMs * meanMs) - count);
    this.#latencies += count - 1;
  }

  add({ level, ends, ms, worth }: WindowSum): void {
    if (!(ends > 0 && ms > 0 && level > 0)) return;
    this.#trials = null;
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

  /** How exactly the ends at `level` and above tell what one takes there: a standard error, as a share. */
  errorFrom(level: number): number {
    let count = 0;
    for (const { ends, ms, area } of this.#levels.values()) if (area >= level * ms) count += ends;
    return this.errorOf(count);
  }

  /** How exactly so many ends tell what one takes. */
  errorOf(ends: number): number {
    return Math.sqrt(this.variation / Math.max(1, ends));
  }

  forget(): void {
    this.#levels.clear();
    this.#trials = null;
  }

  /**
   * @param errors how many standard errors away is ruled out
   * @returns null while fewer than two levels are known
   */
  fit(errors: number): Fit | null {
    if (this.#levels.size < 2) return null;
    this.#trials ??= this.#tryAll();
    const trials = this.#trials;
    const top = (trials.at(-1) as Trial).capacity;
    const best = trials.reduce((a, b) => (b.misfit < a.misfit ? b : a));
    const misfitMax = best.misfit + errors * errors * this.variation;
    let lower = best.capacity;
    let upper = best.capacity;
    for (const { capacity, misfit } of trials) {
      if (misfit > misfitMax) continue;
      lower = Math.min(lower, capacity);
      upper = Math.max(upper, capacity);
    }
    let below = 0;
    for (const { ends, ms, area } of this.#levels.values())
      if (area / ms < BELOW_SHARE * best.capacity) below += ends;
    const { capacity, aloneMs } = best;
    return { capacity, lower, upper: upper >= top ? Number.POSITIVE_INFINITY : upper, top, aloneMs, below };
  }

  #tryAll(): readonly Trial[] {
    const points = [...this.#levels.values()].map(({ ends, ms, area }) => ({
      level: area / ms,
      ends,
      tookMs: area / ends,
    }));
    const top = Math.max(1, ...points.map(({ level }) => level));
    const trials: Trial[] = [];
    for (let capacity = 1; ; capacity = Math.min(top, capacity + Math.max(TRY_STEP, TRY_SHARE * capacity))) {
      let count = 0;
      let sum = 0;
      let squares = 0;
      for (const { level, ends, tookMs } of points) {
        const aloneMs = tookMs / Math.max(1, level / capacity);
        count += ends;
        sum += ends * aloneMs;
        squares += ends * aloneMs * aloneMs;
      }
      // With the best R for this K: Σ ends × (alone / R − 1)².
      trials.push({ capacity, misfit: count - (sum * sum) / squares, aloneMs: squares / sum });
      if (capacity >= top) return trials;
    }
  }
}

function scale(sum: LevelSum, by: number): void {
  sum.ends *= by;
  sum.ms *= by;
  sum.area *= by;
}
