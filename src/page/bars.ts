// One row of bars, drawn exactly: full height while it is served, thin while it waits, with how it ended at its end.
import { formatDuration } from '../base/units.ts';
import { markOfRow } from '../timeline/large/ends.ts';
import { firstEndingAfter, laneRange, type Pieces } from '../timeline/large/pieces.ts';
import { isInked, type RowPlace } from '../timeline/large/raster.ts';
import { HEIGHTS, mixed, type Palette } from '../timeline/looks.ts';
import type { Mark } from '../timeline/palette.ts';
import { HANDOVER, PERMIT, SLICE_KINDS, TTFB } from '../timeline/slices.ts';
import type { Frame, Plot } from './plot.ts';

export interface BarRow {
  readonly pieces: Pieces;
  readonly lane: number;
  readonly mask: Uint8Array | null;
}

const GAP_FROM_PX = 3;
const DIMMED = 0.22;

export function drawBars(plot: Plot, frame: Frame, place: RowPlace, bars: BarRow): void {
  const { pieces, lane, mask } = bars;
  const { data } = pieces;
  const { window: shown } = frame;
  const range = laneRange(data, lane);
  let before: number | null = null;
  for (let row = firstEndingAfter(data, range, shown.fromUs - 1); row < range.end; row++) {
    if ((data.beginUs[row] as number) >= shown.toUs) break;
    const isDimmed = mask !== null && mask[row] === 0;
    const nextUs = row + 1 < range.end ? (data.beginUs[row + 1] as number) : Number.POSITIVE_INFINITY;
    drawAttempt(plot, frame, place, { ...bars, row, isDimmed, nextUs });
    if (before !== null && data.request !== null && data.request[before] === data.request[row])
      drawRetry(plot, frame, place, [data.endUs[before] as number, data.beginUs[row] as number]);
    before = row;
  }
}

interface DrawnBar extends BarRow {
  readonly row: number;
  readonly isDimmed: boolean;
  /** When the next one begins on this row. */
  readonly nextUs: number;
}

function drawAttempt(
  plot: Plot,
  frame: Frame,
  place: RowPlace,
  { pieces, row, isDimmed, nextUs }: DrawnBar,
): void {
  const { data } = pieces;
  let at = data.beginUs[row] as number;
  const mark = markOfRow(data, row);
  const { context } = plot;
  context.save();
  context.beginPath();
  context.rect(plot.left, 0, plot.plotWidth, plot.height);
  context.clip();
  context.globalAlpha = !isDimmed ? 1 : frame.hides ? 0 : DIMMED;
  const endX = plot.x(data.endUs[row] as number, frame.window);
  for (let span = 0; span < pieces.spans.length; span++) {
    const us = (pieces.spans[span] as Uint32Array)[row] as number;
    if (us === 0) continue;
    const from = plot.x(at, frame.window);
    at += us;
    drawPiece(plot, frame, place, {
      kind: pieces.kindOf(row, span),
      from,
      to: plot.x(at, frame.window),
      us,
      isDimmed,
    });
  }
  if (mark === 'cancelled')
    fadeOut(plot, frame, place, plot.x(data.beginUs[row] as number, frame.window), endX);
  const room = plot.x(nextUs, frame.window) - endX;
  if (mark !== null)
    drawMark(plot, frame, place, { mark, x: endX, status: data.columns.status[row] as number, room });
  context.restore();
}

interface Piece {
  readonly isDimmed: boolean;
  readonly kind: number;
  readonly from: number;
  readonly to: number;
  readonly us: number;
}

function drawPiece(plot: Plot, frame: Frame, place: RowPlace, { kind, from, to, us, isDimmed }: Piece): void {
  const { palette } = frame;
  const name = SLICE_KINDS[kind] as (typeof SLICE_KINDS)[number];
  const { context } = plot;
  const width = Math.max(0.4, to - from > GAP_FROM_PX ? to - from - 1 : to - from);
  const height = Math.max(1, place.height * HEIGHTS[name]);
  const top = place.top + place.height - height;
  context.fillStyle = fillOf(context, frame, kind);
  context.fillRect(from, top, width, height);
  if (place.height < 12 || isDimmed) return;
  const ink = palette.onKinds[name];
  const text = formatDuration(us / 1000);
  const left = Math.max(from, plot.left) + 5;
  const right = Math.min(to, plot.width) - 5;
  if (frame.isForced || ink === undefined || height < 11 || kind === TTFB || right - left < 24) return;
  if (context.measureText(text).width > right - left) return;
  context.fillStyle = ink;
  context.textAlign = 'left';
  context.fillText(text, left, top + height / 2 + 0.5);
}

