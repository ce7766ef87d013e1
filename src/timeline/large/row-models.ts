// The same attempts in other rows: a row for each request, with its wait for a permit and its retries inline, or a row
// for each worker of the server, with what it served. Both are data like a run's own, and are drawn by the same code.
import {
  COLUMN_NAMES,
  type ColumnName,
  type Dataset,
  LAST,
  SPLIT,
  type UnsentRequests,
} from '../codec/dataset.ts';
import { type Numbers, pickedOfKind } from '../codec/numbers.ts';
import { orderByTime } from '../codec/row-order.ts';

export interface RowModel {
  readonly data: Dataset;
  /** The run's own row behind each row; −1 − n for the n-th request that was never sent. Null: they are the same. */
  readonly source: Int32Array | null;
  readonly labels: (lane: number) => string;
  /** Waits for a permit stand in the rows. */
  readonly hasPermit: boolean;
}

const NO_UNSENT: UnsentRequests = {
  ...{ request: new Uint8Array(0), createdUs: new Uint8Array(0), endUs: new Uint8Array(0) },
  ...{ outcome: new Uint8Array(0), error: new Uint8Array(0), url: new Uint8Array(0) },
};

export function byLane(data: Dataset, name: string): RowModel {
  return {
    ...{ data, source: null, hasPermit: false },
    labels: lane => `${name} ${(data.lanes[lane] as number) + 1}`,
  };
}

/** A row for each request, in the order of the input. */
export function byRequest(data: Dataset): RowModel {
  const { unsent, request } = data;
  const sources: { source: number; request: number; number: number }[] = [];
  for (let row = 0; row < data.rows; row++)
    sources.push({
      source: row,
      request: request === null ? row : (request[row] as number),
      number: data.columns.number[row] as number,
    });
  for (let i = 0; i < unsent.request.length; i++)
    sources.push({ source: -1 - i, request: unsent.request[i] as number, number: 0 });
  sources.sort((a, b) => a.request - b.request || a.number - b.number);
  const pick = (own: (row: number) => number, other: (i: number) => number): Float64Array =>
    Float64Array.from(sources, ({ source }) => (source < 0 ? other(-1 - source) : own(source)));
  const columns = {} as Record<ColumnName, Numbers>;
  for (const name of COLUMN_NAMES)
    columns[name] = pick(
      row => data.columns[name][row] as number,
      () => 0,
    );
  columns.outcome = pick(
    row => data.columns.outcome[row] as number,
    i => unsent.outcome[i] as number,
  );
  columns.flags = pick(
    row => data.columns.flags[row] as number,
    () => LAST,
  );
  columns.permit = pick(
    row => data.columns.permit[row] as number,
    i => (unsent.endUs[i] as number) - (unsent.createdUs[i] as number),
  );
  const beginUs = pick(
    row => (data.beginUs[row] as number) - (data.columns.permit[row] as number),
    i => unsent.createdUs[i] as number,
  );
  const requests = request === null ? null : Float64Array.from(sources, one => one.request);
  const { lanes, laneFirst } = laneStarts(sources.map(one => one.request));
  const endUs = pick(
    row => data.endUs[row] as number,
    i => unsent.endUs[i] as number,
  );
  return {
    data: {
      ...{ ...data, rows: sources.length, request: requests, lanes, laneFirst },
      ...{ beginUs, endUs, columns, unsent: NO_UNSENT },
    },
    source: Int32Array.from(sources, one => one.source),
    labels: lane => (request === null ? `attempt ${lane + 1}` : `req ${(lanes[lane] as number) + 1}`),
    hasPermit: true,
  };
}

function laneStarts(keys: readonly number[]): { lanes: Numbers; laneFirst: Uint32Array } {
  const lanes: number[] = [];
  const firsts: number[] = [];
  for (const [row, key] of keys.entries()) {
    if (row > 0 && keys[row - 1] === key) continue;
    lanes.push(key);
    firsts.push(row);
  }
  firsts.push(keys.length);
  return { lanes: Float64Array.from(lanes), laneFirst: Uint32Array.from(firsts) };
}

/** Names of the server's workers that are numbers stand in their order, the others after them. */
function workerOrder(names: readonly string[]): number[] {
  return names
    .map((_, place) => place)
    .slice(1)
    .sort((a, b) => {
      const [left, right] = [Number(names[a]), Number(names[b])];
      if (Number.isNaN(left) || Number.isNaN(right))
        return Number(Number.isNaN(left)) - Number(Number.isNaN(right)) || a - b;
      return left - right;
    });
}

