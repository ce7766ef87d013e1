// The filter of a page: words that must all fit, each a name, how to compare, and a value. `-` before a word turns it
// round; a word without a name is looked for in URLs and errors.
//
//   status:5xx  outcome:timeout  lane:3  worker:2  attempt>1  url:/items/*  error:ECONN  phase.queue>500ms
//   latency>p99  latency>1s  bytes>64kB  t:1.2s-1.4s  is:failed  -is:failed  is:critical
import { parseDuration, parseSize } from '../../base/units.ts';
import { OUTCOMES } from '../../model/outcome.ts';
import { type Dataset, onWireUs, SPAN_NAMES, type SpanName, type TextName } from '../codec/dataset.ts';
import { criticalPath } from './critical-path.ts';
import { isFailed } from './ends.ts';

type Test = (row: number) => boolean;

export interface FilterTerm {
  /** As the user wrote it. */
  readonly text: string;
  /** Why it cannot be understood; null when it can. */
  readonly problem: string | null;
}

export interface Filter {
  readonly terms: readonly FilterTerm[];
  /** 1 for each row that fits; null when there is nothing to fit. */
  readonly mask: Uint8Array | null;
}

const WORD = /(-)?(?:([a-z.]+)(:|>=|<=|>|<|=))?(?:"([^"]*)"|(\S+))/gi;
const DURATION_HINT = 'a duration such as 500ms or 1.2s';

/** @param percentile of the time on the wire, in µs */
export function readFilter(text: string, data: Dataset, percentile: (share: number) => number): Filter {
  const terms: FilterTerm[] = [];
  const tests: Test[] = [];
  for (const [word, minus, name, operator, quoted, plain] of text.matchAll(WORD)) {
    const asked = {
      name: (name ?? '').toLowerCase(),
      operator: operator ?? ':',
      value: quoted ?? plain ?? '',
    };
    try {
      const test = testOf(asked, data, percentile);
      tests.push(minus ? row => !test(row) : test);
      terms.push({ text: word, problem: null });
    } catch (error) {
      terms.push({ text: word, problem: error instanceof Error ? error.message : String(error) });
    }
  }
  return { terms, mask: tests.length === 0 ? null : maskOf(data.rows, tests) };
}

function maskOf(rows: number, tests: readonly Test[]): Uint8Array {
  const mask = new Uint8Array(rows).fill(1);
  for (const test of tests)
    for (let row = 0; row < rows; row++) if (mask[row] === 1 && !test(row)) mask[row] = 0;
  return mask;
}

interface Asked {
  readonly name: string;
  readonly operator: string;
  readonly value: string;
}

function testOf(asked: Asked, data: Dataset, percentile: (share: number) => number): Test {
  const { name, value } = asked;
  const { columns } = data;
  if (name.startsWith('phase.')) return spanTest(asked, data);
  switch (name) {
    case '':
      return either(textTest(data, 'url', value), textTest(data, 'error', value));
    case 'url':
    case 'error':
    case 'method':
    case 'id':
      return textTest(data, name, value);
    case 'worker':
      return exactTextTest(data, 'serverWorker', value);
    case 'status':
      return statusTest(asked, data);
    case 'outcome':
      return outcomeTest(value, data);
    case 'lane':
      return laneTest(asked, data);
    case 'attempt':
      return compared(asked, wholeNumber(value), row => columns.number[row] as number);
    case 'bytes':
      return compared(asked, parseSize(value, 'bytes'), row => columns.bytes[row] as number);
    case 'request':
      return compared(asked, wholeNumber(value) - 1, row => data.request?.[row] ?? -1);
    case 'latency':
      return compared(asked, latencyOf(value, percentile), row => onWireUs(data, row));
    case 't':
      return timeTest(value, data);
    case 'is':
      return isTest(value, data);
    default:
      throw new Error(`There is no '${name}'. Names: ${NAMES}.`);
  }
}

const NAMES =
  'status, outcome, lane, worker, attempt, request, url, error, method, id, bytes, latency, phase.queue, t, is';

function compared({ operator }: Asked, than: number, read: (row: number) => number): Test {
  if (operator === '>') return row => read(row) > than;
  if (operator === '>=') return row => read(row) >= than;
  if (operator === '<') return row => read(row) < than;
  if (operator === '<=') return row => read(row) <= than;
  return row => read(row) === than;
}

