// From a picture to rows of cells: a row for each request when they fit, else for each lane, else for bundles of lanes.
import { formatCount, formatDuration } from '../base/units.ts';
import { addTry } from './bins.ts';
import type { Drawable } from './drawable.ts';
import { CHANNELS, ENDED, Grid, markChannel } from './grid.ts';

import type { Scale } from './scale.ts';
import { type DrawnRequest, type DrawnTry, PERMIT, Slices } from './slices.ts';

export interface WordsBehind {
  /** What stands behind the row: how long the request took, or how many attempts the lanes carried. */
  readonly total: string;
  /** How it ended, when not well; empty otherwise. */
  readonly ending: string;
}

export interface LaidRow extends WordsBehind {
  readonly label: string;
  /** How many lanes it holds; 1 for a request. */
  readonly lanes: number;
  /** Something in it is still in flight, and drawn up to this instant. */
  readonly openAtMs?: number;
}

export interface Layout {
  readonly mode: 'requests' | 'lanes';
  readonly rows: readonly LaidRow[];
  /** Row by row, the sums to draw. */
  readonly grid: Grid;
}

export interface LayoutSize {
  /** Most rows there may be. */
  readonly rows: number;
  readonly columns: number;
  readonly scale: Scale;
}

export function layOut(picture: Drawable, size: LayoutSize): Layout {
  const kept = picture.kept();
  const layout = fitByRequest(kept, picture, size.rows)
    ? layOutRequests(kept, size)
    : layOutLanes(picture, kept, size);
  return picture.open ? { ...layout, rows: opened(layout, picture) } : layout;
}

/** A run that goes on is drawn from its first request on as it will be drawn when all are there. */
function fitByRequest(
  kept: readonly DrawnRequest[] | null,
  { expected }: Drawable,
  rows: number,
): kept is readonly DrawnRequest[] {
  return kept !== null && Math.max(kept.length, expected ?? 0) <= rows;
}

function opened({ mode, rows }: Layout, picture: Drawable): LaidRow[] {
  const { requests, nowMs } = picture.open ?? { requests: [], nowMs: 0 };
  const { perRow } = bundlesOf(picture, rows.length);
  const open = new Set(
    requests.map(({ index, tries }) =>
      mode === 'requests' ? `req ${index + 1}` : Math.floor((tries.at(-1)?.lane ?? 0) / perRow),
    ),
  );
  return rows.map((row, at) =>
    open.has(mode === 'requests' ? row.label : at) ? { ...row, openAtMs: nowMs } : row,
  );
}

function layOutRequests(requests: readonly DrawnRequest[], size: LayoutSize): Layout {
  const grid = gridOf(requests.length, size);
  const slices = new Slices();
  for (const [row, request] of requests.entries()) {
    for (const [i, one] of request.tries.entries()) {
      slices.fill(one);
      addTry(grid, row, { one, slices, wasLast: i === request.tries.length - 1, withPermit: true });
    }
    if (request.tries.length === 0) addUnsent(grid, row, request);
  }
  return { mode: 'requests', rows: requests.map(requestRow), grid };
}

function addUnsent(grid: Grid, row: number, { outcome, createdMs, endedMs }: DrawnRequest): void {
  grid.addSpan(row, PERMIT, createdMs, endedMs);
  grid.addCount(row, grid.columnOf(endedMs), markChannel(outcome === 'cancelled' ? 'cancelled' : 'error'), 1);
}

/** The words of a request's row. */
export function requestRow({ index, outcome, createdMs, endedMs, tries }: DrawnRequest): LaidRow {
  const last: DrawnTry | undefined = tries.at(-1);
  const status = last?.status ?? null;
  const ending = outcome === 'ok' ? '' : outcome === 'http_error' && status ? String(status) : outcome;
  return {
    label: `req ${index + 1}`,
    total: last === undefined ? 'not sent' : formatDuration(endedMs - createdMs),
    ending: ending.replace('_', ' '),
    lanes: 1,
  };
}

function layOutLanes(picture: Drawable, kept: readonly DrawnRequest[] | null, size: LayoutSize): Layout {
  const bundles = bundlesOf(picture, size.rows);
  const grid = gridOf(bundles.rows, size);
  if (kept !== null) addKept(grid, kept, bundles.perRow);
  else if (picture.bins) {
    addBins(grid, picture.bins.grid, bundles.perRow / picture.bins.lanesPerRow);
    addKept(grid, picture.open?.requests ?? [], bundles.perRow);
  }
  const rows = Array.from({ length: grid.rows }, (_, row) => laneRow(grid, row, bundles));
  return { mode: 'lanes', rows, grid };
}

interface Bundles {
  readonly lanes: number;
  readonly perRow: number;
  readonly rows: number;
}

