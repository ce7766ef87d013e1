// How many the server holds at once, by Little's law: the pace × what one takes alone, which is the mean of those that
// were sent at a level that the server surely holds, so that they waited for nobody. The overtaking proof goes by the
// shortest time that was seen: where times vary (a lognormal law, say) all others take much longer, those in between
// have time to leave, and 32 workers prove no more than 26, then 20, then 16. The mean does not shrink so. It is no
// proof, as it believes the past, and only keeps what was proved from being forgotten. What one takes is told to people
// by service-time.ts; that goes by the capacity, which is found with this.

/** Levels that differ by less than this share are one. */
const LEVEL_STEP = Math.log(1.12);
/** What one level remembers; and every so many rounds all counts for so much less. */
const KEPT = 1000;
const FADE_ROUNDS = 40;
const FADE = 0.6;
/** And such a share of what was known lately waits for nobody, too. */
const CERTAIN = 0.85;
/** Fewer than these tell no mean. */
const ENOUGH = 10;
/** Of earlier rounds, what counts for the pace. */
const PACE_FADE = 0.5;
/** The last round is lower by chance by so many standard errors; more is a server that became slower. */
const ERRORS = 0.5;
/** It grows again, to no more than was known before, where this is so many standard errors less than the pace tells; */
const RISE_ERRORS = 1;
/** and with each round that is forgotten by such a share. */
const BEST_KEPT = 0.95;
/** The mean is not exact: so much of it is sure. */
const SURE = 0.96;
/** Small servers are told exactly enough by proofs alone. */
const KEPT_FROM = 6;

interface LevelSum {
  count: number;
  ms: number;
  levels: number;
}

export class Held {
  readonly #levels = new Map<number, LevelSum>();
  #served = 0;
  #ms = 0;
  #lastServed = 0;
  #lastMs = 0;
  #rounds = 0;
  /** What was known lately. */
  #best = 0;

  /** One was served that was sent as the `level`-th in flight. */
  note(level: number, tookMs: number): void {
    const key = Math.round(Math.log(level) / LEVEL_STEP);
    const sum = this.#levels.get(key) ?? { count: 0, ms: 0, levels: 0 };
    this.#levels.set(key, sum);
    if (sum.count >= KEPT) scale(sum, 1 - 1 / KEPT);
    sum.count++;
    sum.ms += tookMs;
    sum.levels += level;
  }

  endRound(served: number, ms: number): void {
    this.#served = PACE_FADE * this.#served + served;
    this.#ms = PACE_FADE * this.#ms + ms;
    this.#lastServed = served;
    this.#lastMs = ms;
    if (++this.#rounds % FADE_ROUNDS === 0) this.#fade();
  }

  /**
   * Asked once a round.
   * @param known what was held at once so far
   * @param proved what is proved to be held now
   * @param variation of what requests cost: the variance as a share of the squared mean
   * @returns what is held now: at least what is proved, and as much of what was known lately as the pace tells
   */
  kept(known: number, proved: number, variation: number): number {
    this.#best = Math.max(known, BEST_KEPT * this.#best + (1 - BEST_KEPT) * known);
    if (this.#best < KEPT_FROM || this.#best <= proved) return proved;
    const atOnce = this.#atOnce(Math.max(proved, CERTAIN * this.#best), variation);
    if (atOnce === 0) return proved;
    const least = atOnce * (1 - RISE_ERRORS * Math.sqrt(variation / this.#served));
    return Math.max(proved, Math.min(known, atOnce), Math.min(this.#best, least));
  }

  /** 0 while nothing is known. */
  #atOnce(certain: number, variation: number): number {
    const aloneMs = this.#aloneMs(certain);
    if (aloneMs === null || !(this.#lastMs > 0 && this.#lastServed > 0)) return 0;
    const error = Math.sqrt(variation / this.#lastServed);
    const last = (this.#lastServed / this.#lastMs) * (1 + ERRORS * error);
    return SURE * aloneMs * Math.min(last, this.#served / this.#ms);
  }

  #aloneMs(certain: number): number | null {
    let count = 0;
    let ms = 0;
    for (const sum of this.#levels.values()) {
      if (sum.levels > certain * sum.count) continue;
      count += sum.count;
      ms += sum.ms;
    }
    return count < ENOUGH ? null : ms / count;
  }

  #fade(): void {
    for (const [key, sum] of this.#levels) {
      scale(sum, FADE);
      if (sum.count < 1) this.#levels.delete(key);
    }
  }
}

function scale(sum: LevelSum, by: number): void {
  sum.count *= by;
  sum.ms *= by;
  sum.levels *= by;
}
