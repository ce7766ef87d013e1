// What a reader without JavaScript sees of a report: the curve of the whole run, as a small picture in the file.
import { formatDuration } from '../base/units.ts';
import { PREVIEW_COLUMNS, type Preview } from '../timeline/large/preview.ts';
import type { RunHead } from '../timeline/large/report-head.ts';
import { PALETTES } from '../timeline/looks.ts';
import { SLICE_KINDS, STACK } from '../timeline/slices.ts';
import { escapeMarkup } from './markup.ts';

const WIDTH = 800;
const HEIGHT = 140;
const COLUMNS = 200;

/** One path for each phase, from the ground to the top of what it stands on: the highest first, the others over it. */
export function fallbackPicture(preview: Preview, head: RunHead): string {
  const tops = new Array<number>(COLUMNS).fill(0);
  const layers: { readonly fill: string; readonly tops: readonly number[] }[] = [];
  for (const kind of STACK) {
    const levels = preview.levels[kind] as Float64Array;
    if (!levels.some(level => level > 0)) continue;
    for (const [i, level] of coarse(levels).entries()) tops[i] = (tops[i] as number) + level;
    const name = SLICE_KINDS[kind] as (typeof SLICE_KINDS)[number];
    layers.push({ fill: PALETTES.light.kinds[name], tops: tops.slice() });
  }
  const most = Math.max(1, head.capacity, ...tops);
  const paths = layers.reverse().map(layer => `<path fill="${layer.fill}" d="${area(layer.tops, most)}"/>`);
  const title = `${head.title.join(' · ')}: ${head.finding}`;
  const end = formatDuration(head.extentUs / 1000);
  return (
    `<svg class="fallback" role="img" viewBox="0 0 ${WIDTH} ${HEIGHT + 20}" width="${WIDTH}">` +
    `<title>${escapeMarkup(title)}</title>` +
    `<rect width="${WIDTH}" height="${HEIGHT + 20}" fill="#fff"/>${paths.join('')}` +
    `<text x="0" y="${HEIGHT + 15}" font-size="12">0</text>` +
    `<text x="${WIDTH}" y="${HEIGHT + 15}" font-size="12" text-anchor="end">${escapeMarkup(end)}</text></svg>`
  );
}

function coarse(levels: Float64Array): number[] {
  const per = PREVIEW_COLUMNS / COLUMNS;
  return Array.from({ length: COLUMNS }, (_, i) => {
    const part = levels.slice(
      Math.floor(i * per),
      Math.max(Math.floor((i + 1) * per), Math.floor(i * per) + 1),
    );
    return part.reduce((sum, level) => sum + level, 0) / part.length;
  });
}

/** Steps; columns of one height are one. */
function area(tops: readonly number[], most: number): string {
  const y = (level: number): number => Math.round(HEIGHT - (level / most) * (HEIGHT - 6));
  const steps: string[] = [];
  let before = HEIGHT;
  for (const [i, top] of tops.entries()) {
    if (y(top) === before) continue;
    steps.push(`H${Math.round((i / COLUMNS) * WIDTH)}V${y(top)}`);
    before = y(top);
  }
  return `M0 ${HEIGHT}${steps.join('')}H${WIDTH}V${HEIGHT}Z`;
}
