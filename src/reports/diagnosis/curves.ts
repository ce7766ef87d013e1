// How many were in each state, over time, in a fixed number of columns: a span costs the same however long it is, and
// the columns double their width when the run outgrows them. A column knows two numbers: how many begin in it less how
// many end there, and what those beginnings and ends come to inside the column itself.

const COLUMNS = 512;
const FIRST_COLUMN_MS = 0.01;

export class Curves {
  readonly #net: readonly Float64Array[];
  readonly #inside: readonly Float64Array[];
  #columnMs = FIRST_COLUMN_MS;

  /** @param channels how many states are told apart, by their numbers from 0 */
  constructor(channels: number) {
    this.#net = Array.from({ length: channels }, () => new Float64Array(COLUMNS));
    this.#inside = Array.from({ length: channels }, () => new Float64Array(COLUMNS));
  }

  get columnMs(): number {
    return this.#columnMs;
  }

  /** One more is in this state for this span. What lies before 0 is left out. */
  add(channel: number, fromMs: number, toMs: number): void {
    const beginMs = fromMs > 0 ? fromMs : 0;
    if (!(toMs > beginMs) || toMs === Number.POSITIVE_INFINITY) return;
    while (toMs >= this.#columnMs * COLUMNS) this.#fold();
    const width = this.#columnMs;
    const net = this.#net[channel] as Float64Array;
    const inside = this.#inside[channel] as Float64Array;
    const first = Math.floor(beginMs / width);
    const last = Math.floor(toMs / width);
    net[first] = (net[first] as number) + 1;
    inside[first] = (inside[first] as number) + (first + 1) * width - beginMs;
    net[last] = (net[last] as number) - 1;
    inside[last] = (inside[last] as number) - ((last + 1) * width - toMs);
  }

  /** The mean number in this state in each column from 0 to `endMs`; the last column may reach beyond it. */
  levels(channel: number, endMs: number): number[] {
    const width = this.#columnMs;
    const columns = Math.min(COLUMNS, Math.ceil(endMs / width));
    const net = this.#net[channel] as Float64Array;
    const inside = this.#inside[channel] as Float64Array;
    let before = 0;
    return Array.from({ length: columns }, (_, column) => {
      const level = before + (inside[column] as number) / width;
      before += net[column] as number;
      return level;
    });
  }

  #fold(): void {
    for (let channel = 0; channel < this.#net.length; channel++) {
      const net = this.#net[channel] as Float64Array;
      const inside = this.#inside[channel] as Float64Array;
      for (let column = 0; column < COLUMNS; column++) {
        const a = column * 2;
        // What begins in the left half lasts through the right one, less what ends there.
        const isInUse = a < COLUMNS;
        const leftNet = isInUse ? (net[a] as number) : 0;
        const rightNet = isInUse ? (net[a + 1] as number) : 0;
        const insides = isInUse ? (inside[a] as number) + (inside[a + 1] as number) : 0;
        net[column] = leftNet + rightNet;
        inside[column] = insides + leftNet * this.#columnMs;
      }
    }
    this.#columnMs *= 2;
  }
}
