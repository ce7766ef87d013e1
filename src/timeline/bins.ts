// The picture of a run too large to be kept: grids that fold themselves as the run outgrows them, in time and in lanes.
// Their size never changes: 128 rows × 1024 columns of time, which is finer than any terminal.
import { ENDED, Grid, markChannel } from './grid.ts';
import { markOf } from './palette.ts';
import { type DrawnRequest, type DrawnTry, PERMIT, SERVICE, type Slices } from './slices.ts';

const ROWS = 128;
const COLUMNS = 1024;

export class Bins {
  /** Lanes of a row, and columns of time from 0. */
  readonly grid: Grid;
  /** One row: who waits for a permit is on no lane. */
  readonly waiting: Grid;
  /** A row for each of the server's workers, by their place in `workers`. */
  readonly served: Grid;
  readonly #workers = new Map<string, number>();
  #lanesPerRow = 1;
  #rowsUsed = 0;

  /** @param endMs how long the run has been so far; a good first guess saves folding */
  constructor(endMs: number) {
    const columnMs = Math.max(0.001, (2 * endMs) / COLUMNS);
    this.grid = new Grid({ rows: ROWS, columns: COLUMNS, columnMs });
    this.waiting = new Grid({ rows: 1, columns: COLUMNS, columnMs });
    this.served = new Grid({ rows: ROWS, columns: COLUMNS, columnMs });
  }

  /** How many neighbouring lanes share a row. */
  get lanesPerRow(): number {
    return this.#lanesPerRow;
  }

  /** Names of the server's workers, in the order in which they were first heard of; null for too many of them. */
  get workers(): readonly string[] | null {
    return this.#workers.size > ROWS ? null : [...this.#workers.keys()];
  }

  /** @param slices those of this attempt; a wait for a permit is on no lane */
  add(one: DrawnTry, slices: Slices, wasLast: boolean): void {
    this.#makeRoom(one.endedMs);
    while (one.lane >= this.#lanesPerRow * ROWS) {
      this.grid.halveRows();
      this.#lanesPerRow *= 2;
    }
    const row = Math.floor(one.lane / this.#lanesPerRow);
    if (row >= this.#rowsUsed) this.#rowsUsed = row + 1;
    addTry(this.grid, row, { one, slices, wasLast, withPermit: false });
    const worker = one.server?.worker;
    const served = worker === undefined ? -1 : this.#rowOf(worker);
    for (let i = 0; i < slices.count; i++) {
      const [fromMs, toMs] = [slices.fromsMs[i] as number, slices.tosMs[i] as number];
      if (slices.kinds[i] === PERMIT) this.waiting.addSpan(0, PERMIT, fromMs, toMs);
      else if (slices.kinds[i] === SERVICE && served >= 0) this.served.addSpan(served, SERVICE, fromMs, toMs);
    }
  }

  /** A request without an attempt waited until it ended. */
  addUnsent({ createdMs, endedMs }: DrawnRequest): void {
    this.#makeRoom(endedMs);
    this.waiting.addSpan(0, PERMIT, createdMs, endedMs);
  }

  #makeRoom(endMs: number): void {
    while (endMs >= this.grid.columnMs * COLUMNS) {
      this.grid.halveColumns(this.#rowsUsed);
      this.waiting.halveColumns(1);
      this.served.halveColumns(Math.min(ROWS, this.#workers.size));
    }
  }

  /** -1 when there are more workers than rows. */
  #rowOf(worker: string): number {
    const known = this.#workers.get(worker);
    if (known !== undefined) return known < ROWS ? known : -1;
    const row = this.#workers.size;
    if (row <= ROWS) this.#workers.set(worker, row);
    return row < ROWS ? row : -1;
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
  if (one.endedMs < grid.fromMs) return;
  // An attempt that ends on the border of two columns belongs to the one it filled.
  const column = grid.columnOf(Math.max(one.startedMs, one.endedMs - grid.columnMs * 1e-6));
  grid.addCount(row, column, ENDED, 1);
  const mark = markOf(one, wasLast);
  if (mark !== null) grid.addCount(row, column, markChannel(mark), 1);
}
