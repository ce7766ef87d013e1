// The strips of single threads and workers: when each was at work.
import type { CodeRow } from '../../timeline/own-code.ts';
import type { ServerRow, ServerRows } from '../../timeline/server-rows.ts';
import { middleOf, type RowPlace } from './bars.ts';
import { type Frame, plotWidth, xOf } from './frame.ts';
import { outline } from './shares.ts';
import { num } from './xml.ts';

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export function drawCodeRows(code: readonly CodeRow[], frame: Frame, place: RowPlace): string {
  return (
    `<g class="bars">${tracks(code.length, frame, place)}` +
    `${bars(
      'handler',
      code.map(({ spans }) => spans),
      frame,
      place,
    )}</g>`
  );
}

export function drawServerRows({ rows, columnMs }: ServerRows, frame: Frame, place: RowPlace): string {
  const ground = tracks(rows.length, frame, place);
  if (rows.every(({ served }) => served !== null)) {
    const spans = rows.map(({ served }) => served ?? []);
    return `<g class="bars">${ground}${bars('service', spans, frame, place)}</g>`;
  }
  const path = rows.map((row, i) =>
    busyOutline(row, columnMs, frame, { ...place, top: place.top + i * place.pitch }),
  );
  return `<g class="bars">${ground}</g><g class="shares"><path class="service" d="${path.join('')}"/></g>`;
}

/** From the ground up: the last row stands on top. */
export function drawWaitingBars(rows: readonly (readonly Span[])[], frame: Frame, place: RowPlace): string {
  return `<g class="bars">${bars('permit', rows.toReversed(), frame, place)}</g>`;
}

/** A line for each row, so that an idle one is seen to be one. */
function tracks(rows: number, frame: Frame, place: RowPlace): string {
  const lines = Array.from(
    { length: rows },
    (_, row) => `M${frame.left} ${num(middleOf(place, row))}H${frame.right}`,
  );
  return `<path class="grid" d="${lines.join('')}"/>`;
}

function bars(name: string, rows: readonly (readonly Span[])[], frame: Frame, place: RowPlace): string {
  let path = '';
  for (const [row, spans] of rows.entries()) {
    for (const { fromMs, toMs } of spans) {
      const from = xOf(frame, fromMs);
      const width = xOf(frame, toMs) - from;
      if (width >= 0.05)
        path += `M${num(from)} ${num(middleOf(place, row))}h${num(width >= 3 ? width - 1 : width)}`;
    }
  }
  return path === '' ? '' : `<path class="${name}" stroke-width="${num(place.height)}" d="${path}"/>`;
}

function busyOutline(
  { busyMs, workers }: ServerRow,
  columnMs: number,
  frame: Frame,
  place: RowPlace,
): string {
  if (busyMs === null) return '';
  const pixels = Math.floor(plotWidth(frame));
  const pixelMs = frame.endMs / pixels;
  const heights = new Array<number>(pixels).fill(0);
  for (const [column, ms] of busyMs.entries()) {
    // Spread over the pixels that the column covers, to each its part.
    const [fromMs, toMs] = [column * columnMs, (column + 1) * columnMs];
    for (let pixel = Math.floor(fromMs / pixelMs); pixel < pixels && pixel * pixelMs < toMs; pixel++) {
      const shared = Math.min(toMs, (pixel + 1) * pixelMs) - Math.max(fromMs, pixel * pixelMs);
      const busy = (ms * shared) / columnMs / (pixelMs * workers);
      heights[pixel] = Math.min(place.height, (heights[pixel] ?? 0) + busy * place.height);
    }
  }
  const ground = place.top + (place.pitch + place.height) / 2;
  return outline(heights, { left: frame.left, columnWidth: plotWidth(frame) / pixels, ground });
}
