// How attempts ended when not well, and how requests went on after it: shape first, colour second. One path a shape.
import type { Again, ExactRows } from '../../timeline/exact-rows.ts';
import { MARKS, type Mark } from '../../timeline/palette.ts';
import { middleOf, type RowPlace } from './bars.ts';
import { type Frame, xOf } from './frame.ts';
import { num, rectElement, textElement } from './xml.ts';

/** Ways that are drawn; a picture of more of them would be nothing but ways. */
const AGAIN_MAX = 200;
/** A label on a way needs so much room. */
const LABELLED_PX = 26;

export function drawMarks(exact: ExactRows, frame: Frame, place: RowPlace, seen: Set<string>): string {
  const shapes = new Map<Mark, string>();
  let fades = '';
  for (const [row, { endings, pieces }] of exact.rows.entries()) {
    const y = middleOf(place, row);
    for (const { atMs, mark } of endings) {
      const x = xOf(frame, atMs);
      shapes.set(mark, (shapes.get(mark) ?? '') + markShape(mark, x, y, place.height));
      if (mark === 'cancelled') fades += fade(frame, pieces, [x, y, place.height]);
    }
  }
  const paths = MARKS.filter(mark => shapes.has(mark)).map(mark => {
    seen.add(mark);
    return markPath(mark, shapes.get(mark) as string);
  });
  return fades + (paths.length > 0 ? `<g class="marks">${paths.join('')}</g>` : '');
}

/** A shape as an element, with a rim of the surface's colour that sets it apart from what it stands on. */
export function markPath(mark: Mark, shape: string): string {
  const solid = mark === 'backoff' ? ' solid' : '';
  return (
    `<path class="halo" stroke-width="4" d="${shape}"/>` +
    `<path class="error${solid}" stroke-width="1.8" d="${shape}"/>`
  );
}

/** Around the end of a bar at x; the outline of the shape alone tells it from the others. */
export function markShape(mark: Mark, x: number, y: number, height: number): string {
  const at = (dx: number, dy: number): string => `${num(x + dx)} ${num(y + dy)}`;
  const half = height / 2;
  switch (mark) {
    case 'error':
      return `M${at(3, -3)}l6 6M${at(9, -3)}l-6 6M${at(0, -half)}v${num(height)}`;
    case 'timeout':
      return `M${at(1, -half)}v${num(height)}M${at(1, 0)}h-7`;
    case 'backoff':
      return `M${at(0, -4)}l4 4l-4 4l-4-4z`;
    case 'retry':
      return `M${at(-3, 0)}a3 3 0 1 1 6 0a3 3 0 1 1-6 0`;
    default:
      return `M${at(2, 0)}a3.5 3.5 0 1 1 7 0a3.5 3.5 0 1 1-7 0M${at(8.5, -4)}l-6 8`;
  }
}

/** The last third of what was cancelled grows pale. */
function fade(
  frame: Frame,
  pieces: ExactRows['rows'][number]['pieces'],
  [x, y, height]: readonly [number, number, number],
): string {
  const last = pieces.filter(piece => Math.abs(xOf(frame, piece.toMs) - x) < 0.5);
  const from = Math.min(x, ...last.map(piece => xOf(frame, piece.fromMs)));
  const width = (x - from) / 3;
  if (width < 1) return '';
  return rectElement('fill="url(#fade)"', { x: x - width, y: y - height / 2, width, height });
}

/** Dotted, from the end of an attempt to the start of the next one, as long as the wait between them. */
export function drawAgain(again: readonly Again[], frame: Frame, place: RowPlace): string {
  if (again.length === 0 || again.length > AGAIN_MAX) return '';
  let path = '';
  let labels = '';
  for (const { fromRow, fromMs, toRow, toMs, attempt } of again) {
    const [x, y] = [xOf(frame, fromMs), middleOf(place, fromRow)];
    const [toX, toY] = [xOf(frame, toMs), middleOf(place, toRow)];
    const bend = Math.max(6, (toX - x) / 2);
    path +=
      fromRow === toRow
        ? `M${num(x)} ${num(y)}H${num(toX)}`
        : `M${num(x)} ${num(y)}C${num(x + bend)} ${num(y)} ${num(toX - bend)} ${num(toY)} ${num(toX)} ${num(toY)}`;
    if (fromRow === toRow && toX - x >= LABELLED_PX)
      labels += textElement(`↻${attempt}`, { x: (x + toX) / 2, y: y - 2, classes: 'muted middle' });
  }
  return `<path class="again" d="${path}"/>${labels}`;
}
