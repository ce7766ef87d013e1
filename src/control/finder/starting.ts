// The start-up: a few at first, and twice as many with each round while the server proves that it holds more. One clear
// proof opens a round: each end then makes room for one more, so that the limit grows as fast as answers come. It ends
// where enough requests prove no more than a part of what was sent; and where throughput sees an end first, it waits.
import type { OvertakingProof } from './proof.ts';
import type { Round } from './round.ts';
import type { Throughput } from './throughput.ts';

/** A round may have so many times the limit of the one before; after the first start-up less. */
const GROWTH = 2;
const REGROWTH = 1.5;
/** And has at least so many times, while nothing speaks against it. */
const GROWTH_MIN = 1.25;
/** A request so near the limit that proves so much of its level says that there is no end yet. */
const CLEAR_NEAR = 0.7;
const CLEAR = 0.7;
/** Only a capacity well below the highest level ends it. */
const END_BELOW = 0.8;
/** Whether it is over is asked, in the middle of a round, each time such a part of the highest level has ended. */
const ASKED_SHARE = 1 / 8;
/** Where throughput has an upper end below such a share of the level, there is no growth. */
const GATE_ERRORS = 0.8;
const GATE_SHARE = 0.8;

export class Starting {
  readonly #throughput: Throughput;
  readonly #proof: OvertakingProof;
  #growth = GROWTH;
  #isGated = false;

  constructor(throughput: Throughput, proof: OvertakingProof) {
    this.#throughput = throughput;
    this.#proof = proof;
  }

  /** The server holds more than was found before. */
  again(): void {
    this.#growth = REGROWTH;
  }

  /** Throughput was measured at `level`. */
  measured(level: number): void {
    const fit = this.#throughput.fit(GATE_ERRORS);
    this.#isGated = fit !== null && fit.upper < GATE_SHARE * level;
  }

  /** More in flight seems to buy no more throughput. */
  get isGated(): boolean {
    return this.#isGated;
  }

  /** A request that was sent as the `level`-th in flight proves that `held` are served at once. */
  isClear(level: number, held: number, limit: number): boolean {
    return level >= CLEAR_NEAR * limit && held >= CLEAR * level;
  }

  /** The limit in a clear round, after so many of its ends. */
  grown({ limit, ends }: Round): number {
    return Math.min(this.#growth * limit, limit + (this.#growth - 1) * ends);
  }

  /** Whether it is over, in the middle of a round that is not clear. */
  isOver({ limit, ends }: Round): boolean {
    const every = Math.max(1, Math.floor(ASKED_SHARE * this.#proof.top));
    return ends % every === 0 && this.#proof.isSaturatedEarly(limit);
  }

  /** @returns the least limit of the next round; `null` where the start-up is over */
  next(limit: number, proved: number, isSaturated: boolean, mayGrow: boolean): number | null {
    if (isSaturated && proved < END_BELOW * this.#proof.top) return null;
    return mayGrow ? GROWTH_MIN * limit : limit;
  }
}
