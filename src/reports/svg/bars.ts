// Rows drawn piece by piece. All pieces of a phase are one path: a line for each, as thick as the phase is.
import type { ExactRows } from '../../timeline/exact-rows.ts';
import { HEIGHTS } from '../../timeline/looks.ts';
import { SLICE_KINDS, type SliceKind } from '../../timeline/slices.ts';
import { type Frame, xOf } from './frame.ts';
import { num } from './xml.ts';

/** From here on a piece can spare a pixel for the gap that sets it apart from its neighbour. */
const GAPPED_PX = 3;
/** Narrower pieces cannot be seen. */
const SEEN_PX = 0.05;

export interface RowPlace {
  /** Of the first row. */
  readonly top: number;
  /** From row to row. */
  readonly pitch: number;
  /** Of a bar at its thickest. */
  readonly height: number;
}

export function middleOf({ top, pitch }: RowPlace, row: number): number {
  return top + (row + 0.5) * pitch;
}

/** @param seen is told every phase that was drawn */
export function drawBars(exact: ExactRows, frame: Frame, place: RowPlace, seen: Set<string>): string {
  const lines = new Map<SliceKind, string>();
  for (const [row, { pieces }] of exact.rows.entries()) {
    const y = num(middleOf(place, row));
    let drawn = 0;
    for (const { kind, fromMs, toMs } of pieces) {
      const name = SLICE_KINDS[kind] as SliceKind;
      const from = xOf(frame, fromMs);
      const width = xOf(frame, toMs) - from;
      if (width < SEEN_PX) continue;
      const shown = width >= GAPPED_PX ? width - 1 : width;
      lines.set(name, `${lines.get(name) ?? ''}M${num(from)} ${y}h${num(Math.max(0.1, shown))}`);
      drawn += width;
    }
    // Too short to be seen at this scale, and still there: one pixel for the whole row.
    const longest =
      drawn < 1 ? pieces.toSorted((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs))[0] : undefined;
    if (longest === undefined) continue;
    const name = SLICE_KINDS[longest.kind] as SliceKind;
    const x = Math.min(xOf(frame, longest.fromMs), frame.right - 1);
    lines.set(name, `${lines.get(name) ?? ''}M${num(x)} ${y}h1`);
  }
  const paths = SLICE_KINDS.filter(kind => lines.has(kind)).map(kind => {
    seen.add(kind);
    return `<path class="${kind}" stroke-width="${num(place.height * HEIGHTS[kind])}" d="${lines.get(kind)}"/>`;
  });
  return `<g class="bars">${paths.join('')}</g>`;
}