/** Waits for something of ours are hatched, so that grey paper and colour-blind eyes see whose they are. */
function fillOf(context: CanvasRenderingContext2D, frame: Frame, kind: number): string | CanvasPattern {
  const color = frame.palette.kinds[SLICE_KINDS[kind] as (typeof SLICE_KINDS)[number]];
  if (kind !== PERMIT && kind !== HANDOVER && !frame.isForced) return color;
  return texture(context, kind, color, frame.palette.surface) ?? color;
}

const textures = new Map<string, CanvasPattern | null>();
const TILE = 4;

function texture(
  context: CanvasRenderingContext2D,
  kind: number,
  color: string,
  surface: string,
): CanvasPattern | null {
  const key = `${kind} ${color} ${surface}`;
  const known = textures.get(key);
  if (known !== undefined) return known;
  const tile = document.createElement('canvas');
  [tile.width, tile.height] = [TILE, TILE];
  const drawn = tile.getContext('2d');
  if (drawn === null) return null;
  drawn.fillStyle = mixed(color, surface, 0.2);
  drawn.fillRect(0, 0, TILE, TILE);
  drawn.fillStyle = color;
  for (let x = 0; x < TILE; x++)
    for (let y = 0; y < TILE; y++) if (isInked(kind, x, y)) drawn.fillRect(x, y, 1, 1);
  const pattern = context.createPattern(tile, 'repeat');
  textures.set(key, pattern);
  return pattern;
}

function fadeOut(plot: Plot, { palette }: Frame, place: RowPlace, from: number, to: number): void {
  const { context } = plot;
  const start = from + ((to - from) * 2) / 3;
  const fade = context.createLinearGradient(start, 0, to, 0);
  fade.addColorStop(0, `${palette.surface}00`);
  fade.addColorStop(1, palette.surface);
  context.fillStyle = fade;
  context.fillRect(start, place.top, to - start + 1, place.height);
}

interface Ending {
  readonly mark: Mark;
  readonly x: number;
  readonly status: number;
  /** Pixels to whatever comes next on the row. */
  readonly room: number;
}

/** Shape first, colour second. */
function drawMark(plot: Plot, { palette }: Frame, place: RowPlace, { mark, x, status, room }: Ending): void {
  const { context } = plot;
  context.fillStyle = palette.error;
  context.strokeStyle = palette.error;
  const bottom = place.top + place.height;
  const middle = place.top + place.height / 2;
  if (mark === 'error' || mark === 'retry') context.fillRect(x - 3, place.top, 3, place.height);
  if (mark === 'timeout') {
    context.lineWidth = 2;
    context.beginPath();
    context.moveTo(x - 6, middle);
    context.lineTo(x, middle);
    context.moveTo(x, place.top);
    context.lineTo(x, bottom);
    context.stroke();
  }
  if (place.height < 11) return;
  const words: Readonly<Record<Mark, string>> = {
    ...{ error: `✕ ${status || 'failed'}`, timeout: 'timed out', backoff: '◆ 429' },
    ...{ retry: `✕ ${status || ''}`, cancelled: '⌀ cancelled' },
  };
  const text = words[mark];
  const width = context.measureText(text).width;
  if (width + 8 > room) return;
  const left = Math.max(plot.left + 4, Math.min(x + 5, plot.width - width - 2));
  if (left < x) {
    context.fillStyle = palette.surface;
    context.fillRect(left - 3, middle - 7, width + 6, 14);
  }
  context.textAlign = 'left';
  context.fillStyle = mark === 'cancelled' ? palette.muted : palette.error;
  context.fillText(text, left, middle);
}

/** From the end of one attempt to the begin of the next. */
function drawRetry(
  plot: Plot,
  frame: Frame,
  place: RowPlace,
  [fromUs, toUs]: readonly [number, number],
): void {
  const { context } = plot;
  const from = plot.x(fromUs, frame.window);
  const to = plot.x(toUs, frame.window);
  const y = place.top + place.height / 2;
  context.strokeStyle = frame.palette.axis;
  context.lineWidth = 1;
  context.setLineDash([1, 3]);
  context.beginPath();
  context.moveTo(from, y);
  context.quadraticCurveTo((from + to) / 2, place.top - 4, to, y);
  context.stroke();
  context.setLineDash([]);
  const palette: Palette = frame.palette;
  context.fillStyle = palette.muted;
  context.textAlign = 'right';
  if (place.height >= 11 && to - from > 30) context.fillText('↻', to - 3, y);
}
