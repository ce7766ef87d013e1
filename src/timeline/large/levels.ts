// How many requests are in which phase: means over columns of time, exact. A span adds a ramp where it begins and
// takes one away where it ends, so it costs the same whether it lies over one column or all of them.
//
//   level of column i = spans that lie over its begin + what began in it, by its part − what ended in it, by its part

import { KIND_COUNT, PERMIT } from '../slices.ts';
import { ColumnSums, isFinerThan } from './column-sums.ts';
import type { Pieces, Span } from './pieces.ts';

/** No channel. */
export const NONE = -1;

export class Ramps {
  readonly columns: number;
  readonly #fromUs: number;
  readonly #perUs: number;
  readonly #counts: Float64Array;
  readonly #parts: Float64Array;

  constructor({ fromUs, toUs }: Span, columns: number, channels: number = KIND_COUNT) {
    this.columns = columns;
    this.#fromUs = fromUs;
    this.#perUs = columns / (toUs - fromUs);
    this.#counts = new Float64Array((columns + 1) * channels);
    this.#parts = new Float64Array((columns + 1) * channels);
  }

  /** What lies outside the window counts for nothing. */
  add(channel: number, beginUs: number, endUs: number): void {
    if (!(endUs > beginUs)) return;
    this.change(NONE, channel, beginUs);
    this.change(channel, NONE, endUs);
  }

  /** One channel ends and another begins, in the same instant. */
  change(from: number, to: number, us: number): void {
    let x = (us - this.#fromUs) * this.#perUs;
    if (x < 0) x = 0;
    if (x > this.columns) x = this.columns;
    const column = Math.floor(x);
    const part = column + 1 - x;
    const counts = this.#counts;
    const parts = this.#parts;
    if (from !== NONE) {
      const place = from * (this.columns + 1) + column;
      counts[place] = (counts[place] as number) - 1;
      parts[place] = (parts[place] as number) - part;
    }
    if (to !== NONE) {
      const place = to * (this.columns + 1) + column;
      counts[place] = (counts[place] as number) + 1;
      parts[place] = (parts[place] as number) + part;
    }
  }

  /** Mean level in each column. */
  levels(channel: number): Float64Array {
    const base = channel * (this.columns + 1);
    const levels = new Float64Array(this.columns);
    let over = 0;
    for (let i = 0; i < this.columns; i++) {
      levels[i] = Math.max(0, over + (this.#parts[base + i] as number));
      over += this.#counts[base + i] as number;
    }
    return levels;
  }

  /** Levels summed up over the columns, times `unit`, rounded: the n-th sum is that of the columns before `to + n`. */
  sumInto(sums: Uint32Array, to: number, channel: number, unit: number): void {
    const base = channel * (this.columns + 1);
    let over = 0;
    let sum = 0;
    for (let i = 0; i < this.columns; i++) {
      const level = over + (this.#parts[base + i] as number);
      if (level > 0) sum += level;
      over += this.#counts[base + i] as number;
      sums[to + i + 1] = sum * unit + 0.5;
    }
  }

  clear(): void {
    this.#counts.fill(0);
    this.#parts.fill(0);
  }
}

/** Adds the slices of these rows; all rows when `rows` is null. @param mask rows with 0 are left out */
export function addRows(
  ramps: Ramps,
  pieces: Pieces,
  rows: Uint32Array | null,
  mask: Uint8Array | null,
): void {
  const { data, spans, permit } = pieces;
  const count = rows === null ? data.rows : rows.length;
  for (let i = 0; i < count; i++) {
    const row = rows === null ? i : (rows[i] as number);
    if (mask !== null && mask[row] === 0) continue;
    let at = data.beginUs[row] as number;
    if (permit !== null && (permit[row] as number) > 0) ramps.add(PERMIT, at - (permit[row] as number), at);
    let before = NONE;
    for (let span = 0; span < spans.length; span++) {
      const us = (spans[span] as Uint32Array)[row] as number;
      if (us === 0) continue;
      const kind = pieces.kindOf(row, span);
      if (kind !== before) ramps.change(before, kind, at);
      before = kind;
      at += us;
    }
    if (before !== NONE) ramps.change(before, NONE, at);
  }
}

/** Requests that were never sent waited with us until it was decided. */
export function addUnsent(ramps: Ramps, { data }: Pieces): void {
  const { createdUs, endUs } = data.unsent;
  for (let i = 0; i < createdUs.length; i++) ramps.add(PERMIT, createdUs[i] as number, endUs[i] as number);
}

/** So many columns are worth their memory: one for two attempts, at most 2^17. */
export function tableColumns(rows: number): number {
  let columns = 1024;
  while (columns < rows / 2 && columns < 2 ** 17) columns *= 2;
  return columns;
}

/** Levels of a whole run over fine columns. */
export class LevelTable {
  readonly columns: number;
  readonly #extent: Span;
  readonly #sums: (ColumnSums | null)[];

  constructor(pieces: Pieces, mask: Uint8Array | null) {
    this.columns = tableColumns(pieces.data.rows);
    this.#extent = pieces.extent;
    const ramps = new Ramps(pieces.extent, this.columns);
    addRows(ramps, pieces, null, mask);
    if (mask === null) addUnsent(ramps, pieces);
    this.#sums = Array.from({ length: KIND_COUNT }, (_, kind) =>
      pieces.present.includes(kind) ? new ColumnSums(pieces.extent, ramps.levels(kind)) : null,
    );
  }

  isTooCoarseFor(shown: Span, columns: number): boolean {
    return isFinerThan(shown, columns, { extent: this.#extent, columns: this.columns });
  }

  /** Mean level of a kind in each column of the window. */
  levels(kind: number, window: Span, columns: number): Float64Array {
    return this.#sums[kind]?.over(window, columns) ?? new Float64Array(columns);
  }
}
