// Lanes at any distance: for each lane, or bundle of lanes, the time in each phase summed up over fine columns, so that
// a pixel's exact shares cost two look-ups a phase. Shares are never averaged into one colour, and failures have a
// channel of their own.

import { KIND_COUNT, PERMIT } from '../slices.ts';
import { isFailed } from './ends.ts';
import { addRows, Ramps } from './levels.ts';
import { laneRange, type Pieces, type Span } from './pieces.ts';

/** Sums for all groups together; with five phases some 24 MB. */
const CELLS_MAX = 2 ** 20;
const TICKS_MAX = 0xffff_fff0;

export class LaneTable {
  readonly groups: number;
  readonly lanesPerGroup: number;
  readonly columns: number;
  readonly extent: Span;
  /** By kind; null for kinds that do not occur. Group by group, `columns + 1` sums each, in ticks. */
  readonly sums: readonly (Uint32Array | null)[];
  /** Failures that ended before each column. */
  readonly failed: Uint32Array;
  /** Of one lane, in one column. */
  readonly ticksPerColumn: number;

  constructor(pieces: Pieces, lanesPerGroup: number, mask: Uint8Array | null) {
    const { data, extent } = pieces;
    this.lanesPerGroup = lanesPerGroup;
    this.groups = Math.ceil(data.lanes.length / lanesPerGroup);
    this.columns = columnsFor(this.groups, data.rows);
    this.extent = extent;
    this.ticksPerColumn = TICKS_MAX / this.columns / lanesPerGroup;
    const length = this.groups * (this.columns + 1);
    this.sums = Array.from({ length: KIND_COUNT }, (_, kind) =>
      kind !== PERMIT && pieces.present.includes(kind) ? new Uint32Array(length) : null,
    );
    this.failed = new Uint32Array(length);
    const ramps = new Ramps(extent, this.columns);
    for (let group = 0; group < this.groups; group++) this.#fill(group, pieces, ramps, mask);
  }

  #fill(group: number, pieces: Pieces, ramps: Ramps, mask: Uint8Array | null): void {
    const { data } = pieces;
    const first = laneRange(data, group * this.lanesPerGroup).first;
    const lastLane = Math.min(data.lanes.length, (group + 1) * this.lanesPerGroup) - 1;
    const rows = rowsFrom(first, laneRange(data, lastLane).end);
    ramps.clear();
    addRows(ramps, pieces, rows, mask);
    const base = group * (this.columns + 1);
    for (const [kind, sums] of this.sums.entries())
      if (sums !== null) ramps.sumInto(sums, base, kind, this.ticksPerColumn);
    this.#countFailed(base, pieces, rows, mask);
  }

  #countFailed(base: number, { data, extent }: Pieces, rows: Uint32Array, mask: Uint8Array | null): void {
    const perUs = this.columns / (extent.toUs - extent.fromUs);
    const failed = this.failed;
    for (const row of rows) {
      if (data.columns.outcome[row] === 0 || (mask !== null && mask[row] === 0) || !isFailed(data, row))
        continue;
      const at = Math.floor(((data.endUs[row] as number) - extent.fromUs) * perUs);
      const column = base + 1 + Math.min(this.columns - 1, Math.max(0, at));
      failed[column] = (failed[column] as number) + 1;
    }
    for (let column = base + 1; column <= base + this.columns; column++)
      failed[column] = (failed[column] as number) + (failed[column - 1] as number);
  }

  /** Lanes of this group; the last one may have fewer. */
  lanesOf(group: number, lanes: number): number {
    return Math.min(this.lanesPerGroup, lanes - group * this.lanesPerGroup);
  }

  /** Borders of the window's columns among those of the table. */
  borders({ fromUs, toUs }: Span, columns: number): Float64Array {
    const perUs = this.columns / (this.extent.toUs - this.extent.fromUs);
    const isFine = (toUs - fromUs) * perUs >= columns * 4;
    return Float64Array.from({ length: columns + 1 }, (_, i) => {
      const at = (fromUs + ((toUs - fromUs) * i) / columns - this.extent.fromUs) * perUs;
      const inside = Math.min(this.columns, Math.max(0, at));
      return isFine ? Math.round(inside) : inside;
    });
  }
}

/** A power of two, finer than the attempts of a lane. */
function columnsFor(groups: number, rows: number): number {
  let columns = 1024;
  while (columns * 2 * groups <= CELLS_MAX && columns * groups < rows * 2) columns *= 2;
  while (columns > 64 && columns * groups > CELLS_MAX * 2) columns /= 2;
  return columns;
}

function rowsFrom(first: number, end: number): Uint32Array {
  const rows = new Uint32Array(end - first);
  for (let i = 0; i < rows.length; i++) rows[i] = first + i;
  return rows;
}
