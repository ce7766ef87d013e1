// For servers that are not first come, first served: the limit is the largest capacity that throughput does not rule
// out. What it does not know it so finds out by being there. Where too little is known of a server that has nothing
// waiting, it goes down for a while to compare; and where too little is known of one with more in flight, up.
import type { OvertakingProof } from './proof.ts';
import type { Throughput } from './throughput.ts';

/** The limit is so many standard errors above the best guess, */
const ERRORS = 1;
/** and by no less than so many requests, and such a share. */
const ABOVE = 1;
const ABOVE_SHARE = 0.1;
/** Where there is no upper end, so far above the highest level that was measured. */
const OPEN_BY = 1.25;
/** A visit below: to such a share of the capacity, for so many requests or two rounds. */
const VISIT_SHARE = 0.6;
const VISIT_REQUESTS = 12;
/** Until the time that one takes alone is known so exactly. */
const ERROR_MAX = 0.12;
/** A look above: so far, and for so many rounds. */
const LOOK_BY = 1.4;
const LOOK_ROUNDS = 3;
/** So many rounds after the last one, until what one takes at such a multiple of the limit is known so exactly; */
const LOOK_EVERY = 4;
const LOOK_FROM = 1.2;
const LOOK_ERROR_MAX = 0.18;
/** and from then on so many: the server may have grown. */
const LOOK_AGAIN = 30;
/** The first visits are free; later ones may take such a share of all requests. */
const FREE_BELOW = 8;
const COST_MAX = 0.08;
/**
 * Only first come, first served leaves so many requests near the top without one that proves such a share of it; four
 * times as many after each time that turned out wrong.
 */
const ORDERED_REQUESTS = 60;
const ORDERED_MORE = 4;
const ORDERED_BELOW = 0.85;

export interface MeasuredRound {
  readonly limit: number;
  /** The level of the round, before it was rounded. */
  readonly level: number;
  readonly served: number;
  /** Whether windows measure this level, and not the change to it. */
  readonly isSettled: boolean;
}

export class Measuring {
  readonly #throughput: Throughput;
  readonly #proof: OvertakingProof;
  #requests = 0;
  #visited = 0;
  /** Requests that the visit has still to see; 0 while there is none. */
  #visitLeft = 0;
  /** Rounds that the look above has still to last, and those since the last. */
  #looking = 0;
  #sinceLook = 0;
  #ordered = 0;
  #orderedEnough = ORDERED_REQUESTS / ORDERED_MORE;
  /** The best guess. */
  capacity = 1;

  constructor(throughput: Throughput, proof: OvertakingProof) {
    this.#throughput = throughput;
    this.#proof = proof;
  }

  reset(): void {
    this.#requests = 0;
    this.#visited = 0;
    this.#visitLeft = 0;
    this.#ordered = 0;
    this.#orderedEnough *= ORDERED_MORE;
  }

  /** Whether requests stopped overtaking each other, so that proofs can be believed again. */
  isOrdered(): boolean {
    const { top } = this.#proof;
    if (top < 4 || this.#visitLeft > 0) return false;
    const { count, best } = this.#proof.nearTop(ORDERED_BELOW);
    this.#ordered = best < ORDERED_BELOW * top ? this.#ordered + count : 0;
    return this.#ordered >= this.#orderedEnough;
  }

  /** @returns what is allowed next */
  next({ limit, level, served, isSettled }: MeasuredRound): number {
    const fit = this.#throughput.fit(ERRORS);
    if (!fit) return Math.max(1, limit);
    this.#requests += served;
    this.capacity = fit.capacity;
    if (this.#visitLeft > 0) {
      this.#visited += served;
      if (isSettled) this.#visitLeft = Math.max(0, this.#visitLeft - served);
      if (this.#visitLeft > 0) return level;
    }
    if (this.#looking > 0 && --this.#looking > 0) return level;
    const upper = fit.upper === Number.POSITIVE_INFINITY ? OPEN_BY * fit.top : fit.upper;
    const wanted = Math.max(upper, fit.capacity + Math.max(ABOVE, ABOVE_SHARE * fit.capacity));
    const isKnown = this.#throughput.errorFrom(LOOK_FROM * wanted) <= LOOK_ERROR_MAX;
    if (++this.#sinceLook >= (isKnown ? LOOK_AGAIN : LOOK_EVERY)) {
      this.#sinceLook = 0;
      this.#looking = LOOK_ROUNDS;
      return LOOK_BY * wanted;
    }
    const low = Math.max(1, Math.round(VISIT_SHARE * Math.sqrt(fit.capacity * upper)));
    const error = this.#throughput.errorOf(fit.below);
    const isPaid = fit.below < FREE_BELOW || this.#visited < COST_MAX * this.#requests;
    if (!isSettled || error <= ERROR_MAX || !isPaid || low >= 0.85 * wanted) return wanted;
    this.#visitLeft = Math.max(VISIT_REQUESTS, 2 * low);
    return low;
  }
}