/** A row for each worker that the server named; null where it named none. */
export function byServerWorker(data: Dataset): RowModel | null {
  const names = data.texts.serverWorker.texts;
  const order = workerOrder(names);
  const { rows, firsts } = servedRows(data, order);
  if (rows.length === 0) return null;
  // Row by row first, then in the other order: the columns are long, and jumping about in five of them is slow.
  const servedUs = new Float64Array(data.rows);
  for (let row = 0; row < data.rows; row++) servedUs[row] = servedFrom(data, row);
  const beginUs = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) beginUs[i] = servedUs[rows[i] as number] as number;
  for (let worker = 0; worker < order.length; worker++)
    sortRows(rows, beginUs, firsts[worker] as number, firsts[worker + 1] as number);
  const { service, outcome, status, flags } = data.columns;
  const zeros = new Uint8Array(rows.length);
  const columns = Object.fromEntries(COLUMN_NAMES.map(name => [name, zeros])) as Record<ColumnName, Numbers>;
  columns.service = pickedOfKind(service, rows);
  columns.outcome = pickedOfKind(outcome, rows);
  columns.status = pickedOfKind(status, rows);
  columns.flags = pickedOfKind(flags, rows);
  const endUs = beginUs.slice();
  for (let i = 0; i < endUs.length; i++) endUs[i] = (endUs[i] as number) + (columns.service[i] as number);
  return {
    data: {
      ...{ ...data, rows: rows.length, request: null, lanes: Uint32Array.from(order), laneFirst: firsts },
      ...{ beginUs, endUs, columns, unsent: NO_UNSENT },
    },
    source: new Int32Array(rows.buffer),
    labels: lane => `worker ${names[order[lane] as number]}`,
    hasPermit: false,
  };
}

/** Rows that a named worker served: worker by worker, in the order of their begins. */
function servedRows(data: Dataset, order: readonly number[]): { rows: Uint32Array; firsts: Uint32Array } {
  const { serverWorker, flags, service } = data.columns;
  const rank = new Uint32Array(data.texts.serverWorker.texts.length);
  for (const [i, place] of order.entries()) rank[place] = i;
  const isServed = (row: number): boolean =>
    ((flags[row] as number) & SPLIT) !== 0 && serverWorker[row] !== 0 && service[row] !== 0;
  const firsts = new Uint32Array(order.length + 1);
  for (let row = 0; row < data.rows; row++) {
    if (!isServed(row)) continue;
    const next = (rank[serverWorker[row] as number] as number) + 1;
    firsts[next] = (firsts[next] as number) + 1;
  }
  for (let i = 1; i < firsts.length; i++) firsts[i] = (firsts[i] as number) + (firsts[i - 1] as number);
  const rows = new Uint32Array(firsts.at(-1) ?? 0);
  const next = firsts.slice();
  for (let i = 0; i < data.order.length; i++) {
    const row = data.order[i] as number;
    if (!isServed(row)) continue;
    const worker = rank[serverWorker[row] as number] as number;
    const place = next[worker] as number;
    rows[place] = row;
    next[worker] = place + 1;
  }
  return { rows, firsts };
}

/** Further than this out of order, another way to sort is quicker. */
const MOVES_MAX = 4;

/** First come, first served: by begin they are nearly in the order in which they were served. */
function sortRows(rows: Uint32Array, beginUs: Float64Array, from: number, to: number): void {
  let moves = (to - from) * MOVES_MAX;
  for (let i = from + 1; i < to; i++) {
    const row = rows[i] as number;
    const us = beginUs[i] as number;
    let at = i;
    while (at > from && (beginUs[at - 1] as number) > us && moves > 0) {
      rows[at] = rows[at - 1] as number;
      beginUs[at] = beginUs[at - 1] as number;
      at--;
      moves--;
    }
    rows[at] = row;
    beginUs[at] = us;
    if (moves === 0) {
      sortPlainly(rows, beginUs, from, to);
      return;
    }
  }
}

function sortPlainly(rows: Uint32Array, beginUs: Float64Array, from: number, to: number): void {
  const [ownRows, ownUs] = [rows.slice(from, to), beginUs.slice(from, to)];
  for (const [i, place] of orderByTime(ownUs).entries()) {
    rows[from + i] = ownRows[place] as number;
    beginUs[from + i] = ownUs[place] as number;
  }
}

/** When the server's worker took it. */
export function servedFrom({ beginUs, columns }: Dataset, row: number): number {
  const { handover, network, ttfb, queue } = columns;
  const before = (handover[row] as number) + (network[row] as number);
  return (beginUs[row] as number) + before + (ttfb[row] as number) + (queue[row] as number);
}
