// The fine columns of a folded picture spread over the columns that are drawn, each by how much of it lies where.
import { CHANNELS, ENDED, type Grid } from './grid.ts';

/** Of the time of a fine column, so much lies in this one. */
interface Part {
  readonly column: number;
  readonly share: number;
}

interface Spread {
  /** At least one; most fine columns are in one drawn column. */
  readonly parts: readonly Part[];
  /** The column of its middle, where its counts go; -1 when that is not drawn. */
  readonly middle: number;
}

/** Adds a folded grid, so many of its rows to one drawn row. Time goes by shares, counts where the middle is. */
export function addFolded(grid: Grid, fine: Grid, rowsPerRow: number): void {
  const spreads = spreadsOf(grid, fine);
  const first = spreads.findIndex(spread => spread !== undefined);
  const last = spreads.findLastIndex(spread => spread !== undefined);
  if (first < 0) return;
  for (let fineRow = 0; fineRow < Math.min(fine.rows, grid.rows * rowsPerRow); fineRow++) {
    const row = Math.floor(fineRow / rowsPerRow) * grid.columns * CHANNELS;
    const at = fineRow * fine.columns * CHANNELS;
    for (let column = first; column <= last; column++)
      addCell(grid.sums, row, fine.sums, at + column * CHANNELS, spreads[column] as Spread);
  }
}

/** By fine column; undefined where nothing of it is drawn, which is only before and behind those that are. */
export function spreadsOf(
  grid: Grid,
  fine: { readonly columns: number; readonly columnMs: number },
): (Spread | undefined)[] {
  const spreads: (Spread | undefined)[] = [];
  for (let column = 0; column < fine.columns; column++)
    spreads.push(spreadOf(grid, column * fine.columnMs, fine.columnMs));
  return spreads;
}

function spreadOf(grid: Grid, atMs: number, spanMs: number): Spread | undefined {
  const endMs = grid.fromMs + grid.columns * grid.columnMs;
  const fromMs = Math.max(atMs, grid.fromMs);
  const toMs = Math.min(atMs + spanMs, endMs);
  if (toMs <= fromMs) return undefined;
  const parts: Part[] = [];
  const last = grid.columnOf(toMs);
  for (let column = grid.columnOf(fromMs); column <= last; column++) {
    const columnFromMs = grid.fromMs + column * grid.columnMs;
    const share = (Math.min(toMs, columnFromMs + grid.columnMs) - Math.max(fromMs, columnFromMs)) / spanMs;
    if (share > 0) parts.push({ column, share });
  }
  const middleMs = atMs + spanMs / 2;
  return { parts, middle: middleMs >= grid.fromMs && middleMs < endMs ? grid.columnOf(middleMs) : -1 };
}

/** This runs for each of some fifty thousand cells of a frame, most of whose sums are 0. */
function addCell(
  sums: Float32Array,
  row: number,
  fine: Float32Array,
  at: number,
  { parts, middle }: Spread,
): void {
  for (let channel = 0; channel < ENDED; channel++) {
    const sum = fine[at + channel] as number;
    if (sum === 0) continue;
    for (let i = 0; i < parts.length; i++) {
      const { column, share } = parts[i] as Part;
      const place = row + column * CHANNELS + channel;
      sums[place] = (sums[place] as number) + sum * share;
    }
  }
  // Where nothing ended, nothing ended badly.
  if (middle < 0 || fine[at + ENDED] === 0) return;
  const counts = row + middle * CHANNELS;
  for (let channel = ENDED; channel < CHANNELS; channel++) {
    const count = fine[at + channel] as number;
    if (count !== 0) sums[counts + channel] = (sums[counts + channel] as number) + count;
  }
}
