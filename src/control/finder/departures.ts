// The instants at which requests left the server, in order, as far back as they are kept.

const KEPT_MAX = 8192;
/** A run may have thousands of hosts, most of which are asked a few times. */
const KEPT_AT_FIRST = 64;

/** A ring of instants: adding costs a store, counting a binary search. The instants must not go back. */
export class Departures {
  #atMs = new Float64Array(KEPT_AT_FIRST);
  #count = 0;

  /** How many there were in all; the next one has this number. */
  get count(): number {
    return this.#count;
  }

  add(nowMs: number): void {
    const kept = this.#atMs.length;
    // Before it goes round for the first time, each stands at its own number: so it does in a larger ring.
    if (this.#count === kept && kept < KEPT_MAX) {
      const grown = new Float64Array(2 * kept);
      grown.set(this.#atMs);
      this.#atMs = grown;
    }
    this.#atMs[this.#count++ % this.#atMs.length] = nowMs;
  }

  /** When the one with this number left; of those that are no longer kept, the oldest that is. */
  at(number: number): number {
    return this.#atMs[Math.max(number, this.#count - this.#atMs.length) % this.#atMs.length] as number;
  }

  /** @returns how many, of those numbered `first` and higher, happened at `untilMs` or before */
  countFrom(first: number, untilMs: number): number {
    const kept = this.#atMs.length;
    const start = Math.max(first, this.#count - kept);
    let low = start;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#atMs[middle % kept] as number) <= untilMs) low = middle + 1;
      else high = middle;
    }
    // Those that are no longer kept are older than any that are.
    return low - start + Math.max(0, start - first);
  }
}
