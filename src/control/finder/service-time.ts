// How long the server works on one request when nothing waits: the mean of the last ones. Of what one took with more in
// flight than the server holds, it waited for a part, and that is not counted. While it is not known how many it holds,
// as in the start-up, which queues most, times are kept as they are.

/** Requests that the mean is of. */
const MEAN_REQUESTS = 200;

interface Took {
  readonly tookMs: number;
  /** As the how-manyth in flight it was sent. */
  readonly level: number;
}

export class ServiceTime {
  #ms: number | null = null;
  #count = 0;
  /** Those from before the capacity was known. */
  #unsorted: Took[] = [];

  /** Null before anything is known. */
  get ms(): number | null {
    if (this.#ms !== null || this.#unsorted.length === 0) return this.#ms;
    return this.#unsorted.reduce((sum, { tookMs }) => sum + tookMs, 0) / this.#unsorted.length;
  }

  /** @param capacity null while it is not known */
  note(tookMs: number, level: number, capacity: number | null): void {
    if (capacity === null) {
      if (this.#unsorted.length >= MEAN_REQUESTS) this.#unsorted.shift();
      this.#unsorted.push({ tookMs, level });
      return;
    }
    for (const one of this.#unsorted) this.#add(one, capacity);
    this.#unsorted = [];
    this.#add({ tookMs, level }, capacity);
  }

  #add({ tookMs, level }: Took, capacity: number): void {
    const servedMs = tookMs * Math.min(1, capacity / Math.max(1, level));
    const beforeMs = this.#ms ?? servedMs;
    this.#count = Math.min(MEAN_REQUESTS, this.#count + 1);
    this.#ms = beforeMs + (servedMs - beforeMs) / this.#count;
  }
}
