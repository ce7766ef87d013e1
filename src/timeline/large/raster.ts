// Lanes as pixels, without a canvas: the same code draws in a page and in a test. Columns of shares where attempts are
// narrower than a few pixels, lines of slices where they are wider.

import { HEIGHTS, mixed, type Palette, pixelOf } from '../looks.ts';
import {
  DOWNLOAD,
  HANDOVER,
  IN_FLIGHT,
  KIND_COUNT,
  NETWORK,
  PERMIT,
  QUEUE,
  SLICE_KINDS,
  TTFB,
} from '../slices.ts';
import { isFailed } from './ends.ts';
import type { LaneTable } from './lane-table.ts';
import { firstEndingAfter, laneRange, type Pieces, type Span } from './pieces.ts';

/** A canvas's bytes, as one number for each pixel. */
export interface Bitmap {
  readonly pixels: Uint32Array;
  readonly width: number;
  readonly height: number;
}

export interface RowPlace {
  readonly top: number;
  readonly height: number;
}

export interface Inks {
  readonly surface: number;
  readonly error: number;
  /** By kind. */
  readonly kinds: Uint32Array;
  /** The same for what the filter does not match. */
  readonly dimmed: Uint32Array;
  /** All kinds have one colour: a texture tells them apart. */
  readonly isTextured: boolean;
}

/** Whether a texture of this kind has ink at this pixel; `service` and `handler` are solid. */
export function isInked(kind: number, x: number, y: number): boolean {
  if (kind === PERMIT) return ((x + y) & 3) < 2;
  if (kind === HANDOVER) return ((x - y) & 3) < 2;
  if (kind === NETWORK) return (x & 3) === 0 || (y & 3) === 0;
  if (kind === QUEUE) return (y & 3) < 2;
  if (kind === TTFB) return (x & 1) === 0 && (y & 1) === 0;
  return kind !== DOWNLOAD || (x & 3) < 2;
}

export function inksOf(palette: Palette, isTextured = false): Inks {
  const of = (share: number): Uint32Array =>
    Uint32Array.from(SLICE_KINDS, kind => pixelOf(mixed(palette.kinds[kind], palette.surface, share)));
  return {
    surface: pixelOf(palette.surface),
    error: pixelOf(palette.error),
    kinds: of(1),
    dimmed: of(0.22),
    isTextured,
  };
}

/** Each column of pixels shows the shares of its time, stacked; the matching part below, in full colour. */
export function drawShares(
  bitmap: Bitmap,
  place: RowPlace,
  drawn: {
    readonly table: LaneTable;
    /** Of the rows that the filter matches; null without a filter. */
    readonly matching: LaneTable | null;
    readonly group: number;
    readonly lanes: number;
    readonly borders: Float64Array;
    readonly inks: Inks;
  },
): void {
  const { table, matching, group, lanes, borders, inks } = drawn;
  const perColumn = table.ticksPerColumn * table.lanesOf(group, lanes);
  const { failed } = matching ?? table;
  const base = group * (table.columns + 1);
  const layers = layersOf(table, matching, inks);
  // Where a column begins is where the one before ended: each border is looked up once.
  const before = layers.map(({ sums }) => valueAt(sums, base, borders[0] as number));
  const beforeLess = layers.map(({ less }) => less && valueAt(less, base, borders[0] as number));
  const hasFailed = (failed[base + table.columns] as number) > 0;
  const bottom = place.top + place.height;
  const { pixels, width } = bitmap;
  for (let column = 0; column < width; column++) {
    const from = borders[column] as number;
    const to = borders[column + 1] as number;
    if (!(to > from)) continue;
    const scale = place.height / ((to - from) * perColumn);
    let filled = 0;
    let y = bottom;
    for (let i = 0; i < layers.length; i++) {
      const { sums, less, ink, kind } = layers[i] as Layer;
      const sum = valueAt(sums, base, to);
      let ticks = sum - (before[i] as number);
      before[i] = sum;
      if (less !== null) {
        const lessSum = valueAt(less, base, to);
        ticks -= lessSum - (beforeLess[i] as number);
        beforeLess[i] = lessSum;
      }
      if (ticks <= 0) continue;
      filled += ticks * scale;
      const next = Math.max(place.top, bottom - Math.round(filled));
      for (; y > next; y--)
        if (!inks.isTextured || isInked(kind, column, y - 1)) pixels[(y - 1) * width + column] = ink;
    }
    if (hasFailed && between(failed, base, Math.floor(from), Math.ceil(to)) > 0)
      drawTick(bitmap, place, column, inks.error);
  }
}

interface Layer {
  readonly sums: Uint32Array;
  /** What of it was drawn already, in another ink. */
  readonly less: Uint32Array | null;
  readonly ink: number;
  readonly kind: number;
}

