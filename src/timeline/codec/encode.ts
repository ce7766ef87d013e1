// A run as blocks of bytes, PCL1: blocks of attempts that can each be read without the others, one block for the order
// of the requests, one for those that were never sent, one for texts. The compressor is handed in.
import { crc32 } from '../../base/crc32.ts';
import {
  type ColumnName,
  type Dataset,
  ORDERED_NAMES,
  ROW_NAMES,
  TEXT_NAMES,
  UNSENT_NAMES,
} from './dataset.ts';
import type { Numbers } from './numbers.ts';
import { packColumns, type ToPack } from './planes.ts';

/** Raw deflate (RFC 1951). */
export type Compress = (bytes: Uint8Array) => Uint8Array;

export const BLOCK_KINDS = ['attempts', 'order', 'unsent', 'texts'] as const;
export type BlockKind = (typeof BLOCK_KINDS)[number];

export interface Block {
  readonly kind: BlockKind;
  /** Of the compressed bytes. */
  readonly crc: number;
  readonly bytes: Uint8Array;
}

/** Rows of one block. */
export const BLOCK_ROWS = 65_536;
/** Columns before those of `ROW_NAMES`: numbers of lanes, their rows in the block, gaps before each row. */
export const LEADING_COLUMNS = 3;

export function* encodeRun(data: Dataset, compress: Compress): Generator<Block> {
  for (let from = 0; from < data.rows; from += BLOCK_ROWS) {
    const to = Math.min(data.rows, from + BLOCK_ROWS);
    yield block('attempts', packColumns(attemptColumns(data, from, to)), compress);
  }
  yield block('order', packColumns(orderColumns(data)), compress);
  yield block('unsent', packColumns(UNSENT_NAMES.map(name => ({ values: data.unsent[name] }))), compress);
  const texts = JSON.stringify(TEXT_NAMES.map(name => data.texts[name]));
  yield block('texts', new TextEncoder().encode(texts), compress);
}

function block(kind: BlockKind, plain: Uint8Array, compress: Compress): Block {
  const bytes = compress(plain);
  return { kind, bytes, crc: crc32(bytes, 0, bytes.length) };
}

function attemptColumns(data: Dataset, from: number, to: number): ToPack[] {
  const lanes: number[] = [];
  const counts: number[] = [];
  const gaps = new Float64Array(to - from);
  for (let lane = 0; lane < data.lanes.length; lane++) {
    const first = Math.max(from, data.laneFirst[lane] as number);
    const end = Math.min(to, data.laneFirst[lane + 1] as number);
    if (first >= end) continue;
    lanes.push(data.lanes[lane] as number);
    counts.push(end - first);
    let before = 0;
    for (let row = first; row < end; row++) {
      gaps[row - from] = (data.beginUs[row] as number) - before;
      before = data.endUs[row] as number;
    }
  }
  const columns: ToPack[] = [{ values: lanes }, { values: counts }, { values: gaps }];
  const part = (name: ColumnName): Numbers => data.columns[name].subarray(from, to);
  for (const name of ROW_NAMES) {
    const values = part(name);
    if (name === 'rest' && isClose(values, part('network')))
      columns.push({ values, minus: LEADING_COLUMNS + ROW_NAMES.indexOf('network') });
    else columns.push({ values });
  }
  return columns;
}

/** Where the way there was taken to be as long as the way back, one of them says both. */
function isClose(values: Numbers, other: Numbers): boolean {
  let close = 0;
  for (let i = 0; i < values.length; i++)
    if (Math.abs((values[i] as number) - (other[i] as number)) <= 2) close++;
  return close * 2 > values.length;
}

/**
 * Requests mostly start in the order of the input, and their URLs were numbered in the order in which they came: along
 * the begins, what is kept is how far each is from the one that would come next. Nearly all are 0.
 */
function orderColumns({ order, request, columns }: Dataset): ToPack[] {
  const indexes = request ?? new Uint8Array(order.length);
  return [indexes, ...ORDERED_NAMES.map(name => columns[name])].map(values => ({
    values: stepsAlong(order, values),
  }));
}

/** How far each value is from one more than the value before it. */
function stepsAlong(order: Uint32Array, values: Numbers): Float64Array {
  const steps = new Float64Array(order.length);
  let next = 0;
  for (let i = 0; i < order.length; i++) {
    const value = values[order[i] as number] as number;
    steps[i] = value - next;
    next = value + 1;
  }
  return steps;
}
