// How many intervals lie over one another, as the steps of a curve over a whole run. Many steps are folded to columns
// of equal length; of each the curve tells the most, so that what went over a limit stays over it.

const STEPS_MAX = 8192;

export interface Step {
  readonly at: number;
  readonly value: number;
}

export class Steps {
  #froms = new Float64Array(64);
  #tos = new Float64Array(64);
  #count = 0;

  /** An interval without length lies over nothing. */
  add(from: number, to: number): void {
    if (!(to > from)) return;
    if (this.#count === this.#froms.length) {
      this.#froms = doubled(this.#froms);
      this.#tos = doubled(this.#tos);
    }
    this.#froms[this.#count] = from;
    this.#tos[this.#count++] = to;
  }

  /** From the first interval to the end of the last, in order, each of another value; none without intervals. */
  steps(): Iterable<Step> {
    const froms = this.#froms.subarray(0, this.#count).toSorted();
    const tos = this.#tos.subarray(0, this.#count).toSorted();
    if (2 * this.#count <= STEPS_MAX) return changes(froms, tos);
    const first = froms[0] as number;
    const column = Math.max(1, Math.ceil(((tos.at(-1) as number) - first) / STEPS_MAX));
    return folded(changes(froms, tos), first, column);
  }
}

/** Both lists in order. What ends and begins in one instant changes the value once. */
function* changes(froms: Float64Array, tos: Float64Array): Generator<Step> {
  let from = 0;
  let told = 0;
  for (let to = 0; to < tos.length; ) {
    const at = Math.min(froms[from] ?? Number.POSITIVE_INFINITY, tos[to] as number);
    while (froms[from] === at) from++;
    while (tos[to] === at) to++;
    if (from - to !== told) yield { at, value: from - to };
    told = from - to;
  }
}

function* folded(steps: Iterable<Step>, first: number, column: number): Generator<Step> {
  let columnAt = first;
  let most = 0;
  let last = 0;
  let told = 0;
  for (const { at, value } of steps) {
    if (at >= columnAt + column) {
      const nextAt = columnAt + column;
      if (most !== told) yield { at: columnAt, value: most };
      told = most;
      columnAt = at - ((at - first) % column);
      if (columnAt > nextAt && last !== told) {
        yield { at: nextAt, value: last };
        told = last;
      }
      most = last;
    }
    most = Math.max(most, value);
    last = value;
  }
  if (most !== told) yield { at: columnAt, value: most };
  if (last !== most) yield { at: columnAt + column, value: last };
}

function doubled(old: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(2 * old.length);
  grown.set(old);
  return grown;
}