function bundlesOf(picture: Drawable, rowsMax: number): Bundles {
  const { lanes } = picture.facts();
  const unit = picture.bins?.lanesPerRow ?? 1;
  const perRow = unit * Math.max(1, Math.ceil(Math.ceil(lanes / unit) / rowsMax));
  return { lanes, perRow, rows: Math.ceil(lanes / perRow) };
}

/** The widest words that can stand before and behind the rows, without laying anything out. */
export function widestWords(picture: Drawable, rowsMax: number): { labels: string[]; rows: WordsBehind[] } {
  const kept = picture.kept();
  if (fitByRequest(kept, picture, rowsMax)) {
    const rows = kept.map(requestRow);
    return { labels: rows.map(row => row.label), rows };
  }
  const bundles = bundlesOf(picture, rowsMax);
  const labels = Array.from({ length: bundles.rows }, (_, row) => laneLabel(row, bundles));
  return { labels, rows: [{ total: formatCount(picture.facts().attempts), ending: 'attempts' }] };
}

function addKept(grid: Grid, kept: readonly DrawnRequest[], perRow: number): void {
  const slices = new Slices();
  for (const { tries } of kept) {
    for (const [i, one] of tries.entries()) {
      slices.fill(one);
      const row = Math.floor(one.lane / perRow);
      addTry(grid, row, { one, slices, wasLast: i === tries.length - 1, withPermit: false });
    }
  }
}

/** Spreads fine columns over drawn ones; one that lies on a border gives each side its part. */
function addBins(grid: Grid, fine: Grid, rowsPerRow: number): void {
  const used = Math.min(fine.columns, Math.ceil((grid.columns * grid.columnMs) / fine.columnMs) + 1);
  const parts = Array.from({ length: used }, (_, column) => partsOf(grid, fine.columnMs, column));
  for (let fineRow = 0; fineRow < Math.min(fine.rows, grid.rows * rowsPerRow); fineRow++) {
    const row = Math.floor(fineRow / rowsPerRow) * grid.columns * CHANNELS;
    let at = fineRow * fine.columns * CHANNELS;
    for (let column = 0; column < used; column++, at += CHANNELS)
      addCell(grid.sums, row, fine.sums, at, parts[column] as ColumnParts);
  }
}

/** Where a fine column goes: its first and last drawn column, how much of it to the first, and where its middle is. */
interface ColumnParts {
  readonly first: number;
  readonly last: number;
  readonly middle: number;
  readonly share: number;
}

function partsOf(grid: Grid, columnMs: number, column: number): ColumnParts {
  const fromMs = column * columnMs;
  const first = grid.columnOf(fromMs);
  const last = grid.columnOf(fromMs + columnMs);
  const share = first === last ? 1 : (last * grid.columnMs - fromMs) / columnMs;
  const middle = grid.columnOf(fromMs + columnMs / 2);
  return { first: first * CHANNELS, last: last * CHANNELS, middle: middle * CHANNELS, share };
}

/** Sums of time by their shares; counts where the middle is. This runs for each of some ten thousand cells. */
function addCell(sums: Float32Array, row: number, fine: Float32Array, at: number, parts: ColumnParts): void {
  const { share } = parts;
  const first = row + parts.first;
  const last = row + parts.last;
  for (let channel = 0; channel < ENDED; channel++) {
    const sum = fine[at + channel] as number;
    if (sum === 0) continue;
    sums[first + channel] = (sums[first + channel] as number) + sum * share;
    if (share < 1) sums[last + channel] = (sums[last + channel] as number) + sum * (1 - share);
  }
  const middle = row + parts.middle;
  for (let channel = ENDED; channel < CHANNELS; channel++)
    sums[middle + channel] = (sums[middle + channel] as number) + (fine[at + channel] as number);
}

function laneRow(grid: Grid, row: number, bundles: Bundles): LaidRow {
  let attempts = 0;
  for (let column = 0; column < grid.columns; column++) attempts += grid.at(row, column, ENDED);
  return {
    label: laneLabel(row, bundles),
    total: formatCount(Math.round(attempts)),
    ending: attempts === 1 ? 'attempt' : 'attempts',
    lanes: Math.min(bundles.perRow, bundles.lanes - row * bundles.perRow),
  };
}

function laneLabel(row: number, { lanes, perRow }: Bundles): string {
  const first = row * perRow + 1;
  const last = Math.min(lanes, first + perRow - 1);
  return first === last ? `lane ${first}` : `lanes ${first}–${last}`;
}

function gridOf(rows: number, { columns, scale }: LayoutSize): Grid {
  return new Grid({ rows, columns, columnMs: scale.endMs / columns });
}
