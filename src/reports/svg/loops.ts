// The strips of our own event loops: how much of each moment one was busy, from the ground up.
import { inColumns, type LoopStrip } from '../../timeline/event-loops.ts';
import type { RowPlace } from './bars.ts';
import { type Frame, plotWidth } from './frame.ts';
import { outline } from './shares.ts';
import { num } from './xml.ts';

/** A strip of a busy run changes with every column, and each change is a piece of the file. */
const COLUMNS_MAX = 240;

export function drawLoops(strips: readonly LoopStrip[], frame: Frame, place: RowPlace): string {
  const columns = Math.max(1, Math.min(COLUMNS_MAX, Math.floor(plotWidth(frame))));
  const columnWidth = plotWidth(frame) / columns;
  let grounds = '';
  let areas = '';
  for (const [row, strip] of strips.entries()) {
    const ground = place.top + row * place.pitch + (place.pitch + place.height) / 2;
    grounds += `M${frame.left} ${num(ground)}H${frame.right}`;
    const shares = inColumns(strip, { fromMs: 0, columnMs: frame.endMs / columns, columns });
    const heights = shares.map(share => (share ?? 0) * place.height);
    areas += outline(heights, { left: frame.left, columnWidth, ground });
  }
  return (
    `<path class="grid" d="${grounds}"/>` +
    (areas === '' ? '' : `<g class="shares"><path class="handler" d="${areas}"/></g>`)
  );
}
