// A run as columns, one row for each attempt, ordered by lane and on it by time. This is what the codec carries, what
// the report is written from and what its page draws: both sides work on the same numbers.
import { crc32 } from '../../base/crc32.ts';
import { DOWNLOAD, HANDLER, HANDOVER, NETWORK, PERMIT, QUEUE, SERVICE, TTFB } from '../slices.ts';
import type { Numbers } from './numbers.ts';
import type { TextList } from './text-column.ts';

/** The spans of an attempt in the order in which they follow one another; `rest` is the way back. All in µs. */
export const SPAN_NAMES = [
  ...(['permit', 'handover', 'network', 'ttfb', 'queue', 'service', 'rest', 'download', 'handler'] as const),
] as const;
export type SpanName = (typeof SPAN_NAMES)[number];

/** Everything else that is known of an attempt; texts as places in their list. */
export const FACT_NAMES = [
  ...(['number', 'outcome', 'status', 'flags', 'error', 'serverWorker', 'worker'] as const),
  ...(['url', 'id', 'method', 'bytes', 'early'] as const),
] as const;
export type FactName = (typeof FACT_NAMES)[number];

export type ColumnName = SpanName | FactName;
export const COLUMN_NAMES: readonly ColumnName[] = [...SPAN_NAMES, ...FACT_NAMES];

/** Columns that follow the order of the input: they are kept in the order of begins, where each follows the last. */
export const ORDERED_NAMES = ['url', 'id'] as const;
/** The other columns: they are kept with the rows, and a damaged block costs no more than its own. */
export const ROW_NAMES: readonly ColumnName[] = COLUMN_NAMES.filter(name => name !== 'url' && name !== 'id');

export const ROW_TEXT_NAMES = ['error', 'serverWorker', 'url', 'id', 'method'] as const;
/** The lists of texts: those of the rows, and those of the requests without any. */
export const TEXT_NAMES = [...ROW_TEXT_NAMES, 'unsentError', 'unsentUrl'] as const;
export type TextName = (typeof TEXT_NAMES)[number];

/** Flags of an attempt: the server's times are known; what is left of the wait is not network; it was the last. */
export const SPLIT = 1;
export const REST_IS_TTFB = 2;
export const LAST = 4;

/** The kind of slice of each span; that of `rest` depends on the flag. */
export const SPAN_KINDS: readonly number[] = [
  ...[PERMIT, HANDOVER, NETWORK, TTFB, QUEUE, SERVICE, NETWORK, DOWNLOAD, HANDLER],
];
export const PERMIT_SPAN = 0;
export const REST_SPAN = 6;
export const SPAN_COUNT = SPAN_NAMES.length;

/** Requests that never had an attempt. */
export interface UnsentRequests {
  readonly request: Numbers;
  readonly createdUs: Numbers;
  readonly endUs: Numbers;
  readonly outcome: Numbers;
  readonly error: Numbers;
  readonly url: Numbers;
}
export const UNSENT_NAMES = ['request', 'createdUs', 'endUs', 'outcome', 'error', 'url'] as const;

export interface Dataset {
  readonly rows: number;
  /** Number of each lane, ascending; its rows are from `laneFirst[i]` up to `laneFirst[i + 1]`. */
  readonly lanes: Numbers;
  readonly laneFirst: Uint32Array;
  /** Admission, where the lane begins to be taken: after the wait for a permit. */
  readonly beginUs: Float64Array;
  readonly endUs: Float64Array;
  /** Index of each row's request; null where a damaged file has lost it. */
  readonly request: Numbers | null;
  /** Rows in the order of their begin. */
  readonly order: Uint32Array;
  readonly columns: Readonly<Record<ColumnName, Numbers>>;
  readonly unsent: UnsentRequests;
  readonly texts: Readonly<Record<TextName, TextList>>;
  /** How far off the server's times may be placed, at most. */
  readonly doubtUs: number;
  /** The server's workers, where it says how many; 0 where not. */
  readonly capacity: number;
}

/** Ends follow from begins and spans. */
export function endsOf(
  beginUs: Float64Array,
  columns: Readonly<Record<SpanName, ArrayLike<number>>>,
): Float64Array {
  const endUs = beginUs.slice();
  for (const name of SPAN_NAMES) {
    if (name === 'permit') continue;
    const span = columns[name];
    for (let row = 0; row < endUs.length; row++) endUs[row] = (endUs[row] as number) + (span[row] as number);
  }
  return endUs;
}

/** From the start of the attempt, after any handover, to its end: what the server's neighbours feel. */
export function onWireUs({ beginUs, endUs, columns }: Dataset, row: number): number {
  return (endUs[row] as number) - (beginUs[row] as number) - (columns.handover[row] as number);
}

/** The lane, as a place in `lanes`, that this row is on. */
export function laneOf({ laneFirst }: Pick<Dataset, 'laneFirst'>, row: number): number {
  let low = 0;
  let high = laneFirst.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((laneFirst[middle] as number) <= row) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** One number for all that the columns say, equal for equal data whatever arrays hold it. */
export function hashOf(data: Dataset): string {
  let sum = 0;
  const add = (values: ArrayLike<number>): void => {
    const doubles = Float64Array.from(values);
    const bytes = new Uint8Array(doubles.buffer);
    sum = crc32(bytes, 0, bytes.length, sum);
  };
  add([data.rows, data.doubtUs, data.capacity]);
  for (const values of [data.lanes, data.laneFirst, data.beginUs, data.request ?? []]) add(values);
  for (const name of COLUMN_NAMES) add(data.columns[name]);
  for (const name of UNSENT_NAMES) add(data.unsent[name]);
  const texts = new TextEncoder().encode(JSON.stringify(data.texts));
  sum = crc32(texts, 0, texts.length, sum);
  return (sum >>> 0).toString(16).padStart(8, '0');
}
