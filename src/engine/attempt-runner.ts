// One attempt at a time on one lane, under its deadlines: the same code in the parent, in a thread, in a
// child process and in a simulation. It owns no policy. Whatever ends the attempt first is its cause;
// what comes after changes nothing. It is over when the transport says that the socket is free or gone.
import type { Clock } from '../base/clock.ts';
import type { Deadlines } from '../control/deadlines.ts';
import { isRedirect } from '../control/redirect.ts';
import type { Attempt, AttemptEnd, ResponseHeaders } from '../model/attempt.ts';
import type { OutcomeError, OutcomeKind, TimeoutPhase } from '../model/outcome.ts';
import type { AttemptPlan } from '../model/plan.ts';
import { type HttpRequest, isIdempotent } from '../model/request.ts';
import { parseServerTiming, type ServerTiming } from '../model/server-timing.ts';
import { describeThrown, type Handler, handlerResponse, jsonValue } from './handler.ts';
import { measurePhases } from './phases.ts';
import type { EarlyEnd, ExchangeEvents, OnAttemptEnd, Transport, TransportLane } from './ports.ts';
import { noteServerWord, type WallClock } from './server-word.ts';

export interface RunnerOptions {
  readonly clock: Clock;
  readonly transport: Transport;
  readonly plan: Pick<
    AttemptPlan,
    'limits' | 'keepHeaders' | 'keepLocation' | 'keepBody' | 'keepBodyBytesMax'
  >;
  readonly handler: Handler | undefined;
  readonly onAttemptEnd: OnAttemptEnd;
  /** Keyed by lane; shared by the runners of one executor, whose `overdue` it calls. */
  readonly deadlines: Deadlines;
  /** Number of the thread or process this runs in; undefined in the parent's own thread. */
  readonly worker: number | undefined;
  /** The time of day in ms since 1970, for what servers say as a date. */
  readonly wallClock: WallClock;
  /** The machine's monotonic clock at the run's zero; 0 in a simulation, whose server reads the run's clock. */
  readonly clockOriginMs: number | undefined;
}

type Unsealed<T> = { -readonly [Key in keyof T]: T[Key] };

/** A longer `Location` leads nowhere: servers refuse such a request line. */
const LOCATION_BYTES_MAX = 8192;
const NO_BYTES = new Uint8Array(0);
const NO_HEADERS: ResponseHeaders = {};

export class AttemptRunner implements ExchangeEvents {
  readonly #options: RunnerOptions;
  readonly #clock: Clock;
  readonly #lane: number;
  readonly #exchange: TransportLane;
  #attempt: Attempt<HttpRequest> | undefined;
  #phase: AttemptPhase | 'handler' = 'connect';
  #cause: EarlyEnd | undefined;
  #cancelHandler: AbortController | undefined;
  #startedMs = 0;
  #sentMs = Number.NaN;
  #headersMs = Number.NaN;
  #lastByteMs = Number.NaN;
  #status: number | null = null;
  #headers: ResponseHeaders = NO_HEADERS;
  #timing: ServerTiming | undefined;
  #chunks: Uint8Array[] = [];
  #chunkBytes = 0;
  #wireBytes = 0;

  constructor(lane: number, options: RunnerOptions) {
    this.#lane = lane;
    this.#options = options;
    this.#clock = options.clock;
    this.#exchange = options.transport.openLane(this);
  }

  start(attempt: Attempt<HttpRequest>): void {
    this.#attempt = attempt;
    this.#cause = undefined;
    this.#startedMs = this.#clock.now();
    this.#sentMs = Number.NaN;
    this.#headersMs = Number.NaN;
    this.#lastByteMs = Number.NaN;
    this.#status = null;
    this.#chunkBytes = 0;
    this.#wireBytes = 0;
    if (this.#startedMs >= attempt.deadlineMs) {
      // The way to its worker took all the time it had.
      this.#phase = 'connect';
      this.#cause = { outcome: 'timeout', error: timeoutError('request', '') };
      this.#end();
      return;
    }
    this.#enter('connect', this.#startedMs + this.#options.plan.limits.connectMs);
    this.#exchange.send(attempt.request);
  }

