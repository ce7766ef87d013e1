// The pieces of an attempt, one after another: what every drawing walks over. Columns that are all zero are left out.
import {
  type Dataset,
  PERMIT_SPAN,
  REST_IS_TTFB,
  REST_SPAN,
  SPAN_COUNT,
  SPAN_KINDS,
  SPAN_NAMES,
} from '../codec/dataset.ts';
import type { Numbers } from '../codec/numbers.ts';
import { KIND_COUNT, PERMIT, TTFB } from '../slices.ts';

/** From an instant to another; both in µs. */
export interface Span {
  readonly fromUs: number;
  readonly toUs: number;
}

export class Pieces {
  readonly data: Dataset;
  /** Waits for a permit, which are on no lane; null where nothing waited. */
  readonly permit: Numbers | null;
  /** The spans on the lane that occur, in their order, and the kind of each. */
  readonly spans: readonly Numbers[];
  readonly kinds: readonly number[];
  /** Place of `rest` in `spans`; -1 where it does not occur. */
  readonly rest: number;
  /** Kinds of slices that occur. */
  readonly present: readonly number[];
  /** All attempts, and the waits before them. */
  readonly extent: Span;

  /** @param isInline waits for a permit stand before the attempt in its row, which begins with them */
  constructor(data: Dataset, isInline = false) {
    this.data = data;
    const { permit } = data.columns;
    const hasPermit = hasAny(permit);
    this.permit = hasPermit && !isInline ? permit : null;
    const spans: Numbers[] = [];
    const kinds: number[] = [];
    let rest = -1;
    for (let span = 0; span < SPAN_COUNT; span++) {
      const values = data.columns[SPAN_NAMES[span] as (typeof SPAN_NAMES)[number]];
      if ((span === PERMIT_SPAN && !isInline) || !hasAny(values)) continue;
      if (span === REST_SPAN) rest = spans.length;
      spans.push(values);
      kinds.push(SPAN_KINDS[span] as number);
    }
    this.spans = spans;
    this.kinds = kinds;
    this.rest = rest;
    this.present = presentKinds(data, { kinds, rest, hasPermit });
    this.extent = { fromUs: 0, toUs: lastEnd(data) };
  }

  /** The kind of a span of this row. */
  kindOf(row: number, span: number): number {
    if (span === this.rest && (this.data.columns.flags[row] as number) & REST_IS_TTFB) return TTFB;
    return this.kinds[span] as number;
  }
}

/** A loop, because a million calls of a function take their time. */
function hasAny(values: Numbers): boolean {
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) return true;
  return false;
}

function hasTtfbRest(flags: Numbers): boolean {
  for (let i = 0; i < flags.length; i++) if ((flags[i] as number) & REST_IS_TTFB) return true;
  return false;
}

function presentKinds(
  { columns, unsent }: Dataset,
  found: { readonly kinds: readonly number[]; readonly rest: number; readonly hasPermit: boolean },
): number[] {
  const present = new Set(found.kinds);
  if (found.rest >= 0 && hasTtfbRest(columns.flags)) present.add(TTFB);
  if (found.hasPermit || unsent.request.length > 0) present.add(PERMIT);
  return Array.from({ length: KIND_COUNT }, (_, kind) => kind).filter(kind => present.has(kind));
}

function lastEnd({ endUs, unsent }: Dataset): number {
  let last = 0;
  for (let row = 0; row < endUs.length; row++) if ((endUs[row] as number) > last) last = endUs[row] as number;
  for (let i = 0; i < unsent.endUs.length; i++)
    if ((unsent.endUs[i] as number) > last) last = unsent.endUs[i] as number;
  return Math.max(1, last);
}

/** First row of the lane that ends after this instant; the lane's end when none does. */
export function firstEndingAfter({ endUs }: Dataset, lane: Range, us: number): number {
  let low = lane.first;
  let high = lane.end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((endUs[middle] as number) > us) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** First row of the lane that begins at this instant or later. */
export function firstBeginningFrom({ beginUs }: Dataset, lane: Range, us: number): number {
  let low = lane.first;
  let high = lane.end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((beginUs[middle] as number) >= us) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Rows from `first` up to, not including, `end`. */
export interface Range {
  readonly first: number;
  readonly end: number;
}

export function laneRange({ laneFirst }: Dataset, lane: number): Range {
  return { first: laneFirst[lane] as number, end: laneFirst[lane + 1] as number };
}

/** The rows that lie in the window, lane by lane; null when they are more than `most`. */
export function rowsInWindow(data: Dataset, { fromUs, toUs }: Span, most: number): Uint32Array | null {
  const ranges: Range[] = [];
  let count = 0;
  for (let lane = 0; lane < data.lanes.length; lane++) {
    const range = laneRange(data, lane);
    const first = firstEndingAfter(data, range, fromUs);
    const end = firstBeginningFrom(data, range, toUs);
    if (first >= end) continue;
    count += end - first;
    if (count > most) return null;
    ranges.push({ first, end });
  }
  const rows = new Uint32Array(count);
  let at = 0;
  for (const { first, end } of ranges) for (let row = first; row < end; row++) rows[at++] = row;
  return rows;
}
