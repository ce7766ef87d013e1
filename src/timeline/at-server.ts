// How many requests are at the server, over time: in its queue, in its workers, or waited for where it tells
// nothing. The one curve that carries the lesson: above the capacity, it is overload.
import type { Grid } from './grid.ts';
import type { Charset, Ink } from './palette.ts';
import { columnLevels } from './phase-curve.ts';
import type { PictureFacts } from './picture.ts';
import { KIND_COUNT, QUEUE, SERVICE, TTFB } from './slices.ts';

const EIGHTHS = ' ▁▂▃▄▅▆▇█';
const RAMP = ' .:-=+*%#';

/** Mean number of requests at the server in each column. */
export function atServerLevels(grid: Grid): number[] {
  const levels = columnLevels(grid);
  return Array.from({ length: grid.columns }, (_, column) => {
    const at = (kind: number): number => levels[column * KIND_COUNT + kind] as number;
    return at(QUEUE) + at(SERVICE) + at(TTFB);
  });
}

/**
 * The glyph of a level: eighths of a block; in ASCII the number itself while it has one digit.
 * @param max the level of a full block
 */
export function levelGlyph(level: number, max: number, charset: Charset): string {
  if (charset === 'ascii' && max <= 9) return level < 0.3 ? ' ' : String(Math.max(1, Math.round(level)));
  const eighths = level < max * 0.005 ? 0 : Math.max(1, Math.min(8, Math.round((level / max) * 8)));
  return (charset === 'ascii' ? RAMP : EIGHTHS)[eighths] as string;
}

/** Within the capacity, above it, or no capacity known. A level is a mean: a tenth above is rounding. */
export function levelInk(level: number, capacity: number | null): Ink {
  if (capacity === null) return 'ttfb';
  return level > capacity + 0.1 ? 'queue' : 'service';
}

/** `peak 9, capacity 3` */
export function peakText(facts: PictureFacts): string {
  const capacity = facts.capacity === null ? '' : `, capacity ${facts.capacity}`;
  const least = facts.isPeakExact ? '' : 'over ';
  return `peak ${least}${facts.atServerPeak}${capacity}`;
}
