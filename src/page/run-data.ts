// What is known of a run once its blocks are decoded: its rows, and the sums that its strips are drawn from.
import { type EndColumns, Ends, endTable, failedRows } from '../timeline/large/ends.ts';
import { Attempts } from '../timeline/large/facts.ts';
import { EndedTable, endedOver } from '../timeline/large/flow.ts';
import { addRows, addUnsent, LevelTable, Ramps } from '../timeline/large/levels.ts';
import { Pieces, rowsInWindow, type Span } from '../timeline/large/pieces.ts';
import { PREVIEW_COLUMNS } from '../timeline/large/preview.ts';
import { KIND_COUNT, PERMIT } from '../timeline/slices.ts';
import type { Curve } from './curve-strip.ts';
import type { DecodedRun } from './load.ts';

/** So many rows in the window are looked at one by one; more are taken from tables. */
const DIRECT_ROWS_MAX = 60_000;

export class RunData {
  readonly pieces: Pieces;
  readonly attempts: Attempts;
  readonly failed: Uint32Array;
  readonly problems: readonly string[];
  #levels: LevelTable | null = null;
  #matchingLevels: LevelTable | null = null;
  #ends: Ends[] = [];
  #ended: EndedTable | null = null;
  #mask: Uint8Array | null = null;

  constructor({ data, problems }: DecodedRun) {
    this.problems = problems;
    this.pieces = new Pieces(data);
    this.attempts = new Attempts(data);
    this.failed = failedRows(data);
  }

  /** Those that were never sent are requests too. */
  get requests(): number {
    const { data } = this.pieces;
    return data.rows + data.unsent.request.length;
  }

  filter(mask: Uint8Array | null): void {
    this.#mask = mask;
    this.#matchingLevels = null;
    this.#ends = [];
  }

  coarseLevels(): Float64Array[] {
    return levelsOf(this.#table(), this.pieces.extent, PREVIEW_COLUMNS);
  }

  #table(): LevelTable {
    this.#levels ??= new LevelTable(this.pieces, null);
    return this.#levels;
  }

  curve(shown: Span, columns: number): Curve {
    const mask = this.#mask;
    const { data } = this.pieces;
    const table = this.#table();
    if (table.isTooCoarseFor(shown, columns)) {
      const rows = data.rows <= DIRECT_ROWS_MAX ? null : rowsInWindow(data, shown, DIRECT_ROWS_MAX);
      if (rows !== null || data.rows <= DIRECT_ROWS_MAX) {
        const levels = this.#directLevels(shown, columns, rows, null);
        const matching = mask && this.#directLevels(shown, columns, rows, mask);
        return { levels, matching };
      }
    }
    if (mask && this.#matchingLevels === null) this.#matchingLevels = new LevelTable(this.pieces, mask);
    return {
      levels: levelsOf(table, shown, columns),
      matching: this.#matchingLevels && levelsOf(this.#matchingLevels, shown, columns),
    };
  }

  #directLevels(
    shown: Span,
    columns: number,
    rows: Uint32Array | null,
    mask: Uint8Array | null,
  ): Float64Array[] {
    const ramps = new Ramps(shown, columns);
    addRows(ramps, this.pieces, rows, mask);
    if (mask === null) addUnsent(ramps, this.pieces);
    const levels = Array.from({ length: KIND_COUNT }, (_, kind) => ramps.levels(kind));
    // Waits that lie over the whole window begin and end outside it: only the table knows them all.
    if (rows !== null && mask === null) levels[PERMIT] = this.#table().levels(PERMIT, shown, columns);
    return levels;
  }

  /** How many had ended by the end of each column. */
  ended(shown: Span, columns: number): Float64Array {
    const { data, extent } = this.pieces;
    this.#ended ??= new EndedTable(data, extent);
    if (!this.#ended.isTooCoarseFor(shown, columns)) return this.#ended.over(shown, columns);
    return endedOver(data, shown, columns, rowsInWindow(data, shown, DIRECT_ROWS_MAX));
  }

  ends(shown: Span, columns: number): EndColumns {
    const { data, extent } = this.pieces;
    if (this.#ends.length === 0) {
      const fine = endTable(data, extent, this.#mask);
      this.#ends = [fine.coarser(fine.columns / 1024), fine];
    }
    const fitting = this.#ends.find(ends => !ends.isTooCoarseFor(shown, columns));
    if (fitting) return fitting.over(shown, columns);
    const rows = rowsInWindow(data, shown, DIRECT_ROWS_MAX * 2);
    return Ends.of(data, shown, columns, { rows, mask: this.#mask }).over(shown, columns);
  }
}

function levelsOf(table: LevelTable, shown: Span, columns: number): Float64Array[] {
  return Array.from({ length: KIND_COUNT }, (_, kind) => table.levels(kind, shown, columns));
}
