// How long the server works on one request when nothing waits: the mean of the last ones. Of what one took with more in
// flight than the server holds, it waited for a part, and that is not counted. While it is not known how many it holds,
// as in the start-up, which queues most, times are counted as they are; what is found later holds for those as well.

/** Requests that the mean is of. */
const MEAN_REQUESTS = 200;

interface Took {
  readonly tookMs: number;
  /** As the how-manyth in flight it was sent. */
  readonly level: number;
}

export class ServiceTime {
  readonly #last: Took[] = [];
  #next = 0;
  #sumMs = 0;
  #capacity: number | null = null;

  /** Null before anything is known. */
  get ms(): number | null {
    return this.#last.length === 0 ? null : this.#sumMs / this.#last.length;
  }

  /** @param capacity null while it is not known */
  note(tookMs: number, level: number, capacity: number | null): void {
    if (capacity !== this.#capacity) {
      this.#capacity = capacity;
      this.#sumMs = this.#last.reduce((sum, one) => sum + this.#servedMs(one), 0);
    }
    const one = { tookMs, level };
    const oldest = this.#last[this.#next];
    if (oldest) this.#sumMs -= this.#servedMs(oldest);
    this.#sumMs += this.#servedMs(one);
    this.#last[this.#next] = one;
    this.#next = (this.#next + 1) % MEAN_REQUESTS;
  }

  #servedMs({ tookMs, level }: Took): number {
    return tookMs * Math.min(1, (this.#capacity ?? level) / Math.max(1, level));
  }
}
