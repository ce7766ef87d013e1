// The fine columns of a folded picture spread over the columns that are drawn, each by how much of it lies where.
import { CHANNELS, ENDED, type Grid } from './grid.ts';

/** Where one fine column goes. */
interface Spread {
  readonly column: number;
  /** Of its time, so much. */
  readonly share: number;
}

interface ColumnSpread {
  readonly parts: readonly Spread[];
  /** Where its middle is, and so its counts are; null when that is not drawn. */
  readonly middle: number | null;
}

/** Adds a folded grid, so many of its rows to one drawn row. Time goes by shares, counts where the middle is. */
export function addFolded(grid: Grid, fine: Grid, rowsPerRow: number): void {
  const spreads = spreadsOf(grid, fine);
  for (let fineRow = 0; fineRow < Math.min(fine.rows, grid.rows * rowsPerRow); fineRow++) {
    const row = Math.floor(fineRow / rowsPerRow) * grid.columns * CHANNELS;
    const at = fineRow * fine.columns * CHANNELS;
    for (let column = 0; column < fine.columns; column++) {
      const spread = spreads[column];
      if (spread !== undefined) addCell(grid.sums, row, fine.sums, at + column * CHANNELS, spread);
    }
  }
}

/** By fine column; undefined where nothing of it is drawn. */
export function spreadsOf(
  grid: Grid,
  fine: { readonly columns: number; readonly columnMs: number },
): (ColumnSpread | undefined)[] {
  return Array.from({ length: fine.columns }, (_, column) =>
    spreadOf(grid, column * fine.columnMs, fine.columnMs),
  );
}

function spreadOf(grid: Grid, atMs: number, spanMs: number): ColumnSpread | undefined {
  const endMs = grid.fromMs + grid.columns * grid.columnMs;
  const fromMs = Math.max(atMs, grid.fromMs);
  const toMs = Math.min(atMs + spanMs, endMs);
  if (toMs <= fromMs) return undefined;
  const parts: Spread[] = [];
  for (let column = grid.columnOf(fromMs); column <= grid.columnOf(toMs); column++) {
    const columnFromMs = grid.fromMs + column * grid.columnMs;
    const share = (Math.min(toMs, columnFromMs + grid.columnMs) - Math.max(fromMs, columnFromMs)) / spanMs;
    if (share > 0) parts.push({ column, share });
  }
  const middleMs = atMs + spanMs / 2;
  return { parts, middle: middleMs >= grid.fromMs && middleMs < endMs ? grid.columnOf(middleMs) : null };
}

/** This runs for each of some ten thousand cells. */
function addCell(
  sums: Float32Array,
  row: number,
  fine: Float32Array,
  at: number,
  { parts, middle }: ColumnSpread,
): void {
  for (let channel = 0; channel < ENDED; channel++) {
    const sum = fine[at + channel] as number;
    if (sum === 0) continue;
    for (const { column, share } of parts) {
      const place = row + column * CHANNELS + channel;
      sums[place] = (sums[place] as number) + sum * share;
    }
  }
  if (middle === null) return;
  for (let channel = ENDED; channel < CHANNELS; channel++) {
    const place = row + middle * CHANNELS + channel;
    sums[place] = (sums[place] as number) + (fine[at + channel] as number);
  }
}
