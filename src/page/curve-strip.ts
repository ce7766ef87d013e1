// The strip that carries the lesson: how many requests are in which phase. Blue fills up to the dashed line; orange
// above it is overload; grey above the solid line waits with us.
import { formatCount } from '../base/units.ts';
import { type Bitmap, isInked } from '../timeline/large/raster.ts';
import type { RunHead } from '../timeline/large/report-head.ts';
import { KIND_COUNT, PERMIT, STACK } from '../timeline/slices.ts';
import type { Frame, Plot } from './plot.ts';

export interface Curve {
  /** Mean level in each column of device pixels, by kind. */
  readonly levels: readonly Float64Array[];
  /** The same for what the filter matches. */
  readonly matching: readonly Float64Array[] | null;
}

export interface CurveLines {
  /** The server's workers; 0 where it does not say. */
  readonly capacity: number;
  /** Attempts in flight at most; null for no limit. */
  readonly limit: number | null;
  /** In place of it, a limit that changed: from when on it was which. */
  readonly limitSteps: RunHead['limitSteps'];
  /** Level at the upper edge. */
  readonly most: number;
}

/** Where more wait than so many times what is in flight, they would press everything else flat: they are cut off. */
const PERMIT_TIMES_MAX = 4;
const CUT_TIMES = 1.5;
const TOP = 8;

/** The level at the upper edge of a strip that shows these. */
export function curveMost(levels: readonly Float64Array[], lines: Omit<CurveLines, 'most'>): number {
  const columns = levels[0]?.length ?? 0;
  let inFlight = 1;
  let all = 1;
  for (let column = 0; column < columns; column++) {
    let sum = 0;
    for (let kind = 0; kind < KIND_COUNT; kind++)
      if (kind !== PERMIT) sum += (levels[kind] as Float64Array)[column] as number;
    inFlight = Math.max(inFlight, sum);
    all = Math.max(all, sum + ((levels[PERMIT] as Float64Array)[column] as number));
  }
  const wanted = Math.max(inFlight, lines.capacity, Math.min(lines.limit ?? 0, inFlight * 1.5));
  return Math.max(wanted, all > wanted * PERMIT_TIMES_MAX ? wanted * CUT_TIMES : all) * 1.04;
}

export function drawCurve(plot: Plot, frame: Frame, curve: Curve, lines: CurveLines): void {
  const { palette, inks } = frame;
  const bitmap = plot.bitmap(inks.surface);
  const top = Math.round(TOP * plot.scale);
  const area = { bitmap, top, perLevel: (bitmap.height - top) / lines.most };
  if (curve.matching) stackColumns(area, curve.levels, inks.dimmed, inks.isTextured);
  const clipped = stackColumns(area, curve.matching ?? curve.levels, inks.kinds, inks.isTextured);
  plot.put();
  const y = (level: number): number => plot.height - ((plot.height - TOP) * level) / lines.most;
  drawScale(plot, frame, lines, y);
  if (clipped > 0)
    plot.note(`▲ up to ${formatCount(Math.ceil(clipped))} with those that wait`, TOP + 6, palette);
  plot.glow(frame);
}

interface Area {
  readonly bitmap: Bitmap;
  readonly top: number;
  readonly perLevel: number;
}

/** @returns the highest level that did not fit; 0 when all did */
function stackColumns(
  { bitmap, top, perLevel }: Area,
  levels: readonly Float64Array[],
  inks: Uint32Array,
  isTextured: boolean,
): number {
  let clipped = 0;
  const present = STACK.filter(kind => (levels[kind] as Float64Array).some(level => level > 0));
  for (let column = 0; column < bitmap.width; column++) {
    let level = 0;
    let y = bitmap.height;
    for (const kind of present) {
      level += (levels[kind] as Float64Array)[column] as number;
      const next = Math.max(top, Math.round(bitmap.height - level * perLevel));
      const ink = inks[kind] as number;
      const isPlain = kind !== PERMIT && !isTextured;
      while (y > next) {
        y--;
        if (isPlain || isInked(kind, column, y)) bitmap.pixels[y * bitmap.width + column] = ink;
      }
    }
    if (bitmap.height - level * perLevel < top - 1) clipped = Math.max(clipped, level);
  }
  return clipped;
}

function drawScale(plot: Plot, frame: Frame, lines: CurveLines, y: (level: number) => number): void {
  const { palette } = frame;
  const { capacity, limit, most } = lines;
  const step = niceCount(most / 4);
  const marks = [capacity, limit ?? 0].filter(level => level > 0 && level <= most);
  for (let level = step; level <= most; level += step) {
    const isFree =
      marks.every(mark => Math.abs(y(mark) - y(level)) > 11) && y(level) > 18 && y(level) < plot.height - 16;
    if (isFree) plot.label(formatCount(level), y(level), palette.muted);
  }
  if (marks.every(mark => plot.height - 6 - y(mark) > 11)) plot.label('0', plot.height - 6, palette.muted);
  if (capacity > 0 && capacity <= most) {
    plot.line(y(capacity), palette.surface, [], plot.left, 3);
    plot.line(y(capacity), palette.capacity, [4, 3], plot.left, 1.5);
    plot.note(`server: ${formatCount(capacity)} workers`, y(capacity) - 8, palette, palette.capacity);
    plot.label(formatCount(capacity), y(capacity), palette.text);
  }
  drawFoundLimit(plot, frame, lines, level => y(Math.min(level, most)));
  if (limit !== null && limit <= most) {
    plot.line(y(limit), palette.surface, [], plot.left, 3.5);
    plot.line(y(limit), palette.limit, [], plot.left, 1.5);
    const isNear = capacity > 0 && Math.abs(y(limit) - y(capacity)) < 16;
    plot.note(`our limit ${formatCount(limit)}`, y(limit) + (isNear ? 9 : -8), palette);
    plot.label(formatCount(limit), y(limit), palette.text);
  }
}

/** As a line of steps, and at its end in words what it came to. */
function drawFoundLimit(
  plot: Plot,
  { palette, window: shown }: Frame,
  { limitSteps: steps, capacity }: CurveLines,
  y: (level: number) => number,
): void {
  const last = steps.at(-1);
  if (last === undefined) return;
  const { context } = plot;
  for (const [color, width] of [
    [palette.surface, 3.5],
    [palette.limit, 1.5],
  ] as const) {
    context.strokeStyle = color;
    context.lineWidth = width;
    context.beginPath();
    for (const [i, [fromUs, limit]] of steps.entries()) {
      const x = Math.max(plot.left, plot.x(fromUs, shown));
      if (i > 0) context.lineTo(x, y((steps[i - 1] as readonly [number, number])[1]));
      else context.moveTo(x, y(limit));
      context.lineTo(x, y(limit));
    }
    context.lineTo(plot.width, y(last[1]));
    context.stroke();
  }
  // Above the words at the server's line, which is where a found limit comes to lie.
  const nearest = Math.min(y(last[1]), capacity > 0 ? y(capacity) - 14 : y(last[1]));
  plot.note('limit found', nearest - 8, palette);
}

function niceCount(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  for (const digit of [1, 2, 5, 10]) if (digit * power >= least) return digit * power;
  return 10 * power;
}
