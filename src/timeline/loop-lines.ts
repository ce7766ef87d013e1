// Our own event loops in a terminal: a line for each, as high as it was busy.
import { formatShare } from '../base/units.ts';
import { levelGlyph } from './at-server.ts';
import type { Cell } from './cells.ts';
import { busyText, inColumns, type LoopStrip, loopStrips } from './event-loops.ts';
import type { Charset } from './palette.ts';
import type { PictureFacts } from './picture.ts';

/** More lines than these would take the room of requests. */
const LINES_MAX = 4;
/** Below that a loop looks idle: the lowest block stands for an eighth. */
const SHARE_MIN = 0.02;

/** None where nobody knows how busy they were. */
export function loopsShown({ eventLoops, wallMs }: PictureFacts): LoopStrip[] {
  return loopStrips(eventLoops, wallMs, LINES_MAX);
}

/** One loop needs no name of its own. */
export function loopLabel({ label }: LoopStrip, shown: readonly LoopStrip[]): string {
  return shown.length === 1 && label === 'main' ? 'loop' : label;
}

/** @param isWide there is room for words */
export function loopWords(strip: LoopStrip, isWide: boolean): string {
  return isWide ? busyText(strip) : formatShare(strip.mean);
}

export function loopCells(
  strip: LoopStrip,
  {
    columns,
    endMs,
    charset,
  }: { readonly columns: number; readonly endMs: number; readonly charset: Charset },
): Cell[] {
  return inColumns(strip, { fromMs: 0, columnMs: endMs / columns, columns }).map(share => ({
    glyph: share === null || share < SHARE_MIN ? ' ' : levelGlyph(share * 100, 100, charset),
    ink: 'handler',
    means: null,
  }));
}
