// The one curve that carries the lesson: how many requests are in which phase, over time. Exact while the requests are
// kept, step by step; in a folded picture the mean of each column.
import type { Grid } from './grid.ts';
import type { PictureModel } from './picture.ts';
import { type DrawnRequest, KIND_COUNT, PERMIT, Slices } from './slices.ts';

export interface PhaseCurve {
  /** Where each step begins; the last one has nobody in any phase. */
  readonly fromsMs: Float64Array;
  /** By step and phase: `levels[step * KIND_COUNT + kind]`. */
  readonly levels: Float64Array;
  readonly peaks: CurvePeaks;
}

/** The highest sums over time. */
export interface CurvePeaks {
  /** Of all phases. */
  readonly all: number;
  readonly inFlight: number;
  readonly waiting: number;
}

/** @param grid the lanes of a folded picture, with the columns to use; not looked at while requests are kept */
export function phaseCurve(picture: PictureModel, grid: Grid | null): PhaseCurve {
  const kept = picture.kept();
  if (kept !== null) return exactCurve(kept);
  const waiting = picture.bins?.waiting;
  return grid === null || waiting === undefined ? exactCurve([]) : foldedCurve(grid, waiting);
}

/** Mean number of requests in each phase, by column. */
export function columnLevels(grid: Grid): Float64Array {
  const levels = new Float64Array(grid.columns * KIND_COUNT);
  for (let row = 0; row < grid.rows; row++)
    for (let column = 0; column < grid.columns; column++)
      for (let kind = 0; kind < KIND_COUNT; kind++) {
        const place = column * KIND_COUNT + kind;
        levels[place] = (levels[place] as number) + grid.at(row, column, kind) / grid.columnMs;
      }
  return levels;
}

/** The same with so many steps of one length: each has the mean of its time. The peak stays what it was. */
export function meanCurve(curve: PhaseCurve, endMs: number, columns: number): PhaseCurve {
  const { fromsMs } = curve;
  const columnMs = endMs / columns;
  const levels = new Float64Array((columns + 1) * KIND_COUNT);
  for (let step = 0; step + 1 < fromsMs.length; step++) {
    const fromMs = Math.max(0, fromsMs[step] as number); // a clock residue before the start is drawn at it
    const toMs = Math.min(endMs, fromsMs[step + 1] as number);
    for (
      let column = Math.max(0, Math.floor(fromMs / columnMs));
      column < columns && column * columnMs < toMs;
      column++
    ) {
      const spanMs = Math.min(toMs, (column + 1) * columnMs) - Math.max(fromMs, column * columnMs);
      for (let kind = 0; kind < KIND_COUNT; kind++) {
        const place = column * KIND_COUNT + kind;
        const level = curve.levels[step * KIND_COUNT + kind] as number;
        levels[place] = (levels[place] as number) + (level * spanMs) / columnMs;
      }
    }
  }
  return {
    fromsMs: Float64Array.from({ length: columns + 1 }, (_, i) => i * columnMs),
    levels,
    peaks: curve.peaks,
  };
}

function exactCurve(kept: readonly DrawnRequest[]): PhaseCurve {
  const changes = changesOf(kept).sort((a, b) => a.atMs - b.atMs);
  const fromsMs: number[] = [];
  const levels: number[] = [];
  const now = new Float64Array(KIND_COUNT);
  for (const [i, { atMs, kind, by }] of changes.entries()) {
    now[kind] = (now[kind] as number) + by;
    if (changes[i + 1]?.atMs === atMs) continue; // all of an instant at once
    fromsMs.push(atMs);
    levels.push(...now);
  }
  return curveOf(Float64Array.from(fromsMs), Float64Array.from(levels));
}

interface Change {
  readonly atMs: number;
  readonly kind: number;
  readonly by: 1 | -1;
}

function changesOf(kept: readonly DrawnRequest[]): Change[] {
  const slices = new Slices();
  const changes: Change[] = [];
  const add = (kind: number, fromMs: number, toMs: number): void => {
    changes.push({ atMs: fromMs, kind, by: 1 }, { atMs: toMs, kind, by: -1 });
  };
  for (const { tries, createdMs, endedMs } of kept) {
    if (tries.length === 0 && endedMs > createdMs) add(PERMIT, createdMs, endedMs);
    for (const one of tries) {
      slices.fill(one);
      for (let i = 0; i < slices.count; i++)
        add(slices.kinds[i] as number, slices.fromsMs[i] as number, slices.tosMs[i] as number);
    }
  }
  return changes;
}

function foldedCurve(grid: Grid, waiting: Grid): PhaseCurve {
  const { columns, columnMs } = grid;
  const levels = new Float64Array((columns + 1) * KIND_COUNT);
  levels.set(columnLevels(grid));
  const waitingLevels = columnLevels(waiting);
  for (let column = 0; column < columns; column++) {
    // The finer column in the middle of this one: a curve of waiting is smooth at this scale.
    const fine = waiting.columnOf((column + 0.5) * columnMs);
    levels[column * KIND_COUNT + PERMIT] = waitingLevels[fine * KIND_COUNT + PERMIT] as number;
  }
  return curveOf(
    Float64Array.from({ length: columns + 1 }, (_, column) => column * columnMs),
    levels,
  );
}

function curveOf(fromsMs: Float64Array, levels: Float64Array): PhaseCurve {
  const peaks = { all: 0, inFlight: 0, waiting: 0 };
  for (let step = 0; step < fromsMs.length; step++) {
    let all = 0;
    for (let kind = 0; kind < KIND_COUNT; kind++) all += levels[step * KIND_COUNT + kind] as number;
    const waiting = levels[step * KIND_COUNT + PERMIT] as number;
    peaks.all = Math.max(peaks.all, all);
    peaks.waiting = Math.max(peaks.waiting, waiting);
    peaks.inFlight = Math.max(peaks.inFlight, all - waiting);
  }
  return { fromsMs, levels, peaks };
}
