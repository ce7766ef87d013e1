// What one cell shows: the phase that fills most of it, or how an attempt ended there.
import { ENDED, FIRST_MARK, type Grid } from './grid.ts';
import { type Charset, type Ink, MARK_LOOKS, MARKS, type Mark, OPEN_LOOK, SLICE_LOOKS } from './palette.ts';
import { KIND_COUNT, SERVICE, SLICE_KINDS, type SliceKind } from './slices.ts';

export interface Cell {
  readonly glyph: string;
  readonly ink: Ink;
  /** What the legend has to explain. */
  readonly means: SliceKind | Mark | 'open' | null;
}

const BLANK: Cell = { glyph: ' ', ink: null, means: null };
/** A cell that is idle for longer than the rest of this stays blank. */
const BUSY_SHARE_MIN = 0.3;
/** In a bundle, one busy lane among twenty still shows. */
const BUNDLE_SHARE_MIN = 0.05;
const SHADES: Readonly<Record<Charset, string>> = { unicode: '░▒▓█', ascii: '-+*#' };
const SLIVERS: Readonly<Record<Charset, string>> = { unicode: '▏', ascii: "'" };

interface Place {
  readonly row: number;
  readonly column: number;
  /** How many lanes the row holds. */
  readonly lanes: number;
  readonly charset: Charset;
}

/** A cell of a row for one request: an ending always shows, over everything else. */
export function requestCell(grid: Grid, place: Place): Cell {
  const mark = markIn(grid, place.row, place.column);
  return mark === null ? phaseCell(grid, place) : markCell(mark, place.charset);
}

/** A cell of a row of lanes: an ending shows when half of what ended here ended so. */
export function laneCell(grid: Grid, place: Place): Cell {
  const { row, column, charset } = place;
  const mark = markIn(grid, row, column);
  if (mark !== null && marksIn(grid, row, column) * 2 >= grid.at(row, column, ENDED))
    return markCell(mark, charset);
  return phaseCell(grid, place);
}

/** For a row that is too short for any cell: a sliver where it is, so that it can be seen at all. */
export function sliverCell(grid: Grid, row: number, charset: Charset): { column: number; cell: Cell } | null {
  let best = 0;
  let found: { column: number; kind: number } | null = null;
  for (let column = 0; column < grid.columns; column++) {
    for (let kind = 0; kind < KIND_COUNT; kind++) {
      if (grid.at(row, column, kind) <= best) continue;
      best = grid.at(row, column, kind);
      found = { column, kind };
    }
  }
  if (found === null) return null;
  const ink = SLICE_KINDS[found.kind] as SliceKind;
  return { column: found.column, cell: { glyph: SLIVERS[charset], ink, means: null } };
}

/** The worst ending in a column over all rows, for the line of failures. */
export function failureCell(grid: Grid, column: number, charset: Charset): Cell {
  for (const [i, mark] of MARKS.entries())
    for (let row = 0; row < grid.rows; row++)
      if (grid.at(row, column, FIRST_MARK + i) > 0) return markCell(mark, charset);
  return BLANK;
}

/** The edge up to which a row of something in flight is drawn. */
export function openCell(charset: Charset): Cell {
  return { glyph: OPEN_LOOK[charset], ink: 'strong', means: 'open' };
}

function markCell(mark: Mark, charset: Charset): Cell {
  return { glyph: MARK_LOOKS[mark][charset], ink: 'error', means: mark };
}

function phaseCell(grid: Grid, { row, column, lanes, charset }: Place): Cell {
  let busyMs = 0;
  let most = 0;
  for (let kind = 0; kind < KIND_COUNT; kind++) {
    const ms = grid.at(row, column, kind);
    busyMs += ms;
    if (ms > grid.at(row, column, most)) most = kind;
  }
  const share = busyMs / (grid.columnMs * lanes);
  if (share < (lanes === 1 ? BUSY_SHARE_MIN : BUNDLE_SHARE_MIN)) return BLANK;
  const kind = SLICE_KINDS[most] as SliceKind;
  const shade = SHADES[charset][Math.min(3, Math.floor(share * 4))] as string;
  const glyph = lanes > 1 && most === SERVICE ? shade : SLICE_LOOKS[kind][charset];
  return { glyph, ink: kind, means: kind };
}

/** `MARKS` is in order of importance. */
function markIn(grid: Grid, row: number, column: number): Mark | null {
  for (const [i, mark] of MARKS.entries()) if (grid.at(row, column, FIRST_MARK + i) > 0) return mark;
  return null;
}

function marksIn(grid: Grid, row: number, column: number): number {
  let count = 0;
  for (let i = 0; i < MARKS.length; i++) count += grid.at(row, column, FIRST_MARK + i);
  return count;
}
