// Rows of lanes too many or too full for their pieces: each column of a pixel stacks the exact shares of its time.
// No colour is averaged, and a column in which something failed has a red tick, however many went well in it.
import { FIRST_MARK, type Grid } from '../../timeline/grid.ts';
import { MARKS } from '../../timeline/palette.ts';
import { IN_FLIGHT, SLICE_KINDS } from '../../timeline/slices.ts';
import type { RowPlace } from './bars.ts';
import { num } from './xml.ts';

/** Heights are kept to half a pixel, so that columns that look alike are one piece of the path. */
const STEP_PX = 0.5;

export interface SharesPlace extends RowPlace {
  readonly left: number;
  readonly columnWidth: number;
}

/** @param lanesOf how many lanes share each row */
export function drawShares(
  grid: Grid,
  lanesOf: readonly number[],
  place: SharesPlace,
  seen: Set<string>,
): string {
  const layers = IN_FLIGHT;
  // From the whole stack down to its lowest layer, each over the one before: an outline of each is enough.
  const paths = layers.toReversed().map(kind => {
    const upTo = layers.slice(0, layers.indexOf(kind) + 1);
    let path = '';
    let isThere = false;
    for (let row = 0; row < grid.rows; row++) {
      const heights: number[] = [];
      for (let column = 0; column < grid.columns; column++) {
        let ms = 0;
        for (const layer of upTo) ms += grid.at(row, column, layer);
        if (grid.at(row, column, kind) > 0) isThere = true;
        heights.push(Math.min(1, ms / (grid.columnMs * (lanesOf[row] ?? 1))) * place.height);
      }
      path += outline(heights, {
        ...place,
        ground: place.top + row * place.pitch + (place.pitch + place.height) / 2,
      });
    }
    if (!isThere) return '';
    const name = SLICE_KINDS[kind] as string;
    seen.add(name);
    return `<path class="${name}" d="${path}"/>`;
  });
  return `<g class="shares">${paths.join('')}${failureTicks(grid, place, seen)}</g>`;
}

/** The upper edge of bars that stand side by side on a ground. */
export function outline(
  heights: readonly number[],
  {
    left,
    columnWidth,
    ground,
  }: { readonly left: number; readonly columnWidth: number; readonly ground: number },
): string {
  let path = '';
  let height = 0;
  let x = 0;
  for (const [column, exact] of [...heights, 0].entries()) {
    const next = Math.round(exact / STEP_PX) * STEP_PX;
    if (next === height) continue;
    if (height === 0) path += `M${num(left + column * columnWidth)} ${num(ground)}`;
    else path += `h${num(left + column * columnWidth - x)}`;
    x = Number(num(left + column * columnWidth));
    path += next === 0 ? `V${num(ground)}z` : `v${num(height - next)}`;
    height = next;
  }
  return path;
}

function failureTicks(
  grid: Grid,
  { top, pitch, height, left, columnWidth }: SharesPlace,
  seen: Set<string>,
): string {
  let path = '';
  for (let row = 0; row < grid.rows; row++) {
    for (let column = 0; column < grid.columns; column++) {
      const mark = MARKS.find((_, i) => grid.at(row, column, FIRST_MARK + i) > 0);
      if (mark === undefined) continue;
      seen.add('failure tick');
      const y = top + row * pitch + (pitch - height) / 2;
      const width = Math.max(2, columnWidth);
      path += `M${num(left + column * columnWidth)} ${num(y - 1)}h${num(width)}v4h${num(-width)}z`;
    }
  }
  return path === '' ? '' : `<path class="error" d="${path}"/>`;
}
