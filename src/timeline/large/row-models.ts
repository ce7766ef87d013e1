// The same attempts in other rows: a row for each request, with its wait for a permit and its retries inline, or a row
// for each worker of the server, with what it served. Both are data like a run's own, and are drawn by the same code.
import {
  COLUMN_NAMES,
  type ColumnName,
  type Dataset,
  endsOf,
  LAST,
  SPLIT,
  type UnsentRequests,
} from '../codec/dataset.ts';
import { type Numbers, pickedNumbers } from '../codec/numbers.ts';
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
  const { serverWorker, flags, service } = data.columns;
  const names = data.texts.serverWorker.texts;
  const order = workerOrder(names);
  const rank = new Uint32Array(names.length);
  for (const [i, place] of order.entries()) rank[place] = i;
  const served: number[] = [];
  for (let row = 0; row < data.rows; row++)
    if ((flags[row] as number) & SPLIT && serverWorker[row] !== 0 && service[row] !== 0) served.push(row);
  if (served.length === 0) return null;
  const starts = Float64Array.from(served, row => servedFrom(data, row));
  const counts = new Uint32Array(order.length + 1);
  for (const row of served) {
    const next = (rank[serverWorker[row] as number] as number) + 1;
    counts[next] = (counts[next] as number) + 1;
  }
  for (let i = 1; i < counts.length; i++) counts[i] = (counts[i] as number) + (counts[i - 1] as number);
  const places = new Uint32Array(served.length);
  const next = counts.slice();
  for (const i of orderByTime(starts)) {
    const worker = rank[serverWorker[served[i] as number] as number] as number;
    const place = next[worker] as number;
    places[place] = i;
    next[worker] = place + 1;
  }
  const rows = Uint32Array.from(places, i => served[i] as number);
  const zeros = new Uint8Array(rows.length);
  const columns = Object.fromEntries(COLUMN_NAMES.map(name => [name, zeros])) as Record<ColumnName, Numbers>;
  columns.service = pickedNumbers(service, rows);
  columns.outcome = pickedNumbers(data.columns.outcome, rows);
  columns.status = pickedNumbers(data.columns.status, rows);
  columns.flags = pickedNumbers(flags, rows);
  const beginUs = Float64Array.from(places, i => starts[i] as number);
  return {
    data: {
      ...{ ...data, rows: rows.length, request: null, lanes: Uint32Array.from(order), laneFirst: counts },
      ...{ beginUs, endUs: endsOf(beginUs, columns), columns, unsent: NO_UNSENT },
    },
    source: Int32Array.from(rows),
    labels: lane => `worker ${names[order[lane] as number]}`,
    hasPermit: false,
  };
}

/** When the server's worker took it. */
export function servedFrom({ beginUs, columns }: Dataset, row: number): number {
  const { handover, network, ttfb, queue } = columns;
  const before = (handover[row] as number) + (network[row] as number);
  return (beginUs[row] as number) + before + (ttfb[row] as number) + (queue[row] as number);
}
