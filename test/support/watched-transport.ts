// Stands between the runners and a transport: one exchange at a time on a lane, one end for each, no abort
// of a lane that is free; and judges every timeout by the instants it saw itself.
import type { Clock } from '../../src/base/clock.ts';
import type { EarlyEnd, ExchangeEvents, Transport, TransportLane } from '../../src/engine/ports.ts';
import type { AttemptEnd, ResponseHeaders } from '../../src/model/attempt.ts';
import type { AttemptLimits } from '../../src/model/plan.ts';
import type { HttpRequest } from '../../src/model/request.ts';
import type { ServerTiming } from '../../src/model/server-timing.ts';
import type { Invariants } from './invariants.ts';

const NEAR_MS = 1e-6;

/** The instants of the exchange that runs, or ran last, on a lane. */
export class WatchedLane implements ExchangeEvents, TransportLane {
  readonly #clock: Clock;
  readonly #invariants: Invariants;
  readonly #events: ExchangeEvents;
  readonly #lane: TransportLane;
  running = false;
  sendMs = Number.NaN;
  sentMs = Number.NaN;
  headersMs = Number.NaN;
  heardMs = Number.NaN;
  abortMs = Number.NaN;
  pauseMsMax = 0;

  constructor(invariants: Invariants, clock: Clock, inner: Transport, events: ExchangeEvents) {
    this.#invariants = invariants;
    this.#clock = clock;
    this.#events = events;
    this.#lane = inner.openLane(this);
  }

  send(request: HttpRequest): void {
    this.#invariants.claim(!this.running, 'law 2', () => 'two exchanges on a lane');
    this.running = true;
    this.sendMs = this.#clock.now();
    this.sentMs = this.headersMs = this.heardMs = this.abortMs = Number.NaN;
    this.pauseMsMax = 0;
    this.#lane.send(request);
  }

  abort(): void {
    this.#invariants.claim(this.running, 'I36', () => 'a free lane is aborted');
    this.#invariants.claim(Number.isNaN(this.abortMs), 'I18', () => 'an exchange is aborted twice');
    this.abortMs = this.#clock.now();
    this.#lane.abort();
  }

  onSent(): void {
    this.sentMs = this.#clock.now();
    this.#events.onSent();
  }

  onHeaders(status: number, headers: ResponseHeaders, timing?: ServerTiming): void {
    this.headersMs = this.heardMs = this.#clock.now();
    this.#events.onHeaders(status, headers, timing);
  }

  onData(chunk: Uint8Array): void {
    this.pauseMsMax = Math.max(this.pauseMsMax, this.#clock.now() - this.heardMs);
    this.heardMs = this.#clock.now();
    this.#events.onData(chunk);
  }

  onEnd(wireBytes: number): void {
    this.#ends();
    this.#events.onEnd(wireBytes);
  }

  onFailed(failure: EarlyEnd, wireBytes: number): void {
    this.#ends();
    this.#events.onFailed(failure, wireBytes);
  }

  #ends(): void {
    this.#invariants.claim(this.running, 'law 1', () => 'an exchange ends twice');
    this.running = false;
  }
}

export class WatchedTransport implements Transport {
  readonly #invariants: Invariants;
  readonly #clock: Clock;
  readonly #inner: Transport;
  readonly lanes: WatchedLane[] = [];

  constructor(invariants: Invariants, clock: Clock, inner: Transport) {
    this.#invariants = invariants;
    this.#clock = clock;
    this.#inner = inner;
  }

  openLane(events: ExchangeEvents): TransportLane {
    const lane = new WatchedLane(this.#invariants, this.#clock, this.#inner, events);
    this.lanes.push(lane);
    return lane;
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  /** I35: each timeout if and only if its own phase was too long, and named. */
  judge(lane: WatchedLane, end: AttemptEnd, limits: AttemptLimits, deadlineMs: number): void {
    const claim = (holds: boolean, seen: string): void =>
      this.#invariants.claim(holds, 'I35', () => `${seen}: ${JSON.stringify({ ...lane, end, deadlineMs })}`);
    const { stalledMs } = this.#invariants;
    const near = (spanMs: number, limitMs: number): boolean =>
      spanMs > limitMs - NEAR_MS && spanMs < limitMs + stalledMs + NEAR_MS;
    const within = (spanMs: number, limitMs: number): boolean =>
      Number.isNaN(spanMs) || spanMs <= limitMs + stalledMs + NEAR_MS;
    const { sendMs, sentMs, headersMs, heardMs, abortMs, pauseMsMax } = lane;
    /** Where a phase ended: reached, or broken off. */
    const until = (ms: number): number =>
      !Number.isNaN(ms) ? ms : Number.isNaN(abortMs) ? end.endedMs : abortMs;
    claim((end.status === null) === Number.isNaN(headersMs), 'a status that is not this answer’s');
    const phase = end.outcome === 'timeout' ? end.error?.phase : undefined;
    if (phase === 'connect') {
      claim(Number.isNaN(sentMs) && near(abortMs - sendMs, limits.connectMs), 'connect timeout');
    } else if (phase === 'headers') {
      claim(Number.isNaN(headersMs) && near(abortMs - sentMs, limits.headersMs), 'headers timeout');
    } else if (phase === 'body') {
      claim(near(abortMs - heardMs, limits.bodyMs), 'body timeout');
    } else if (phase === 'request') {
      claim(Number.isNaN(abortMs) || near(abortMs, Math.max(deadlineMs, sendMs)), 'request timeout');
    } else {
      claim(phase === undefined, 'a timeout without its phase');
      claim(within(until(sentMs) - sendMs, limits.connectMs), 'no connect timeout');
      claim(within(until(headersMs) - sentMs, limits.headersMs), 'no headers timeout');
      claim(within(pauseMsMax, limits.bodyMs), 'no body timeout');
      if (end.outcome === 'ok') claim(within(end.endedMs, deadlineMs), 'no request timeout');
    }
  }
}