  /** Ends the attempt early; ignored when the lane is free or the attempt already has a cause to end. */
  cancel(cause: EarlyEnd): void {
    if (!this.#attempt || this.#cause) return;
    this.#cause = cause;
    this.#options.deadlines.clear(this.#lane);
    if (this.#phase === 'handler') this.#cancelHandler?.abort(cause.error);
    else this.#exchange.abort();
  }

  /** A deadline of this lane has passed. */
  overdue(): void {
    const attempt = this.#attempt;
    if (!attempt) return;
    const whole = this.#clock.now() >= attempt.deadlineMs;
    const phase = whole || this.#phase === 'handler' ? 'request' : this.#phase;
    const detail = phase === 'connect' ? (this.#exchange.waitsFor?.() ?? '') : '';
    this.cancel({ outcome: 'timeout', error: timeoutError(phase, detail) });
  }

  onSent(): void {
    this.#sentMs = this.#clock.now();
    this.#enter('headers', this.#sentMs + this.#options.plan.limits.headersMs);
  }

  onHeaders(status: number, headers: ResponseHeaders, timing?: ServerTiming): void {
    this.#timing = timing;
    this.#headersMs = this.#clock.now();
    this.#status = status;
    this.#headers = headers;
    this.#enter('body', this.#headersMs + this.#options.plan.limits.bodyMs);
  }

  onData(chunk: Uint8Array): void {
    const { plan, handler } = this.#options;
    this.#enter('body', this.#clock.now() + plan.limits.bodyMs);
    this.#chunkBytes += chunk.byteLength;
    const keep = handler !== undefined || (plan.keepBody && this.#chunkBytes <= plan.keepBodyBytesMax);
    if (keep)
      this.#chunks.push(new Uint8Array(chunk)); // a Buffer's own `slice` would copy nothing
    else if (this.#chunks.length > 0) this.#chunks = []; // it has grown too large to be kept
  }

  onEnd(wireBytes: number): void {
    this.#lastByteMs = this.#clock.now();
    this.#wireBytes = wireBytes;
    const attempt = this.#attempt;
    const { handler } = this.#options;
    // A response that only sends on to the next one is nothing for the handler.
    const isForHandler = handler && attempt && !this.#cause && !isRedirect(this.#status, this.#location());
    if (isForHandler) this.#handle(handler, attempt);
    else this.#end();
  }

  onFailed(failure: EarlyEnd, wireBytes: number): void {
    this.#cause ??= failure;
    this.#wireBytes = wireBytes;
    this.#end();
  }

  #enter(phase: AttemptPhase | 'handler', untilMs: number): void {
    this.#phase = phase;
    if (this.#cause) return;
    const deadlineMs = this.#attempt?.deadlineMs ?? Number.POSITIVE_INFINITY;
    this.#options.deadlines.set(this.#lane, Math.min(untilMs, deadlineMs));
  }

  /** Where a 3xx response sends on to, when the run follows redirects and there is one answer to that. */
  #location(): string | undefined {
    const status = this.#status ?? 0;
    if (!this.#options.plan.keepLocation || status < 300 || status > 399) return undefined;
    const { location } = this.#headers;
    return typeof location === 'string' && location.length <= LOCATION_BYTES_MAX ? location : undefined;
  }

  #handle(handler: Handler, attempt: Attempt<HttpRequest>): void {
    this.#enter('handler', Number.POSITIVE_INFINITY);
    this.#cancelHandler = new AbortController();
    const { request, index, number } = attempt;
    const response = handlerResponse(request.url, this.#status ?? 0, this.#headers, joined(this.#chunks));
    const context = { index, id: request.id, attempt: number, signal: this.#cancelHandler.signal };
    let value: unknown;
    try {
      value = handler(response, context);
    } catch (thrown) {
      this.#handlerThrew(thrown);
      return;
    }
    if (isThenable(value)) {
      value.then(
        result => this.#handlerReturned(result),
        thrown => this.#handlerThrew(thrown),
      );
    } else {
      this.#handlerReturned(value);
    }
  }

  #handlerReturned(value: unknown): void {
    let json: unknown;
    try {
      json = jsonValue(value);
    } catch (thrown) {
      const message = `The handler's value is no JSON: ${describeThrown(thrown)}`;
      this.#cause ??= { outcome: 'handler_error', error: { code: 'HANDLER_VALUE', message } };
    }
    this.#end(json);
  }

  #handlerThrew(thrown: unknown): void {
    const message = `The handler threw: ${describeThrown(thrown)}`;
    this.#cause ??= { outcome: 'handler_error', error: { code: 'HANDLER_THREW', message } };
    this.#end();
  }

  #end(value?: unknown): void {
    const attempt = this.#attempt;
    if (!attempt) return;
    const { deadlines, plan, worker, clockOriginMs, onAttemptEnd } = this.#options;
    deadlines.clear(this.#lane);
    const cause = this.#cause;
    const status = this.#status;
    const header = this.#headers['server-timing'];
    const timing = header === undefined ? this.#timing : parseServerTiming(String(header));
    const at = {
      startedMs: this.#startedMs,
      sentMs: this.#sentMs,
      headersMs: this.#headersMs,
      lastByteMs: this.#lastByteMs,
    };
    const { phasesMs, server } = measurePhases(at, timing, clockOriginMs);
    const handled = this.#phase === 'handler';
    const endedMs = handled || Number.isNaN(this.#lastByteMs) ? this.#clock.now() : this.#lastByteMs;
    if (handled) phasesMs.handler = endedMs - this.#lastByteMs;
    const mayHaveArrived = cause !== undefined && !Number.isNaN(this.#sentMs);
    const isUnknown = mayHaveArrived && status === null && !isIdempotent(attempt.request.method);
    const outcome: OutcomeKind = isUnknown
      ? 'unknown'
      : (cause?.outcome ?? (status !== null && status < 400 ? 'ok' : 'http_error'));
    const kept = plan.keepBody && this.#chunkBytes <= plan.keepBodyBytesMax && !cause;
    // Filled by assignments: spreading conditional parts costs more than the rest of an attempt together.
    const end: Unsealed<AttemptEnd> = {
      lane: this.#lane,
      outcome,
      status,
      startedMs: this.#startedMs,
      endedMs,
      phasesMs,
      bytes: this.#wireBytes,
    };
    if (plan.keepHeaders && status !== null) end.headers = this.#headers;
    const location = cause ? undefined : this.#location();
    if (location !== undefined) end.location = location;
    if (plan.keepLocation && attempt.number > 1) end.url = attempt.request.url;
    if (kept) end.body = joined(this.#chunks);
    if (value !== undefined) end.value = value;
    if (cause) end.error = cause.error;
    if (worker !== undefined) end.worker = worker;
    if (server) end.server = server;
    if (mayHaveArrived) end.mayHaveArrived = true;
    if (status !== null) noteServerWord(end, this.#headers, this.#options.wallClock);
    const notes = this.#exchange.takeNotes?.();
    if (notes) Object.assign(end, notes);
    this.#attempt = undefined;
    this.#cancelHandler = undefined;
    this.#headers = NO_HEADERS;
    this.#timing = undefined;
    if (this.#chunks.length > 0) this.#chunks = [];
    onAttemptEnd(end);
  }
}

type AttemptPhase = Exclude<TimeoutPhase, 'run'>;

const PHASE_SAYS: Readonly<Record<AttemptPhase, string>> = {
  connect: 'No connection within the connect timeout (--connect-timeout).',
  headers: 'No response headers within the headers timeout (--headers-timeout).',
  body: 'The body paused for longer than the body timeout (--body-timeout).',
  request: 'The request took longer than its timeout (-m, --timeout).',
};

function timeoutError(phase: AttemptPhase, detail: string): OutcomeError {
  const name = phase.toUpperCase() as Uppercase<AttemptPhase>;
  const message = detail === '' ? PHASE_SAYS[phase] : `${PHASE_SAYS[phase]} ${detail}`;
  return { code: `TIMEOUT_${name}`, message, phase };
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const [first, ...rest] = chunks;
  if (!first) return NO_BYTES;
  if (rest.length === 0) return first;
  const all = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0));
  let place = 0;
  for (const chunk of chunks) {
    all.set(chunk, place);
    place += chunk.byteLength;
  }
  return all;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return value !== null && typeof value === 'object' && 'then' in value && typeof value.then === 'function';
}
