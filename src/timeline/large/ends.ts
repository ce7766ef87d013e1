// What ended when, and how long it had taken: counts of ends and of failures, and percentiles by columns of time.

import { OUTCOMES } from '../../model/outcome.ts';
import type { Dataset } from '../codec/dataset.ts';
import { LAST, onWireUs } from '../codec/dataset.ts';
import { markOf } from '../palette.ts';
import type { Span } from './pieces.ts';

/** An attempt that did not end well: no response, or one that is an error. A cancelled one is no failure. */
export function isFailed({ columns }: Dataset, row: number): boolean {
  const outcome = OUTCOMES[columns.outcome[row] as number] ?? 'unknown';
  return outcome !== 'ok' && outcome !== 'cancelled';
}

export function markOfRow({ columns }: Dataset, row: number): ReturnType<typeof markOf> {
  const outcome = OUTCOMES[columns.outcome[row] as number] ?? 'unknown';
  return markOf(
    { outcome, status: (columns.status[row] as number) || null },
    ((columns.flags[row] as number) & LAST) !== 0,
  );
}

/** Rows of attempts that failed, in the order of their ends. */
export function failedRows(data: Dataset): Uint32Array {
  const rows: number[] = [];
  for (let row = 0; row < data.rows; row++)
    if (data.columns.outcome[row] !== 0 && isFailed(data, row)) rows.push(row);
  return Uint32Array.from(
    rows.sort((a, b) => (data.endUs[a] as number) - (data.endUs[b] as number) || a - b),
  );
}

/** Steps of 9 % from 1 µs up to ten years. */
const PER_OCTAVE = 8;
const OCTAVES = 49;
const BINS = PER_OCTAVE * OCTAVES;

function binOf(us: number): number {
  return us < 1 ? 0 : Math.min(BINS - 1, Math.floor(Math.log2(us) * PER_OCTAVE));
}

/** Counts are what the column would hold were all columns equally wide. */
export interface EndColumns {
  readonly ended: Float64Array;
  readonly failed: Float64Array;
  /** Of the time on the wire, in µs; 0 where nothing ended. The largest is exact, the others are within 9 %. */
  readonly p50Us: Float64Array;
  readonly p95Us: Float64Array;
  readonly maxUs: Float64Array;
}

/** Bins of the longest and shortest time on the wire, and all between: others would only take room. */
interface BinRange {
  readonly first: number;
  readonly count: number;
}

/** Ends over columns of one window. */
export class Ends {
  readonly columns: number;
  readonly window: Span;
  readonly #range: BinRange;
  readonly #bins: Uint32Array;
  readonly #ended: Uint32Array;
  readonly #failed: Uint32Array;
  readonly #maxUs: Float64Array;

  private constructor(window: Span, columns: number, range: BinRange) {
    this.columns = columns;
    this.window = window;
    this.#range = range;
    this.#bins = new Uint32Array(columns * range.count);
    this.#ended = new Uint32Array(columns);
    this.#failed = new Uint32Array(columns);
    this.#maxUs = new Float64Array(columns);
  }

  /** @param rows null for all of them @param mask rows with 0 are left out */
  static of(
    data: Dataset,
    window: Span,
    columns: number,
    { rows, mask }: { readonly rows: Uint32Array | null; readonly mask: Uint8Array | null },
  ): Ends {
    const ends = new Ends(window, columns, binRangeOf(data, rows));
    const count = rows === null ? data.rows : rows.length;
    for (let i = 0; i < count; i++) {
      const row = rows === null ? i : (rows[i] as number);
      if (mask === null || mask[row] !== 0) ends.#add(data, row);
    }
    return ends;
  }

