// The picture of a run too large to be kept: a grid that folds itself as the run outgrows it, in time and in lanes.
// Its size never changes: 128 rows of lanes × 1024 columns of time, which is finer than any terminal.
import { ENDED, Grid, markChannel } from './grid.ts';
import { markOf } from './palette.ts';
import { type DrawnTry, PERMIT, type Slices } from './slices.ts';

const ROWS = 128;
const COLUMNS = 1024;

export class Bins {
  /** Lanes of a row, and columns of time from 0. */
  readonly grid: Grid;
  #lanesPerRow = 1;
  #rowsUsed = 0;

  /** @param endMs how long the run has been so far; a good first guess saves folding */
  constructor(endMs: number) {
    this.grid = new Grid({ rows: ROWS, columns: COLUMNS, columnMs: Math.max(0.001, (2 * endMs) / COLUMNS) });
  }

  /** How many neighbouring lanes share a row. */
  get lanesPerRow(): number {
    return this.#lanesPerRow;
  }

  /** @param slices those of this attempt; a wait for a permit is on no lane, and not drawn */
  add(one: DrawnTry, slices: Slices, wasLast: boolean): void {
    const grid = this.grid;
    while (one.endedMs >= grid.columnMs * COLUMNS) grid.halveColumns(this.#rowsUsed);
    while (one.lane >= this.#lanesPerRow * ROWS) {
      grid.halveRows();
      this.#lanesPerRow *= 2;
    }
    const row = Math.floor(one.lane / this.#lanesPerRow);
    if (row >= this.#rowsUsed) this.#rowsUsed = row + 1;
    addTry(grid, row, { one, slices, wasLast, withPermit: false });
  }
}

/** Adds an attempt's slices and its end to a row. */
export function addTry(
  grid: Grid,
  row: number,
  drawn: {
    readonly one: DrawnTry;
    readonly slices: Slices;
    readonly wasLast: boolean;
    readonly withPermit: boolean;
  },
): void {
  const { one, slices, wasLast, withPermit } = drawn;
  for (let i = 0; i < slices.count; i++) {
    const kind = slices.kinds[i] as number;
    if (kind === PERMIT && !withPermit) continue;
    grid.addSpan(row, kind, slices.fromsMs[i] as number, slices.tosMs[i] as number);
  }
  // An attempt that ends on the border of two columns belongs to the one it filled.
  const column = grid.columnOf(Math.max(one.startedMs, one.endedMs - grid.columnMs * 1e-6));
  grid.addCount(row, column, ENDED, 1);
  const mark = markOf(one, wasLast);
  if (mark !== null) grid.addCount(row, column, markChannel(mark), 1);
}
