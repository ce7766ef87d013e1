// A run as traces for OpenTelemetry (OTLP in its JSON form): a trace for each run, in it a span for the run, one for
// each request from known to final, and in that one for each attempt. Attributes follow the conventions for HTTP
// clients; our own begin with `paceline.`. All of it is one line, as collectors that read files take it by lines.
import { VERSION } from '../../base/version.ts';
import type { RequestLine, RunHeader, Summary, TryLine } from '../../model/record.ts';
import { lineWithoutSecrets } from '../../model/secrets.ts';
import { HANDLER, PERMIT, SLICE_KINDS, Slices } from '../../timeline/slices.ts';
import { paceText } from '../pace-text.ts';
import type { OpenReport, ReportBuilder, ReportOptions } from '../report.ts';
import { cut } from './attempt-facts.ts';
import { Cap } from './cap.ts';
import {
  attemptAttributes,
  attemptErrorType,
  attributesText,
  errorTypeOf,
  statusText,
} from './otlp-attributes.ts';
import { type RequestIds, SpanIds } from './otlp-ids.ts';
import { startOf } from './run-start.ts';
import { jsonString, TextPieces } from './text-pieces.ts';

/** Some 350 MB; collectors take far less at once. */
export const OTLP_ATTEMPTS_MAX = 200_000;

export const openOtlp: OpenReport = otlpUpTo(OTLP_ATTEMPTS_MAX);

export function otlpUpTo(attemptsMax: number): OpenReport {
  return (write, options) => new Otlp(write, options, attemptsMax);
}

const FOUND_CHARS_MAX = 500;
const INTERNAL = 1;
const CLIENT = 3;
const SCOPE = `"scope":{"name":"paceline","version":"${VERSION}"}`;

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly attributes: string;
  /** `,"events":[…]` and `,"status":{…}`, or nothing. */
  readonly more?: string;
}

class Otlp implements ReportBuilder {
  readonly #pieces: TextPieces;
  readonly #options: ReportOptions;
  readonly #cap: Cap;
  readonly #slices = new Slices();
  #runCount = 0;
  #run: RunHeader | null = null;
  #name = '';
  #ids = new SpanIds({ seed: 0, text: '' });
  /** Of the run's zero, in microseconds since 1970. */
  #zeroUs = 0;
  #endMs = 0;

  constructor(write: (piece: string) => void, options: ReportOptions, attemptsMax: number) {
    this.#pieces = new TextPieces(write);
    this.#options = options;
    this.#cap = new Cap(attemptsMax);
    this.#pieces.put('{"resourceSpans":[');
  }

  begin(run: RunHeader, name: string): void {
    this.#run = run;
    this.#name = name;
    // The same record twice in one file is two traces.
    const text = `${run.started} ${run.strategy} ${this.#runCount}`;
    this.#ids = new SpanIds({ seed: run.seed, text });
    this.#zeroUs = Math.round(startOf(run, name, this.#options.warn) * 1000);
    this.#endMs = 0;
    const resource = attributesText({ 'service.name': 'paceline', 'service.version': run.version });
    const opening = `{"resource":{"attributes":${resource}},"scopeSpans":[{${SCOPE},"spans":[`;
    this.#pieces.put(`${this.#runCount++ === 0 ? '' : ','}${opening}`);
  }

