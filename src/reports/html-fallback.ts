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

/** One path for each phase, stacked. */
export function fallbackPicture(preview: Preview, head: RunHead): string {
  const stack = STACK.filter(kind => preview.levels[kind]?.some(level => level > 0));
  const layers = stack.map(kind => coarse(preview.levels[kind] as Float64Array));
  const sums = Array.from({ length: COLUMNS }, (_, i) =>
    layers.reduce((sum, layer) => sum + (layer[i] ?? 0), 0),
  );
  const most = Math.max(1, head.capacity, ...sums);
  const base = new Array<number>(COLUMNS).fill(0);
  const paths = stack.map((kind, place) => {
    const lower = base.slice();
    for (const [i, level] of (layers[place] as number[]).entries()) base[i] = (base[i] ?? 0) + level;
    const name = SLICE_KINDS[kind] as (typeof SLICE_KINDS)[number];
    return `<path fill="${PALETTES.light.kinds[name]}" d="${area(lower, base, most)}"/>`;
  });
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

function area(lower: readonly number[], upper: readonly number[], most: number): string {
  const x = (i: number): string => ((i / COLUMNS) * WIDTH).toFixed(0);
  const y = (level: number): string => (HEIGHT - (level / most) * (HEIGHT - 6)).toFixed(1);
  const there = upper
    .map((level, i) => `${x(i)} ${y(level)}H${x(i + 1)}V`)
    .join('')
    .slice(0, -1);
  const back = lower
    .map((level, i) => `H${x(i + 1)}V${y(level)}H${x(i)}`)
    .reverse()
    .join('');
  return `M0 ${y(lower[0] ?? 0)}V${there.slice(there.indexOf(' ') + 1)}V${y(lower.at(-1) ?? 0)}${back}Z`;
}
