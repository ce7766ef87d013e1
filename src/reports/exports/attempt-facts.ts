// What a trace viewer shows of an attempt beside its bar: its name, and facts of the record under the record's names.
import { isRefusal } from '../../model/attempt.ts';
import type { RequestLine, TryLine } from '../../model/record.ts';
import type { Slices } from '../../timeline/slices.ts';

/** Every name there may be; a format that numbers its names numbers these. */
export const FACT_NAMES = [
  ...(['request', 'attempt', 'id', 'method', 'url', 'outcome', 'status', 'worker', 'bytes'] as const),
  ...(['retryAfterMs', 'noRetry', 'code', 'message', 'serverDoubtMs'] as const),
] as const;
export type FactName = (typeof FACT_NAMES)[number];
export type Facts = readonly (readonly [name: FactName, value: string | number])[];

/** Viewers show a line of it, and hold it for each attempt. */
const TEXT_CHARS_MAX = 1000;
const METHOD_CHARS_MAX = 20;

/** `GET 200`, `GET timeout`: few different ones, as viewers colour by name. */
export function attemptName({ method }: RequestLine, { status, outcome }: TryLine): string {
  return `${cut(method, METHOD_CHARS_MAX)} ${status ?? outcome}`;
}

/** What is marked at the end of an attempt, beside its outcome's word; null for one that ended well. */
export function endingName(one: TryLine): string | null {
  if (isRefusal(one)) return `told to slow down (${one.status})`;
  return one.outcome === 'ok' ? null : one.outcome;
}

/** @param place of the attempt among the request's tries, from 0 @param slices of this attempt */
export function attemptFacts(line: RequestLine, place: number, slices: Slices): Facts {
  const one = line.tries[place] as TryLine;
  const facts: (readonly [FactName, string | number])[] = [
    ['request', line.index],
    ['attempt', place + 1],
  ];
  if (line.id !== null) facts.push(['id', typeof line.id === 'string' ? cut(line.id) : line.id]);
  facts.push(['url', cut(one.url ?? line.url)], ['outcome', one.outcome]);
  if (one.status !== null) facts.push(['status', one.status]);
  if (one.worker !== undefined) facts.push(['worker', one.worker]);
  if (one.retryAfterMs !== undefined) facts.push(['retryAfterMs', one.retryAfterMs]);
  if (one.error !== undefined) facts.push(['code', cut(one.error.code)], ['message', cut(one.error.message)]);
  if (slices.split && one.server !== undefined && one.server.doubtMs > 0)
    facts.push(['serverDoubtMs', one.server.doubtMs]);
  if (place === line.tries.length - 1) {
    facts.push(['bytes', line.bytes]);
    if (line.noRetry !== undefined) facts.push(['noRetry', cut(line.noRetry)]);
  }
  return facts;
}

/** @returns what is told of a request that was never sent */
export function requestFacts(line: RequestLine): Facts {
  return [
    ['request', line.index],
    ['method', cut(line.method, METHOD_CHARS_MAX)],
    ['url', cut(line.url)],
    ['outcome', line.outcome],
  ];
}

export function cut(text: string, chars = TEXT_CHARS_MAX): string {
  return text.length <= chars ? text : `${text.slice(0, chars - 1)}…`;
}
