// What set the wall time: the chain of attempts that ends last, each of which could not be served before the one in
// front of it was. Walked backwards from the last end; every instant of the chain belongs to one attempt alone.
import type { Dataset } from '../codec/dataset.ts';
import { laneOf } from '../codec/dataset.ts';
import { KIND_COUNT } from '../slices.ts';
import { Attempts } from './facts.ts';
import { laneRange, Pieces, type Span } from './pieces.ts';
import { byServerWorker, servedFrom } from './row-models.ts';

export interface CriticalPath {
  /** First to last. */
  readonly rows: Uint32Array;
  /** Time of the chain in each kind of slice; with `elsewhereUs` it is the time to the last end. */
  readonly kindUs: Float64Array;
  /** Before the chain began, and between its attempts: backoff, or steps of our own. */
  readonly elsewhereUs: number;
}

/** A shorter wait in the server's queue was not for somebody else. */
const WAIT_US_MIN = 1000;
/** A permit that lay free for longer was not what the next one waited for. */
const HANDOVER_US_MAX = 5000;

/** Of a run in which nothing was sent, no rows and no time. */
export function criticalPath(data: Dataset): CriticalPath {
  const links: Link[] = [];
  let row = lastToEnd(data);
  if (row < 0) return { rows: new Uint32Array(0), kindUs: new Float64Array(KIND_COUNT), elsewhereUs: 0 };
  const before = new Predecessors(data);
  // Each step leads to an attempt that was served, or ended, earlier; the count bounds what a damaged record can do.
  while (row >= 0 && links.length < data.rows) {
    const { row: previous, fromUs } = before.of(row);
    links.push({ row, fromUs });
    row = previous;
  }
  links.reverse();
  return { rows: Uint32Array.from(links, link => link.row), ...timesOf(data, links) };
}

interface Link {
  readonly row: number;
  /** From here on nothing but this attempt itself held up the chain. */
  readonly fromUs: number;
}

class Predecessors {
  readonly #data: Dataset;
  readonly #attempts: Attempts;
  /** For each row, the row that the same worker of the server had before; −1 for none. */
  readonly #servedBefore: Int32Array;

  constructor(data: Dataset) {
    this.#data = data;
    this.#attempts = new Attempts(data);
    this.#servedBefore = servedBefore(data);
  }

  of(row: number): Link {
    return this.#atServer(row) ?? this.#onLane(row) ?? this.#retried(row) ?? this.#none(row);
  }

  /** It waited in the server's queue for the worker that served it. */
  #atServer(row: number): Link | null {
    const { columns } = this.#data;
    if ((columns.queue[row] as number) < WAIT_US_MIN) return null;
    const previous = this.#servedBefore[row] as number;
    return previous < 0 ? null : { row: previous, fromUs: servedFrom(this.#data, row) };
  }

  #retried(row: number): Link | null {
    const rows = this.#attempts.of(row);
    const previous = rows[rows.indexOf(row) - 1];
    if (previous === undefined) return null;
    return { row: previous, fromUs: this.#data.beginUs[row] as number };
  }

  /** It waited for a permit while the one before it on its lane was on, and began when that gave its permit back. */
  #onLane(row: number): Link | null {
    const { columns, beginUs, endUs } = this.#data;
    if (row === laneRange(this.#data, laneOf(this.#data, row)).first) return null;
    const fromUs = beginUs[row] as number;
    const freeUs = fromUs - (endUs[row - 1] as number);
    const hasWaited = (columns.permit[row] as number) > freeUs;
    return hasWaited && freeUs <= HANDOVER_US_MAX ? { row: row - 1, fromUs } : null;
  }

  #none(row: number): Link {
    return { row: -1, fromUs: this.#data.beginUs[row] as number };
  }
}

function servedBefore(data: Dataset): Int32Array {
  const before = new Int32Array(data.rows).fill(-1);
  const served = byServerWorker(data);
  const source = served?.source;
  if (!served || !source) return before;
  for (let worker = 0; worker < served.data.lanes.length; worker++) {
    const { first, end } = laneRange(served.data, worker);
    for (let at = first + 1; at < end; at++) before[source[at] as number] = source[at - 1] as number;
  }
  return before;
}

function lastToEnd({ endUs, rows }: Dataset): number {
  let last = -1;
  for (let row = 0; row < rows; row++)
    if (last < 0 || (endUs[row] as number) > (endUs[last] as number)) last = row;
  return last;
}

/** From where a link begins to where the next does, or to its own end, whichever comes first. */
function timesOf(
  data: Dataset,
  links: readonly Link[],
): { readonly kindUs: Float64Array; readonly elsewhereUs: number } {
  const pieces = new Pieces(data);
  const kindUs = new Float64Array(KIND_COUNT);
  let coveredUs = 0;
  for (const [i, { row, fromUs }] of links.entries()) {
    const endUs = data.endUs[row] as number;
    const part = { fromUs, toUs: Math.max(fromUs, Math.min(links[i + 1]?.fromUs ?? endUs, endUs)) };
    coveredUs += addPart(pieces, row, part, kindUs);
  }
  const last = links.at(-1) as Link;
  return { kindUs, elsewhereUs: Math.max(0, (data.endUs[last.row] as number) - coveredUs) };
}

/** @returns the time that was added */
function addPart(pieces: Pieces, row: number, { fromUs, toUs }: Span, kindUs: Float64Array): number {
  let at = pieces.data.beginUs[row] as number;
  let added = 0;
  for (let span = 0; span < pieces.spans.length; span++) {
    const us = pieces.spans[span]?.[row] as number;
    const within = Math.min(at + us, toUs) - Math.max(at, fromUs);
    at += us;
    if (within <= 0) continue;
    const kind = pieces.kindOf(row, span);
    kindUs[kind] = (kindUs[kind] as number) + within;
    added += within;
  }
  return added;
}
