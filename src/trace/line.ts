// A settled request as one line of the record. This runs for every request of every run, so the text is put
// together by hand; test/trace/line.test.ts holds it against JSON.parse. Lines get their checksum when they are
// written (seal.ts).
import type { AttemptEnd, Phases, ServerReport } from '../model/attempt.ts';
import type { OutcomeError } from '../model/outcome.ts';
import type { BodyPolicy } from '../model/plan.ts';
import { type Intent, RECORD_VERSION, type Resumed, type RunHeader, type Summary } from '../model/record.ts';
import { type HttpRequest, InvalidInput } from '../model/request.ts';
import type { Settled } from '../model/settled.ts';
import { bodyFields } from './body-field.ts';
import { msText } from './instants.ts';
import { jsonText, quoted } from './json-text.ts';

/** The record's first line, without the line feed. */
export function headerLine(run: RunHeader): string {
  return `{"paceline":${RECORD_VERSION},"run":${jsonText(run) ?? '{}'}}`;
}

/** The record's last line, without the line feed. */
export function footerLine(summary: Summary): string {
  return `{"summary":${jsonText(summary) ?? '{}'}}`;
}

/** That an attempt is about to start, without the line feed. */
export function intentLine({ index, attempt }: Intent): string {
  return `{"intent":{"index":${index},"attempt":${attempt}}}`;
}

/** That a run goes on from here, without the line feed. */
export function resumedLine(resumed: Resumed): string {
  return `{"resumed":${jsonText(resumed) ?? '{}'}}`;
}

/** What tells one request of an input from another, as its line in the record has it. */
export interface RequestHead {
  readonly id: string | number | null;
  /** Empty for what cannot be sent. */
  readonly method: string;
  readonly url: string;
}

/**
 * How the line of a request begins, up to its URL. A run that goes on holds what it reads from its input against
 * these bytes of the record.
 */
export function requestHead(index: number, { id, method, url }: RequestHead): string {
  return `{"index":${index},"id":${idText(id)},"method":${quoted(method)},"url":${quoted(url)}`;
}

/**
 * The line of one request, without the line feed: the JSON text of a `RequestLine`.
 * Times are rounded to microseconds. `bytes` and the body are those of the last attempt.
 */
export function requestLine(settled: Settled<HttpRequest>, bodies: BodyPolicy): string {
  const { index, request, outcome, tries, saved } = settled;
  const last = tries[tries.length - 1];
  const invalid = request instanceof InvalidInput;
  let line = requestHead(index, headOf(request));
  line += `,"outcome":"${outcome}","status":${last?.status ?? null}`;
  line += `,"attempts":${tries.length}`;
  if (last !== undefined) {
    line += `,"lane":${last.lane}`;
    if (last.worker !== undefined) line += `,"worker":${last.worker}`;
  }
  line += `,"createdMs":${msText(settled.createdMs)}`;
  if (last !== undefined) line += `,"startedMs":${msText(last.startedMs)}`;
  line += `,"endedMs":${msText(settled.endedMs)},"bytes":${last?.bytes ?? 0}`;
  if (last?.body !== undefined) line += bodyFields(last.body, bodies);
  if (saved !== undefined) line += `,"file":${quoted(saved.file)},"sha256":"${saved.sha256}"`;
  if (last?.value !== undefined) {
    const value = jsonText(last.value);
    if (value !== undefined) line += `,"value":${value}`;
  }
  const error = settled.error ?? last?.error ?? (invalid ? request : undefined);
  if (error !== undefined && outcome !== 'ok') line += `,"error":${errorText(error)}`;
  const finalUrl = last?.url;
  if (finalUrl !== undefined && finalUrl !== request.url) line += `,"finalUrl":${quoted(finalUrl)}`;
  if (settled.noRetry !== undefined) line += `,"noRetry":"${settled.noRetry}"`;
  line += ',"tries":[';
  for (let i = 0; i < tries.length; i++) line += (i === 0 ? '' : ',') + tryText(tries[i] as AttemptEnd);
  return `${line}]}`;
}

export function headOf(request: HttpRequest | InvalidInput): RequestHead {
  return request instanceof InvalidInput ? { id: request.id, method: '', url: request.url } : request;
}

function tryText(one: AttemptEnd): string {
  let text = `{"lane":${one.lane}`;
  if (one.url !== undefined) text += `,"url":${quoted(one.url)}`;
  if (one.worker !== undefined) text += `,"worker":${one.worker}`;
  text += `,"outcome":"${one.outcome}","status":${one.status},"startedMs":${msText(one.startedMs)}`;
  text += `,"endedMs":${msText(one.endedMs)},"phasesMs":{${phasesText(one.phasesMs)}}`;
  if (one.retryAfterMs !== undefined) text += `,"retryAfterMs":${msText(one.retryAfterMs)}`;
  if (one.retryAfterIgnored !== undefined) text += `,"retryAfterIgnored":${quoted(one.retryAfterIgnored)}`;
  if (one.quota !== undefined)
    text += `,"quota":{"remaining":${one.quota.remaining},"resetMs":${msText(one.quota.resetMs)}}`;
  if (one.addresses !== undefined) text += `,"addresses":[${one.addresses.map(quoted).join(',')}]`;
  if (one.framing !== undefined) text += `,"framing":"${one.framing}"`;
  if (one.server !== undefined) text += `,"server":${serverText(one.server)}`;
  if (one.error !== undefined) text += `,"error":${errorText(one.error)}`;
  return `${text}}`;
}

function phasesText(phases: Phases): string {
  let text = '';
  if (phases.backoff !== undefined) text += `,"backoff":${msText(phases.backoff)}`;
  if (phases.permit !== undefined) text += `,"permit":${msText(phases.permit)}`;
  if (phases.handover !== undefined) text += `,"handover":${msText(phases.handover)}`;
  if (phases.network !== undefined) text += `,"network":${msText(phases.network)}`;
  if (phases.queue !== undefined) text += `,"queue":${msText(phases.queue)}`;
  if (phases.service !== undefined) text += `,"service":${msText(phases.service)}`;
  if (phases.ttfb !== undefined) text += `,"ttfb":${msText(phases.ttfb)}`;
  if (phases.download !== undefined) text += `,"download":${msText(phases.download)}`;
  if (phases.handler !== undefined) text += `,"handler":${msText(phases.handler)}`;
  return text.slice(1);
}

function serverText(server: ServerReport): string {
  let text = '{';
  if (server.worker !== undefined) text += `"worker":${quoted(server.worker)},`;
  if (server.workers !== undefined) text += `"workers":${server.workers},`;
  return `${text}"arrivedMs":${msText(server.arrivedMs)},"doubtMs":${msText(server.doubtMs)}}`;
}

function errorText(error: OutcomeError | InvalidInput): string {
  const phase = 'phase' in error && error.phase !== undefined ? `,"phase":"${error.phase}"` : '';
  return `{"code":${quoted(error.code)},"message":${quoted(error.message)}${phase}}`;
}

function idText(id: string | number | null): string {
  return typeof id === 'string' ? quoted(id) : String(id);
}
