// Attributes and status of a span, after OpenTelemetry's conventions for HTTP client spans.
import { originOf } from '../../model/origin.ts';
import type { OutcomeKind } from '../../model/outcome.ts';
import type { RequestLine, TryLine } from '../../model/record.ts';
import { jsonString } from './text-pieces.ts';

export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** Methods that may name a span; anything else is `_OTHER`, so that nobody fills a backend with names. */
const METHODS: ReadonlySet<string> = new Set([
  ...['CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'QUERY', 'TRACE'],
]);
const ERROR = 2;
const DEFAULT_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 };
const ORIGIN = /^(https?):\/\/(?:[^@]*@)?(.*?)(?::(\d+))?$/s;

/** @param place of the attempt among the request's tries, from 0 */
export function attemptAttributes(
  line: RequestLine,
  place: number,
): Attributes & { 'http.request.method': string } {
  const one = line.tries[place] as TryLine;
  const { permit, queue, service, handler } = one.phasesMs;
  const isKnown = METHODS.has(line.method);
  const url = one.url ?? line.url;
  const [, scheme = '', host, port] = ORIGIN.exec(originOf(url)) ?? [];
  return {
    'http.request.method': isKnown ? line.method : '_OTHER',
    'http.request.method_original': isKnown ? undefined : line.method,
    'server.address': host?.replace(/^\[(.*)\]$/, '$1'),
    'server.port': port === undefined ? DEFAULT_PORTS[scheme] : Number(port),
    'url.full': url,
    'http.response.status_code': one.status ?? undefined,
    'network.protocol.version': one.status === null ? undefined : '1.1',
    'http.request.resend_count': place === 0 ? undefined : place,
    'error.type': attemptErrorType(one),
    'paceline.outcome': one.outcome,
    'paceline.lane': one.lane,
    'paceline.worker': one.worker,
    'paceline.permit_ms': permit,
    'paceline.server.queue_ms': queue,
    'paceline.server.service_ms': service,
    'paceline.server.worker': one.server?.worker,
    'paceline.server.doubt_ms': one.server?.doubtMs,
    'paceline.handler_ms': handler,
    'paceline.retry_after_ms': one.retryAfterMs,
  };
}

/** Undefined for what is no error: what ended well, and what was cancelled on purpose. */
export function errorTypeOf(one: {
  readonly outcome: OutcomeKind;
  readonly status: number | null;
  readonly error?: { readonly code: string };
}): string | undefined {
  const { outcome, status, error } = one;
  if (outcome === 'ok' || outcome === 'cancelled') return undefined;
  if (outcome === 'timeout') return 'timeout';
  if (outcome === 'http_error' && status !== null) return String(status);
  return error?.code ?? outcome;
}

/** The same of an attempt: where the user's own handler threw, the exchange itself is none. */
export function attemptErrorType(one: TryLine): string | undefined {
  return one.outcome === 'handler_error' ? undefined : errorTypeOf(one);
}

/** `,"status":{…}`, or nothing where there is no error. */
export function statusText(errorType: string | undefined, message: string | undefined): string {
  if (errorType === undefined) return '';
  const words = message === undefined ? '' : `,"message":${jsonString(message)}`;
  return `,"status":{"code":${ERROR}${words}}`;
}

/** What is undefined is left out. */
export function attributesText(attributes: Attributes): string {
  let text = '';
  for (const key in attributes) {
    const value = attributes[key];
    if (value !== undefined) text += `${text === '' ? '' : ','}{"key":"${key}","value":${valueText(value)}}`;
  }
  return `[${text}]`;
}

/** 64-bit integers are text in this form of JSON. */
function valueText(value: string | number | boolean): string {
  if (typeof value === 'string') return `{"stringValue":${jsonString(value)}}`;
  if (typeof value === 'boolean') return `{"boolValue":${value}}`;
  return Number.isSafeInteger(value) ? `{"intValue":"${value}"}` : `{"doubleValue":${value}}`;
}
