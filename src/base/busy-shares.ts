// How busy something was over time, in memory of fixed size: what is told is spread over columns of equal length. When
// there are too many of them, neighbours become one and columns are twice as long: a run of ten days costs no more than
// one of ten seconds.

export interface Shares {
  readonly everyMs: number;
  /** From 0 to 1 in thousandths, of the time from 0 on; null where nothing was told. */
  readonly busy: readonly (number | null)[];
}

const COLUMNS_MAX = 512;
/** Times are sums of fractions; a remainder of theirs is no time. */
const LEAST_MS = 1e-6;

export class BusyShares {
  readonly #busyMs: Float64Array;
  /** How much of each column something is known of. */
  readonly #knownMs: Float64Array;
  #everyMs: number;
  #used = 0;

  /** @param everyMs of a column, until there are more than `columnsMax`, an even number */
  constructor(everyMs: number, columnsMax = COLUMNS_MAX) {
    this.#everyMs = everyMs;
    this.#busyMs = new Float64Array(columnsMax);
    this.#knownMs = new Float64Array(columnsMax);
  }

  get everyMs(): number {
    return this.#everyMs;
  }

  /** It was busy for so much of this span; when in it is not known. What lies before 0 is left out. */
  add(fromMs: number, toMs: number, busyMs: number): void {
    if (!(toMs > fromMs)) return;
    const share = Math.min(1, Math.max(0, busyMs / (toMs - fromMs)));
    while (toMs > this.#everyMs * this.#busyMs.length) this.#fold();
    let atMs = Math.max(0, fromMs);
    for (let column = Math.floor(atMs / this.#everyMs); atMs < toMs; column++) {
      const untilMs = Math.min(toMs, (column + 1) * this.#everyMs);
      this.#busyMs[column] = (this.#busyMs[column] as number) + share * (untilMs - atMs);
      this.#knownMs[column] = (this.#knownMs[column] as number) + untilMs - atMs;
      if (column >= this.#used) this.#used = column + 1;
      atMs = untilMs;
    }
  }

  /** Of each column the share of what is known of it. */
  shares(): Shares {
    const busy = Array.from(this.#knownMs.subarray(0, this.#used), (knownMs, column) =>
      knownMs < LEAST_MS ? null : Math.round(((this.#busyMs[column] as number) / knownMs) * 1000) / 1000,
    );
    while (busy.at(-1) === null) busy.pop();
    return { everyMs: this.#everyMs, busy };
  }

  #fold(): void {
    this.#everyMs *= 2;
    this.#used = Math.ceil(this.#used / 2);
    for (const sums of [this.#busyMs, this.#knownMs]) {
      const half = sums.length / 2;
      for (let column = 0; column < half; column++)
        sums[column] = (sums[2 * column] as number) + (sums[2 * column + 1] as number);
      sums.fill(0, half);
    }
  }
}
