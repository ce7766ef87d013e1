// Instants that never go back, from a clock that may: a system clock that is set, or two threads that disagree.

/** Three thousand years: what a clock shows beyond is no instant, and would leave no room for ms beside it. */
const CLOCK_MS_MAX = 1e14;

export class Instants {
  #lastMs = Number.NEGATIVE_INFINITY;
  #aheadMs = 0;

  /** The instant for what the clock shows: the last one where the clock went back, and on from there. */
  from(clockMs: number): number {
    if (!(Math.abs(clockMs) <= CLOCK_MS_MAX))
      return this.#lastMs === Number.NEGATIVE_INFINITY ? 0 : this.#lastMs;
    const instantMs = clockMs + this.#aheadMs;
    if (instantMs >= this.#lastMs) {
      this.#lastMs = instantMs;
      return instantMs;
    }
    this.#aheadMs = this.#lastMs - clockMs;
    return this.#lastMs;
  }

  /** What the clock shows at an instant. */
  toClock(instantMs: number): number {
    return instantMs - this.#aheadMs;
  }
}
