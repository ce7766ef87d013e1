// The instants at which requests left the server, in order, as far back as they are kept.

const KEPT = 8192;

/** A ring of instants: adding costs a store, counting a binary search. The instants must not go back. */
export class Departures {
  readonly #atMs = new Float64Array(KEPT);
  #count = 0;

  /** How many there were in all; the next one has this number. */
  get count(): number {
    return this.#count;
  }

  add(nowMs: number): void {
    this.#atMs[this.#count++ % KEPT] = nowMs;
  }

  /** @returns how many, of those numbered `first` and higher, happened at `untilMs` or before */
  countFrom(first: number, untilMs: number): number {
    const start = Math.max(first, this.#count - KEPT);
    let low = start;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#atMs[middle % KEPT] as number) <= untilMs) low = middle + 1;
      else high = middle;
    }
    // Those that are no longer kept are older than any that are.
    return low - start + Math.max(0, start - first);
  }
}
