// Time sums in rows and columns: how long each phase lasted in each cell, how many attempts ended there and how.
// A cell keeps exact sums, so that cells can be merged without loss: shares are never averaged, failures never vanish.
import { MARKS, type Mark } from './palette.ts';
import { KIND_COUNT } from './slices.ts';

/** Where the number of attempts that ended in the cell stands, behind the phases. */
export const ENDED = KIND_COUNT;
/** Where the counts of the marks stand, in the order of `MARKS`. */
export const FIRST_MARK = ENDED + 1;
export const CHANNELS = FIRST_MARK + MARKS.length;

export function markChannel(mark: Mark): number {
  return FIRST_MARK + MARKS.indexOf(mark);
}

export class Grid {
  readonly columns: number;
  readonly rows: number;
  /** Cell after cell, row after row; `CHANNELS` numbers each: ms by phase, then counts. */
  readonly sums: Float32Array;
  /** Where its first column begins. What was before it is left out. */
  readonly fromMs: number;
  #columnMs: number;

  constructor(size: {
    readonly rows: number;
    readonly columns: number;
    readonly columnMs: number;
    /** @default 0 */
    readonly fromMs?: number;
  }) {
    this.rows = size.rows;
    this.columns = size.columns;
    this.fromMs = size.fromMs ?? 0;
    this.#columnMs = size.columnMs;
    this.sums = new Float32Array(size.rows * size.columns * CHANNELS);
  }

  /** How much time a column stands for. */
  get columnMs(): number {
    return this.#columnMs;
  }

  at(row: number, column: number, channel: number): number {
    return this.sums[(row * this.columns + column) * CHANNELS + channel] as number;
  }

  /** The column that holds this instant; the first or last one for an instant outside. */
  columnOf(atMs: number): number {
    const column = Math.floor((atMs - this.fromMs) / this.#columnMs);
    return column < 0 ? 0 : column >= this.columns ? this.columns - 1 : column;
  }

  /** Adds a span to all columns it touches, to each its part. */
  addSpan(row: number, channel: number, spanFromMs: number, spanToMs: number): void {
    const fromMs = this.fromMs > 0 ? Math.max(0, spanFromMs - this.fromMs) : spanFromMs;
    const toMs = spanToMs - this.fromMs;
    if (toMs <= fromMs) return;
    const first = this.columnOf(fromMs + this.fromMs);
    const last = this.columnOf(spanToMs);
    const base = row * this.columns;
    if (first === last) {
      this.#add((base + first) * CHANNELS + channel, toMs - fromMs);
      return;
    }
    const width = this.#columnMs;
    this.#add((base + first) * CHANNELS + channel, (first + 1) * width - fromMs);
    for (let column = first + 1; column < last; column++)
      this.#add((base + column) * CHANNELS + channel, width);
    this.#add((base + last) * CHANNELS + channel, toMs - last * width);
  }

  addCount(row: number, column: number, channel: number, count: number): void {
    this.#add((row * this.columns + column) * CHANNELS + channel, count);
  }

  /** Makes each column stand for twice the time. @param rowsUsed rows from this one on are known to be empty */
  halveColumns(rowsUsed: number): void {
    const half = this.columns / 2;
    for (let row = 0; row < rowsUsed; row++) {
      for (let column = 0; column < this.columns; column++) {
        const to = (row * this.columns + column) * CHANNELS;
        const from = (row * this.columns + column * 2) * CHANNELS;
        this.#merge(to, from, from + CHANNELS, column < half);
      }
    }
    this.#columnMs *= 2;
  }

  /** Merges each two neighbouring rows into one, and leaves the second half empty. */
  halveRows(): void {
    const stride = this.columns * CHANNELS;
    for (let row = 0; row < this.rows; row++) {
      for (let column = 0; column < this.columns; column++) {
        const at = column * CHANNELS;
        this.#merge(
          row * stride + at,
          row * 2 * stride + at,
          (row * 2 + 1) * stride + at,
          row < this.rows / 2,
        );
      }
    }
  }

  #merge(to: number, a: number, b: number, keep: boolean): void {
    const sums = this.sums;
    for (let channel = 0; channel < CHANNELS; channel++)
      sums[to + channel] = keep ? (sums[a + channel] as number) + (sums[b + channel] as number) : 0;
  }

  #add(place: number, amount: number): void {
    if (amount > 0) this.sums[place] = (this.sums[place] as number) + amount;
  }
}
