// Means over fine columns of a whole run, summed up, so that any coarser column costs two look-ups.
import type { Span } from './pieces.ts';

export class ColumnSums {
  readonly #extent: Span;
  readonly #columns: number;
  readonly #sums: Float64Array;

  /** @param means one for each column of the extent */
  constructor(extent: Span, means: Float64Array) {
    this.#extent = extent;
    this.#columns = means.length;
    this.#sums = new Float64Array(means.length + 1);
    for (let i = 0; i < means.length; i++)
      this.#sums[i + 1] = (this.#sums[i] as number) + (means[i] as number);
  }

  /** Mean in each column of the window, 0 outside the extent; borders lie where the fine columns' lie. */
  over(window: Span, columns: number): Float64Array {
    const means = new Float64Array(columns);
    const sums = this.#sums;
    const perUs = this.#columns / (this.#extent.toUs - this.#extent.fromUs);
    const at = (column: number): number => {
      const us = window.fromUs + ((window.toUs - window.fromUs) * column) / columns;
      return Math.min(this.#columns, Math.max(0, Math.round((us - this.#extent.fromUs) * perUs)));
    };
    let from = at(0);
    for (let column = 0; column < columns; column++) {
      const to = at(column + 1);
      if (to > from) means[column] = ((sums[to] as number) - (sums[from] as number)) / (to - from);
      else if (from > 0 && from < this.#columns)
        means[column] = (sums[from + 1] as number) - (sums[from] as number);
      from = to;
    }
    return means;
  }
}

/** Whether columns so narrow would be finer than so many over the extent. */
export function isFinerThan(shown: Span, columns: number, table: { extent: Span; columns: number }): boolean {
  const tableUs = (table.extent.toUs - table.extent.fromUs) / table.columns;
  return (shown.toUs - shown.fromUs) / columns < tableUs * 4;
}
