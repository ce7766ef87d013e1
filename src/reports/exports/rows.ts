// Intervals in rows such that no two of a row overlap: trace viewers take what overlaps on one track for nested. A lane
// and a worker that serves one at a time need one row. Intervals may come in any order; they are kept for that.
// Times are whole microseconds.

/** More than anything needs whose intervals are told rightly. */
const ROWS_MAX = 32;
/** So much may two overlap because instants and spans are rounded each for itself; it is cut off. */
const ROUNDING_US = 3;

export interface Place {
  /** From 0; the first one it fits into. */
  readonly row: number;
  readonly fromUs: number;
  readonly toUs: number;
  /** The next one in its row begins in the instant in which it ends, and was placed before it. */
  readonly touchesNext: boolean;
}

export class Rows {
  readonly #rows: Row[] = [];

  /** Null when it fits into none. */
  place(fromUs: number, toUs: number): Place | null {
    // Without length it covers nothing, wherever it stands.
    if (fromUs === toUs) return { row: 0, fromUs, toUs, touchesNext: false };
    for (let row = 0; row < ROWS_MAX; row++) {
      if (row === this.#rows.length) this.#rows.push(new Row());
      const put = (this.#rows[row] as Row).put(fromUs, toUs);
      if (put !== null) return { row, ...put };
    }
    return null;
  }
}

class Row {
  /** In order and apart from each other: intervals that touch are kept as one. */
  readonly #froms: number[] = [];
  readonly #tos: number[] = [];

  /** Null when it overlaps. */
  put(fromUs: number, toUs: number): Omit<Place, 'row'> | null {
    const froms = this.#froms;
    const tos = this.#tos;
    // The first one that ends after it has begun, but for what rounding makes of that.
    const next = this.#firstAfter(Math.min(fromUs + ROUNDING_US, toUs - 1));
    const from = Math.max(fromUs, tos[next - 1] ?? 0);
    const nextFrom = froms[next] ?? Number.POSITIVE_INFINITY;
    const to = toUs - nextFrom <= ROUNDING_US ? Math.min(toUs, nextFrom) : toUs;
    if (nextFrom < to || to <= from) return null;
    const joinsLast = tos[next - 1] === from;
    const joinsNext = nextFrom === to;
    if (joinsLast && joinsNext) {
      tos[next - 1] = tos[next] as number;
      froms.splice(next, 1);
      tos.splice(next, 1);
    } else if (joinsLast) tos[next - 1] = to;
    else if (joinsNext) froms[next] = from;
    else if (next === froms.length) {
      froms.push(from);
      tos.push(to);
    } else {
      froms.splice(next, 0, from);
      tos.splice(next, 0, to);
    }
    return { fromUs: from, toUs: to, touchesNext: joinsNext };
  }

  /** The place of the first interval that ends after this instant; nearly always there is none. */
  #firstAfter(at: number): number {
    const tos = this.#tos;
    let high = tos.length;
    if (high === 0 || (tos[high - 1] as number) <= at) return high;
    let low = 0;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((tos[middle] as number) > at) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