/** Bottom-up: what matches, and above it the rest. */
function layersOf(table: LaneTable, matching: LaneTable | null, inks: Inks): Layer[] {
  const layers: Layer[] = [];
  for (const shownTable of matching === null ? [table] : [matching, table]) {
    const isRest = matching !== null && shownTable === table;
    for (const kind of IN_FLIGHT) {
      const sums = shownTable.sums[kind];
      const ink = (isRest ? inks.dimmed : inks.kinds)[kind] as number;
      if (sums) layers.push({ sums, less: isRest ? (matching.sums[kind] ?? null) : null, ink, kind });
    }
  }
  return layers;
}

function between(sums: Uint32Array, base: number, from: number, to: number): number {
  return valueAt(sums, base, to) - valueAt(sums, base, from);
}

function valueAt(sums: Uint32Array, base: number, at: number): number {
  const whole = Math.floor(at);
  const low = sums[base + whole] as number;
  return at === whole ? low : low + ((sums[base + whole + 1] as number) - low) * (at - whole);
}

/** A failure, never smaller than two by two pixels. */
function drawTick({ pixels, width }: Bitmap, { top, height }: RowPlace, column: number, ink: number): void {
  const left = Math.min(column, width - 2);
  const bottom = top + Math.max(2, Math.min(3, height >> 2));
  for (let y = top; y < bottom; y++) {
    pixels[y * width + left] = ink;
    pixels[y * width + left + 1] = ink;
  }
}

/** Kinds of a line of pixels: 0 for none, else the kind and 1, and 16 more where the filter does not match. */
const DIMMED = 16;
/** Wide pieces leave a pixel of surface before the next. */
const GAP_FROM_PX = 4;

/** One lane, each pixel in the colour of the slice at its middle. */
export function drawLine(
  bitmap: Bitmap,
  place: RowPlace,
  drawn: {
    readonly pieces: Pieces;
    readonly lane: number;
    readonly window: Span;
    readonly mask: Uint8Array | null;
    readonly inks: Inks;
    /** At least as long as the bitmap is wide; kept from lane to lane. */
    readonly line: Uint8Array;
  },
): void {
  const { pieces, lane, window, mask, inks, line } = drawn;
  const { data } = pieces;
  const range = laneRange(data, lane);
  const perUs = bitmap.width / (window.toUs - window.fromUs);
  line.fill(0, 0, bitmap.width);
  const ticks: number[] = [];
  for (let row = firstEndingAfter(data, range, window.fromUs); row < range.end; row++) {
    let at = data.beginUs[row] as number;
    if (at >= window.toUs) break;
    const dimmed = mask !== null && mask[row] === 0 ? DIMMED : 0;
    for (let span = 0; span < pieces.spans.length; span++) {
      const us = (pieces.spans[span] as Uint32Array)[row] as number;
      if (us === 0) continue;
      const from = Math.max(0, Math.round((at - window.fromUs) * perUs));
      at += us;
      const to = Math.min(bitmap.width, Math.round((at - window.fromUs) * perUs));
      if (to <= from) continue;
      const code = pieces.kindOf(row, span) + 1 + dimmed;
      line.fill(code, from, to - from >= GAP_FROM_PX && to < bitmap.width ? to - 1 : to);
    }
    if (dimmed === 0 && data.columns.outcome[row] !== 0 && isFailed(data, row)) {
      const x = Math.floor((at - window.fromUs) * perUs);
      if (x >= 0 && x < bitmap.width + 1) ticks.push(Math.max(0, x - 1));
    }
  }
  paintLine(bitmap, place, line, inks);
  for (const x of ticks) drawTick(bitmap, place, x, inks.error);
}

/** The line of kinds, as often as the row is high; each kind only up to its own height. */
function paintLine({ pixels, width }: Bitmap, { top, height }: RowPlace, line: Uint8Array, inks: Inks): void {
  let before = -1;
  for (let y = 0; y < height; y++) {
    const share = (height - y - 0.5) / height;
    const code = HEIGHT_STEPS.findIndex(step => share <= step);
    const start = (top + y) * width;
    if (code === before && !inks.isTextured) {
      pixels.copyWithin(start, start - width, start);
      continue;
    }
    before = code;
    for (let x = 0; x < width; x++) {
      const kind = line[x] as number;
      if (kind === 0) continue;
      const plain = (kind & (DIMMED - 1)) - 1;
      if ((KIND_HEIGHTS[plain] as number) < share) continue;
      if (inks.isTextured && !isInked(plain, x, y)) continue;
      pixels[start + x] = (kind >= DIMMED ? inks.dimmed : inks.kinds)[plain] as number;
    }
  }
}

const KIND_HEIGHTS: readonly number[] = Array.from(
  { length: KIND_COUNT },
  (_, kind) => HEIGHTS[SLICE_KINDS[kind] as (typeof SLICE_KINDS)[number]],
);
const HEIGHT_STEPS: readonly number[] = [...new Set(KIND_HEIGHTS)].sort((a, b) => a - b);
