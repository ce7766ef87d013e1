// What a run, or the visible part of it, comes to in numbers: all counted from the rows, so that a caption, a legend
// and a panel that say the same thing say the same number.
import type { Percentiles } from '../../model/record.ts';
import { waitedAtServer, waitedHere } from '../../trace/waiting.ts';
import { type Dataset, LAST, onWireUs, SPLIT } from '../codec/dataset.ts';
import type { Mark } from '../palette.ts';
import { KIND_COUNT, PERMIT } from '../slices.ts';
import { isFailed, markOfRow } from './ends.ts';
import type { Pieces, Span } from './pieces.ts';

export interface WindowFacts {
  /** Attempts that lie in the window, by any part of them. */
  readonly attempts: number;
  /** Requests whose last attempt ended in it, and how many of those not well. */
  readonly ended: number;
  readonly failed: number;
  /** Time spent in each kind of slice within the window, waits for permits included. */
  readonly kindUs: Float64Array;
  /** Of the requests that ended in it: their last attempt, and all from their creation. */
  readonly onWireMs: Percentiles | undefined;
  readonly sinceCreatedMs: Percentiles | undefined;
}

/** When the request of a first attempt was created. */
export function createdUs({ beginUs, columns }: Dataset, firstRow: number): number {
  return (
    (beginUs[firstRow] as number) - (columns.permit[firstRow] as number) - (columns.early[firstRow] as number)
  );
}

/** The attempts of each request that has more than one. */
export class Attempts {
  readonly #data: Dataset;
  readonly #rows = new Map<number, number[]>();

  constructor(data: Dataset) {
    this.#data = data;
    const { request } = data;
    const again = new Set<number>();
    if (request === null) return;
    for (let row = 0; row < data.rows; row++)
      if ((data.columns.number[row] as number) > 1) again.add(request[row] as number);
    if (again.size === 0) return;
    for (const row of data.order) {
      const index = request[row] as number;
      if (!again.has(index)) continue;
      const rows = this.#rows.get(index);
      if (rows) rows.push(row);
      else this.#rows.set(index, [row]);
    }
  }

  /** All attempts of this row's request, first to last. */
  of(row: number): readonly number[] {
    const index = this.#data.request?.[row];
    return (index === undefined ? undefined : this.#rows.get(index)) ?? [row];
  }
}

/** @param rows those that may lie in the window; null for all @param mask rows with 0 are left out */
export function windowFacts(
  pieces: Pieces,
  attempts: Attempts,
  part: { readonly window: Span; readonly rows: Uint32Array | null; readonly mask: Uint8Array | null },
): WindowFacts {
  const { data } = pieces;
  const { rows, mask, window } = part;
  const count = rows === null ? data.rows : rows.length;
  const kindUs = new Float64Array(KIND_COUNT);
  const wire: number[] = [];
  const created: number[] = [];
  let inWindow = 0;
  let failed = 0;
  for (let i = 0; i < count; i++) {
    const row = rows === null ? i : (rows[i] as number);
    if (mask !== null && mask[row] === 0) continue;
    const beginUs = data.beginUs[row] as number;
    const endUs = data.endUs[row] as number;
    addKinds(pieces, row, window, kindUs);
    if (beginUs > window.toUs || endUs < window.fromUs) continue;
    inWindow++;
    if (!((data.columns.flags[row] as number) & LAST) || endUs > window.toUs) continue;
    wire.push(onWireUs(data, row));
    created.push(endUs - createdUs(data, attempts.of(row)[0] ?? row));
    if (isFailed(data, row)) failed++;
  }
  return {
    ...{ attempts: inWindow, ended: wire.length, failed, kindUs },
    onWireMs: percentilesOf(wire),
    sinceCreatedMs: percentilesOf(created),
  };
}

function addKinds(pieces: Pieces, row: number, { fromUs, toUs }: Span, kindUs: Float64Array): void {
  let at = pieces.data.beginUs[row] as number;
  const permit = pieces.permit === null ? 0 : (pieces.permit[row] as number);
  if (permit > 0) addWithin(kindUs, PERMIT, Math.min(at, toUs) - Math.max(at - permit, fromUs));
  for (let span = 0; span < pieces.spans.length; span++) {
    const us = (pieces.spans[span] as Uint32Array)[row] as number;
    if (us === 0) continue;
    addWithin(kindUs, pieces.kindOf(row, span), Math.min(at + us, toUs) - Math.max(at, fromUs));
    at += us;
  }
}

function addWithin(kindUs: Float64Array, kind: number, us: number): void {
  if (us > 0) kindUs[kind] = (kindUs[kind] as number) + us;
}

/** The smallest value that at least that share does not exceed; exact. */
export function percentilesOf(spansUs: readonly number[]): Percentiles | undefined {
  if (spansUs.length === 0) return undefined;
  const sorted = Float64Array.from(spansUs).sort();
  const at = (share: number): number =>
    (sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as number) / 1000;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

/** What the finding of a whole run is made of. */
export interface RunFacts extends WindowFacts {
  readonly requests: number;
  readonly unsent: number;
  readonly wallUs: number;
  /** Requests that did not end well, by their last attempt's mark. */
  readonly marks: Readonly<Partial<Record<Mark, number>>>;
  /** Attempts whose server told its times, and those of them that waited in its queue. */
  readonly reported: number;
  readonly waited: number;
  readonly queueUsMax: number;
  /** Attempts that waited for a permit as long as counts as a wait. */
  readonly permitWaited: number;
  readonly permitUsMax: number;
  /** The server's workers; 0 where it does not say. */
  readonly capacity: number;
}

export function runFacts(pieces: Pieces, attempts: Attempts): RunFacts {
  const { data, extent } = pieces;
  const whole = windowFacts(pieces, attempts, { window: extent, rows: null, mask: null });
  const { flags, queue, service, permit } = data.columns;
  const marks: Partial<Record<Mark, number>> = {};
  const counted = { reported: 0, waited: 0, queueUsMax: 0, permitWaited: 0, permitUsMax: 0, wallUs: 0 };
  for (let row = 0; row < data.rows; row++) {
    if ((flags[row] as number) & SPLIT) {
      counted.reported++;
      const queueMs = (queue[row] as number) / 1000;
      if (waitedAtServer({ queue: queueMs, service: (service[row] as number) / 1000 })) counted.waited++;
      counted.queueUsMax = Math.max(counted.queueUsMax, queue[row] as number);
    }
    if (waitedHere((permit[row] as number) / 1000, onWireUs(data, row) / 1000)) counted.permitWaited++;
    counted.permitUsMax = Math.max(counted.permitUsMax, permit[row] as number);
    counted.wallUs = Math.max(counted.wallUs, data.endUs[row] as number);
    if (!((flags[row] as number) & LAST) || data.columns.outcome[row] === 0) continue;
    const mark = markOfRow(data, row);
    if (mark !== null) marks[mark] = (marks[mark] ?? 0) + 1;
  }
  const unsent = data.unsent.request.length;
  return { ...whole, ...counted, requests: whole.ended + unsent, unsent, marks, capacity: data.capacity };
}