function either(a: Test, b: Test): Test {
  return row => a(row) || b(row);
}

/** `*` stands for anything; without one, the text may stand anywhere. */
function textTest(
  { columns, texts }: Dataset,
  name: TextName & keyof Dataset['columns'],
  value: string,
): Test {
  const parts = value.toLowerCase().split('*');
  const fits = texts[name].texts.map(text => text !== '' && hasInOrder(text.toLowerCase(), parts));
  return row => fits[columns[name][row] as number] === true;
}

/** All parts, one after another, whatever stands between them. */
function hasInOrder(text: string, parts: readonly string[]): boolean {
  let from = 0;
  for (const part of parts) {
    const at = text.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return true;
}

function exactTextTest({ columns, texts }: Dataset, name: 'serverWorker', value: string): Test {
  const place = texts[name].texts.indexOf(value);
  return row => place > 0 && columns[name][row] === place;
}

function statusTest(asked: Asked, { columns }: Dataset): Test {
  const family = /^([1-5])xx$/i.exec(asked.value);
  if (family) return row => Math.floor((columns.status[row] as number) / 100) === Number(family[1]);
  if (asked.value === 'none') return row => columns.status[row] === 0;
  return compared(asked, wholeNumber(asked.value), row => columns.status[row] as number);
}

function outcomeTest(value: string, { columns }: Dataset): Test {
  const place = (OUTCOMES as readonly string[]).indexOf(value.toLowerCase());
  if (place < 0) throw new Error(`There is no outcome '${value}'. Outcomes: ${OUTCOMES.join(', ')}.`);
  return row => columns.outcome[row] === place;
}

function laneTest(asked: Asked, { lanes, laneFirst, rows }: Dataset): Test {
  const laneOfRow = new Uint32Array(rows);
  for (let lane = 0; lane < lanes.length; lane++)
    laneOfRow.fill((lanes[lane] as number) + 1, laneFirst[lane], laneFirst[lane + 1]);
  return compared(asked, wholeNumber(asked.value), row => laneOfRow[row] as number);
}

function spanTest(asked: Asked, { columns }: Dataset): Test {
  const span = asked.name.slice('phase.'.length) as SpanName;
  if (!SPAN_NAMES.includes(span))
    throw new Error(`There is no phase '${span}'. Phases: ${SPAN_NAMES.join(', ')}.`);
  return compared(asked, durationUs(asked.value), row => columns[span][row] as number);
}

function latencyOf(value: string, percentile: (share: number) => number): number {
  const rank = /^p(\d{1,2}(?:\.\d+)?)$/i.exec(value);
  return rank ? percentile(Number(rank[1]) / 100) : durationUs(value);
}

function timeTest(value: string, { beginUs, endUs }: Dataset): Test {
  const [from, to] = value.split('-');
  if (from === undefined || to === undefined) throw new Error(`t: expected two times such as 1.2s-1.4s.`);
  const [fromUs, toUs] = [durationUs(from), durationUs(to)];
  return row => (beginUs[row] as number) < toUs && (endUs[row] as number) > fromUs;
}

function isTest(value: string, data: Dataset): Test {
  if (value === 'failed') return row => isFailed(data, row);
  if (value === 'ok') return row => data.columns.outcome[row] === 0;
  if (value === 'retried') return row => (data.columns.number[row] as number) > 1;
  if (value === 'critical') return rowTest(criticalPath(data).rows, data.rows);
  throw new Error(`There is no 'is:${value}'. Write is:failed, is:ok, is:retried or is:critical.`);
}

function rowTest(chosen: Uint32Array, rows: number): Test {
  const isChosen = new Uint8Array(rows);
  for (const row of chosen) isChosen[row] = 1;
  return row => isChosen[row] === 1;
}

function durationUs(value: string): number {
  try {
    return parseDuration(value, 'time') * 1000;
  } catch {
    throw new Error(`'${value}' is not ${DURATION_HINT}.`);
  }
}

function wholeNumber(value: string): number {
  if (!/^\d+$/.test(value)) throw new Error(`'${value}' is not a whole number.`);
  return Number(value);
}