  #add(data: Dataset, row: number): void {
    const { fromUs, toUs } = this.window;
    const endUs = data.endUs[row] as number;
    if (endUs < fromUs || endUs > toUs) return;
    const at = Math.floor(((endUs - fromUs) * this.columns) / (toUs - fromUs));
    const column = Math.min(this.columns - 1, at);
    const us = onWireUs(data, row);
    const bin = column * this.#range.count + binOf(us) - this.#range.first;
    this.#bins[bin] = (this.#bins[bin] as number) + 1;
    this.#ended[column] = (this.#ended[column] as number) + 1;
    if (us > (this.#maxUs[column] as number)) this.#maxUs[column] = us;
    if (data.columns.outcome[row] !== 0 && isFailed(data, row))
      this.#failed[column] = (this.#failed[column] as number) + 1;
  }

  /** The same in fewer columns: so many of these to each of them. */
  coarser(times: number): Ends {
    const bins = this.#range.count;
    const coarse = new Ends(this.window, Math.ceil(this.columns / times), this.#range);
    for (let column = 0; column < this.columns; column++) {
      if (this.#ended[column] === 0) continue;
      const to = Math.floor(column / times);
      coarse.#ended[to] = (coarse.#ended[to] as number) + (this.#ended[column] as number);
      coarse.#failed[to] = (coarse.#failed[to] as number) + (this.#failed[column] as number);
      coarse.#maxUs[to] = Math.max(coarse.#maxUs[to] as number, this.#maxUs[column] as number);
      for (let bin = 0; bin < bins; bin++) {
        const place = to * bins + bin;
        coarse.#bins[place] = (coarse.#bins[place] as number) + (this.#bins[column * bins + bin] as number);
      }
    }
    return coarse;
  }

  /** Whether columns so narrow would be finer than these. */
  isTooCoarseFor({ fromUs, toUs }: Span, columns: number): boolean {
    return (toUs - fromUs) / columns < ((this.window.toUs - this.window.fromUs) / this.columns) * 2;
  }

  /** Gathered into fewer columns, over a part of the window. */
  over({ fromUs, toUs }: Span, columns: number): EndColumns {
    const all = {
      ...{ ended: new Float64Array(columns), failed: new Float64Array(columns) },
      ...{ p50Us: new Float64Array(columns), p95Us: new Float64Array(columns) },
      maxUs: new Float64Array(columns),
    };
    const { first, count } = this.#range;
    const bins = new Uint32Array(count);
    const perUs = this.columns / (this.window.toUs - this.window.fromUs);
    const at = (column: number): number => {
      const us = fromUs + ((toUs - fromUs) * column) / columns - this.window.fromUs;
      return Math.min(this.columns, Math.max(0, Math.round(us * perUs)));
    };
    for (let column = 0, from = at(0); column < columns; column++) {
      const to = at(column + 1);
      bins.fill(0);
      for (let i = from; i < to; i++) {
        if (this.#ended[i] === 0) continue;
        all.ended[column] = (all.ended[column] as number) + (this.#ended[i] as number);
        all.failed[column] = (all.failed[column] as number) + (this.#failed[i] as number);
        all.maxUs[column] = Math.max(all.maxUs[column] as number, this.#maxUs[i] as number);
        for (let bin = 0; bin < count; bin++)
          bins[bin] = (bins[bin] as number) + (this.#bins[i * count + bin] as number);
      }
      const ended = all.ended[column] as number;
      if (ended > 0) {
        all.p50Us[column] = Math.min(all.maxUs[column] as number, rankIn(bins, first, ended * 0.5));
        all.p95Us[column] = Math.min(all.maxUs[column] as number, rankIn(bins, first, ended * 0.95));
      }
      // Columns hold one more or less of these than their neighbours: what is shown is a rate.
      const evenly = to > from ? ((toUs - fromUs) * perUs) / columns / (to - from) : 1;
      all.ended[column] = ended * evenly;
      all.failed[column] = (all.failed[column] as number) * evenly;
      from = to;
    }
    return all;
  }
}

function binRangeOf(data: Dataset, rows: Uint32Array | null): BinRange {
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  const count = rows === null ? data.rows : rows.length;
  for (let i = 0; i < count; i++) {
    const us = onWireUs(data, rows === null ? i : (rows[i] as number));
    if (us < least) least = us;
    if (us > most) most = us;
  }
  const first = binOf(Math.min(least, most));
  return { first, count: binOf(most) - first + 1 };
}

/** @param first number of the first bin */
function rankIn(bins: Uint32Array, first: number, rank: number): number {
  let seen = 0;
  for (let bin = 0; bin < bins.length; bin++) {
    seen += bins[bin] as number;
    if (seen >= rank && seen > 0) {
      const share = 1 - (seen - rank) / (bins[bin] as number);
      return 2 ** ((first + bin + share) / PER_OCTAVE);
    }
  }
  return 0;
}

/** So many columns that zooming in eleven times needs no look at the rows. */
export function endTable(data: Dataset, extent: Span, mask: Uint8Array | null): Ends {
  const columns = data.rows > 50_000 ? 4096 : 2048;
  return Ends.of(data, extent, columns, { rows: null, mask });
}
