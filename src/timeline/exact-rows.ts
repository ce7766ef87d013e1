// A run that is small enough to be drawn piece by piece: a row for each request, or else for each lane, with every
// slice, every ending and every way from an attempt to the next one.
import { formatCount } from '../base/units.ts';
import { requestRow, type WordsBehind } from './layout.ts';
import { type Mark, markOf } from './palette.ts';
import type { PictureModel } from './picture.ts';
import { type DrawnRequest, type DrawnTry, PERMIT, Slices } from './slices.ts';

/** Above it, shares of columns say more than slivers. */
export const PIECES_MAX = 2000;

export interface Piece {
  readonly kind: number;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface ExactRow extends WordsBehind {
  readonly label: string;
  /** In no order. */
  readonly pieces: Piece[];
  readonly endings: { readonly atMs: number; readonly mark: Mark }[];
}

/** From the end of an attempt to the start of the next one of its request. */
export interface Again {
  readonly fromRow: number;
  readonly fromMs: number;
  readonly toRow: number;
  readonly toMs: number;
  /** Number of the attempt that it leads to, from 2. */
  readonly attempt: number;
}

export interface ExactRows {
  readonly mode: 'requests' | 'lanes';
  readonly rows: readonly ExactRow[];
  readonly again: readonly Again[];
}

export interface RowBounds {
  /** Most requests that get a row each. */
  readonly requests: number;
  readonly lanes: number;
}

/** Null for a run of which there are too many pieces, or more lanes than rows. */
export function exactRows(picture: PictureModel, bounds: RowBounds): ExactRows | null {
  const kept = picture.kept();
  if (kept === null) return null;
  const mode = kept.length <= bounds.requests ? 'requests' : 'lanes';
  const { lanes } = picture.facts();
  if (mode === 'lanes' && lanes > bounds.lanes) return null;
  const rows = mode === 'requests' ? kept.map(row => emptyRow(requestRow(row))) : laneRows(lanes, kept);
  const again: Again[] = [];
  let pieces = 0;
  for (const [place, request] of kept.entries()) {
    const rowOf = (one: DrawnTry): number => (mode === 'requests' ? place : one.lane);
    if (mode === 'requests' && request.tries.length === 0) addUnsent(rows[place] as ExactRow, request);
    for (const [i, one] of request.tries.entries()) {
      pieces += addTry(rows[rowOf(one)] as ExactRow, one, {
        wasLast: i === request.tries.length - 1,
        isRequest: mode === 'requests',
      });
      if (pieces > PIECES_MAX) return null;
      const before = request.tries[i - 1];
      if (before) again.push(wayBetween(before, one, [rowOf(before), rowOf(one), i + 1]));
    }
  }
  return { mode, rows, again };
}

function emptyRow(words: WordsBehind & { readonly label: string }): ExactRow {
  return { label: words.label, total: words.total, ending: words.ending, pieces: [], endings: [] };
}

function laneRows(lanes: number, kept: readonly DrawnRequest[]): ExactRow[] {
  const attempts: number[] = new Array(lanes).fill(0);
  for (const { tries } of kept) for (const { lane } of tries) attempts[lane] = (attempts[lane] ?? 0) + 1;
  return attempts.map((count, lane) =>
    emptyRow({
      label: `lane ${lane + 1}`,
      total: formatCount(count),
      ending: count === 1 ? 'attempt' : 'attempts',
    }),
  );
}

function wayBetween(
  before: DrawnTry,
  one: DrawnTry,
  [fromRow, toRow, attempt]: [number, number, number],
): Again {
  return { fromRow, fromMs: before.endedMs, toRow, toMs: one.startedMs, attempt };
}

function addUnsent(row: ExactRow, { outcome, createdMs, endedMs }: DrawnRequest): void {
  row.pieces.push({ kind: PERMIT, fromMs: createdMs, toMs: endedMs });
  row.endings.push({ atMs: endedMs, mark: outcome === 'cancelled' ? 'cancelled' : 'error' });
}

const slices = new Slices();

/** @returns how many pieces it has */
function addTry(
  row: ExactRow,
  one: DrawnTry,
  is: { readonly wasLast: boolean; readonly isRequest: boolean },
): number {
  slices.fill(one);
  for (let i = 0; i < slices.count; i++) {
    const kind = slices.kinds[i] as number;
    if (kind === PERMIT && !is.isRequest) continue;
    row.pieces.push({ kind, fromMs: slices.fromsMs[i] as number, toMs: slices.tosMs[i] as number });
  }
  const mark = markOf(one, is.wasLast);
  if (mark !== null) row.endings.push({ atMs: one.endedMs, mark });
  return slices.count;
}
