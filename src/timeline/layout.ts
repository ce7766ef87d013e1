// From a picture to rows of cells: a row for each request when they fit, else for each lane, else for bundles of lanes.
import { formatCount, formatDuration } from '../base/units.ts';
import { addTry } from './bins.ts';
import type { Drawable } from './drawable.ts';
import { ENDED, Grid, markChannel } from './grid.ts';
import type { Scale } from './scale.ts';
import { type DrawnRequest, type DrawnTry, PERMIT, Slices } from './slices.ts';
import { addFolded } from './spread.ts';

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
  /** The same over all requests, also those without a row. */
  readonly all: Grid;
}

/** What the rows are, where somebody has chosen; else requests while there is a row for each, or lanes. */
export type RowMode = Layout['mode'];

export interface LayoutSize {
  /** Most rows there may be. */
  readonly rows: number;
  readonly columns: number;
  readonly scale: Scale;
  readonly mode?: RowMode | undefined;
}

export function layOut(picture: Drawable, size: LayoutSize): Layout {
  const shown = requestsShown(picture, size.rows, size.mode);
  if (shown === null) return withOpen(layOutLanes(picture, size), picture);
  const layout = layOutRequests(shown, size);
  const isAll = picture.kept()?.length === shown.length;
  const all = isAll ? layout.grid : layOutLanes(picture, { ...size, rows: 1 }).grid;
  return withOpen({ ...layout, all }, picture);
}

function withOpen(layout: Layout, picture: Drawable): Layout {
  return picture.open ? { ...layout, rows: opened(layout, picture) } : layout;
}

/** What the rows are when nobody chooses. A run that goes on is drawn as it will be when all requests are there. */
export function usualMode(picture: Drawable, rows: number): RowMode {
  const kept = picture.kept();
  return kept !== null && Math.max(kept.length, picture.expected ?? 0) <= rows ? 'requests' : 'lanes';
}

/** The latest that there are rows for; null for lanes. Of a folded picture only what is in flight can be told apart. */
function requestsShown(
  picture: Drawable,
  rows: number,
  mode: RowMode | undefined,
): readonly DrawnRequest[] | null {
  if ((mode ?? usualMode(picture, rows)) === 'lanes') return null;
  const kept = picture.kept();
  const requests = kept ?? (picture.open?.requests ?? []).toSorted((a, b) => a.index - b.index);
  return requests.length === 0 && kept === null ? null : requests.slice(-rows);
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

function layOutRequests(requests: readonly DrawnRequest[], size: LayoutSize): Omit<Layout, 'all'> {
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
  if (endedMs < grid.fromMs) return;
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

function layOutLanes(picture: Drawable, size: LayoutSize): Layout {
  const kept = picture.kept();
  const bundles = bundlesOf(picture, size.rows);
  const grid = gridOf(bundles.rows, size);
  if (kept !== null) addKept(grid, kept, bundles.perRow);
  else if (picture.bins) {
    addFolded(grid, picture.bins.grid, bundles.perRow / picture.bins.lanesPerRow);
    addKept(grid, picture.open?.requests ?? [], bundles.perRow);
  }
  const rows = Array.from({ length: grid.rows }, (_, row) => laneRow(grid, row, bundles));
  return { mode: 'lanes', rows, grid, all: grid };
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
export function widestWords(
  picture: Drawable,
  rowsMax: number,
  mode?: RowMode,
): { labels: string[]; rows: WordsBehind[] } {
  const shown = requestsShown(picture, rowsMax, mode);
  if (shown !== null) {
    const rows = shown.map(requestRow);
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
  const { fromMs = 0, endMs } = scale;
  return new Grid({ rows, columns, fromMs, columnMs: (endMs - fromMs) / columns });
}