  add(given: RequestLine): void {
    if (!this.#cap.takes(given.tries.length)) return;
    const line = lineWithoutSecrets(given);
    const ids = this.#ids.ofRequest(line.index);
    this.#addRequest(line, ids);
    for (let place = 0; place < line.tries.length; place++) this.#addAttempt(line, place, ids);
    this.#endMs = Math.max(this.#endMs, line.endedMs);
  }

  /** The run's own span is the last: only now it is known how long it was. */
  end(summary: Summary | null): void {
    const { strategy, concurrency, findsPace, workers, seed, simulated } = this.#run as RunHeader;
    const attributes = attributesText({
      'paceline.record': this.#name,
      'paceline.strategy': strategy,
      'paceline.concurrency': concurrency ?? undefined,
      'paceline.finds_pace': findsPace,
      'paceline.found': foundOf(summary),
      'paceline.workers': workers,
      'paceline.seed': seed,
      'paceline.simulated': simulated,
      'paceline.ended': summary?.ended,
    });
    this.#put({
      ...{ traceId: this.#ids.traceId, spanId: this.#ids.runSpanId, name: 'paceline run', kind: INTERNAL },
      ...{ fromMs: 0, toMs: this.#endMs, attributes },
    });
    this.#pieces.put(']}]}');
  }

  finish(): void {
    this.#pieces.put(']}\n');
    this.#pieces.flush();
    this.#cap.warn('OTLP file', 'write .pftrace for Perfetto in its place', this.#options.warn);
  }

  #addRequest(line: RequestLine, ids: RequestIds): void {
    const errorType = errorTypeOf(line);
    const attributes = attributesText({
      'paceline.request.index': line.index,
      'paceline.request.id': line.id ?? undefined,
      'paceline.request.outcome': line.outcome,
      'paceline.request.attempts': line.attempts,
      'paceline.request.no_retry': line.noRetry,
      'error.type': errorType,
    });
    this.#put({
      ...{ traceId: this.#ids.traceId, spanId: ids.request, parentSpanId: this.#ids.runSpanId },
      ...{ name: 'paceline request', kind: INTERNAL, fromMs: line.createdMs, toMs: line.endedMs, attributes },
      more: statusText(errorType, line.error?.message),
    });
    this.#pieces.put(',');
  }

  #addAttempt(line: RequestLine, place: number, ids: RequestIds): void {
    const one = line.tries[place] as TryLine;
    const slices = this.#slices;
    slices.fill(one);
    const attributes = attemptAttributes(line, place);
    this.#put({
      ...{ traceId: this.#ids.traceId, spanId: ids.nextAttempt(), parentSpanId: ids.request },
      ...{ name: attributes['http.request.method'] ?? 'HTTP', kind: CLIENT, fromMs: slices.admittedMs },
      toMs: lastByteMs(slices, one),
      attributes: attributesText(attributes),
      more: this.#eventsText() + statusText(attemptErrorType(one), one.error?.message),
    });
    this.#pieces.put(',');
  }

  /** The instants at which a phase began. */
  #eventsText(): string {
    const { kinds, fromsMs, count } = this.#slices;
    const events: string[] = [];
    for (let i = 0; i < count; i++) {
      const kind = kinds[i] as number;
      if (kind === PERMIT) continue;
      events.push(`{"timeUnixNano":"${this.#nanos(fromsMs[i] as number)}","name":"${SLICE_KINDS[kind]}"}`);
    }
    return events.length === 0 ? '' : `,"events":[${events.join(',')}]`;
  }

  #put(span: Span): void {
    const parent = span.parentSpanId === undefined ? '' : `,"parentSpanId":"${span.parentSpanId}"`;
    const from = this.#nanos(span.fromMs);
    const to = this.#nanos(Math.max(span.fromMs, span.toMs));
    this.#pieces.put(
      `{"traceId":"${span.traceId}","spanId":"${span.spanId}"${parent},"name":${jsonString(span.name)}` +
        `,"kind":${span.kind},"startTimeUnixNano":"${from}","endTimeUnixNano":"${to}"` +
        `,"attributes":${span.attributes}${span.more ?? ''}}`,
    );
  }

  /** Nanoseconds since 1970 as decimal text: more digits than numbers hold. */
  #nanos(ms: number): string {
    const us = Math.max(0, this.#zeroUs + Math.round(ms * 1000));
    return us === 0 ? '0' : `${us}000`;
  }
}

/** The handler, which comes after the last byte, is no part of the exchange. */
function lastByteMs({ kinds, fromsMs, count }: Slices, one: TryLine): number {
  return count > 0 && kinds[count - 1] === HANDLER ? (fromsMs[count - 1] as number) : one.endedMs;
}

/** In words, of few origins; undefined where nothing is known. */
function foundOf(summary: Summary | null): string | undefined {
  const text = summary === null ? '' : paceText(summary).join(' ');
  return text === '' ? undefined : cut(text, FOUND_CHARS_MAX);
}
