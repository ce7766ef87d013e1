// What the colours and shapes mean: those that were drawn, and no others.

import { HEIGHTS, KIND_LABELS } from '../../timeline/looks.ts';
import { MARK_LOOKS, MARKS } from '../../timeline/palette.ts';
import { SLICE_KINDS } from '../../timeline/slices.ts';
import type { Frame } from './frame.ts';
import { markPath, markShape } from './marks.ts';
import { num, rectElement, textElement, textWidth } from './xml.ts';

const SWATCH = { width: 18, height: 12 } as const;
const LINE_PX = 18;

interface Entry {
  readonly says: string;
  /** Draws the swatch with its middle at y. */
  readonly swatch: (x: number, y: number) => string;
}

export function drawLegend(
  seen: ReadonlySet<string>,
  frame: Frame,
  top: number,
): { readonly elements: string; readonly bottom: number } {
  let x = frame.margin;
  let y = top + LINE_PX / 2;
  let elements = '';
  for (const { says, swatch } of entriesOf(seen)) {
    const width = SWATCH.width + 6 + textWidth(says, 11) + 16;
    if (x > frame.margin && x + width - 16 > frame.width - frame.margin) {
      x = frame.margin;
      y += LINE_PX;
    }
    elements += swatch(x, y) + textElement(says, { x: x + SWATCH.width + 6, y: y + 4 });
    x += width;
  }
  return elements === ''
    ? { elements, bottom: top }
    : { elements: `<g class="key">${elements}</g>`, bottom: y + LINE_PX / 2 };
}

function entriesOf(seen: ReadonlySet<string>): Entry[] {
  const phases = SLICE_KINDS.filter(kind => seen.has(kind)).map(kind => ({
    says: KIND_LABELS[kind],
    swatch: (x: number, y: number): string => {
      const height = Math.max(2, SWATCH.height * HEIGHTS[kind]);
      return rectElement(`class="${kind}"`, { x, y: y - height / 2, width: SWATCH.width, height });
    },
  }));
  const marks = MARKS.filter(mark => seen.has(mark)).map(mark => ({
    says: MARK_LOOKS[mark].says,
    swatch: (x: number, y: number): string =>
      `<g class="marks">${markPath(mark, markShape(mark, x + 6, y, SWATCH.height))}</g>`,
  }));
  const others: Entry[] = [];
  if (seen.has('again')) {
    const swatch = (x: number, y: number): string =>
      `<path class="again" d="M${num(x)} ${num(y)}h${SWATCH.width}"/>`;
    others.push({ says: 'waits to be sent again', swatch });
  }
  if (seen.has('failure tick')) {
    const swatch = (x: number, y: number): string =>
      rectElement('class="error"', { x: x + 8, y: y - 4, width: 2, height: 4 });
    others.push({ says: 'something failed here', swatch });
  }
  return [...phases, ...marks, ...others];
}
