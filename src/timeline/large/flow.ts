// How many had ended by when. With the levels of the phases on top of it, this is the cumulative flow: the height
// between two of its lines is how many are in between, the width is how long that takes (Little's law, to look at).
import type { Dataset } from '../codec/dataset.ts';
import { ColumnSums, isFinerThan } from './column-sums.ts';
import { NONE, Ramps, tableColumns } from './levels.ts';
import { firstEndingAfter, laneRange, type Span } from './pieces.ts';

/** Exact, at any instant: a search on each lane, and a look at what was never sent. */
export function endedBy(data: Dataset, us: number): number {
  let ended = 0;
  for (let lane = 0; lane < data.lanes.length; lane++) {
    const range = laneRange(data, lane);
    ended += firstEndingAfter(data, range, us) - range.first;
  }
  for (let i = 0; i < data.unsent.endUs.length; i++) if ((data.unsent.endUs[i] as number) <= us) ended++;
  return ended;
}

/** How many had ended, as a mean over each column: on top of it, means of levels add up to lines that never fall. */
export function endedOver(
  data: Dataset,
  shown: Span,
  columns: number,
  rows: Uint32Array | null,
): Float64Array {
  const ramps = new Ramps(shown, columns, 1);
  const { endUs, unsent } = data;
  // What is not among the rows had ended before the window, or ends behind it.
  const before = rows === null ? 0 : endedBy(data, shown.fromUs);
  const add = (us: number): void => {
    if (us < shown.toUs && (rows === null || us > shown.fromUs)) ramps.change(NONE, 0, us);
  };
  const count = rows === null ? data.rows : rows.length;
  for (let i = 0; i < count; i++) add(endUs[rows === null ? i : (rows[i] as number)] as number);
  for (let i = 0; i < unsent.endUs.length; i++) add(unsent.endUs[i] as number);
  return ramps.levels(0).map(level => before + level);
}

/** The same from fine columns that are summed up once, so that any coarser column costs two look-ups. */
export class EndedTable {
  readonly #sums: ColumnSums;
  readonly #table: { readonly extent: Span; readonly columns: number };

  constructor(data: Dataset, extent: Span) {
    this.#table = { extent, columns: tableColumns(data.rows) };
    this.#sums = new ColumnSums(extent, endedOver(data, extent, this.#table.columns, null));
  }

  isTooCoarseFor(shown: Span, columns: number): boolean {
    return isFinerThan(shown, columns, this.#table);
  }

  over(shown: Span, columns: number): Float64Array {
    const ended = this.#sums.over(shown, columns);
    // Behind the run's end nothing more ends, and nothing that ended comes back.
    for (let i = 1; i < columns; i++) ended[i] = Math.max(ended[i] as number, ended[i - 1] as number);
    return ended;
  }
}
