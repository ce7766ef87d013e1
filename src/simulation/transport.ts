// The network and the server of a simulation, behind the same port as the real transport.
//
//   send ─connect: a round trip, once for each connection─▶ sent ─half─▶ server … answer ─half─▶ headers, body
//
// A lane is a small machine with one timer: it carries one exchange at a time and keeps its connection
// until something breaks it.
import { assert } from '../base/assert.ts';
import type { Clock, Timer } from '../base/clock.ts';
import type { EarlyEnd, ExchangeEvents, Transport, TransportLane } from '../engine/ports.ts';
import type { ResponseHeaders } from '../model/attempt.ts';
import { formatHttpDate } from '../model/http-date.ts';
import type { ServerTiming } from '../model/server-timing.ts';
import type { Fault, FaultPlan } from './faults.ts';
import type { ServerClient, ServerModel, ServerVisit } from './server-model.ts';

export interface NetworkPlan {
  /** Round trip: half of it each way, a whole one to connect. */
  readonly rttMs: number;
  /** From an abort until the socket is closed. @default 0, then it is closed at once */
  readonly closeMs?: number;
  /** Whether a connection carries more than one exchange. @default true */
  readonly keepAlive?: boolean;
  readonly faults?: FaultPlan;
}

export interface SimulatedTransportParts {
  readonly clock: Clock;
  readonly server: ServerModel;
  readonly network: NetworkPlan;
}

/** What the slow API answers. */
const BODY = new TextEncoder().encode('This is a slow web api');
const NO_HEADERS = {};

const failure = (outcome: EarlyEnd['outcome'], code: string, message: string): EarlyEnd => ({
  outcome,
  error: { code, message },
});
const REFUSED = failure(
  'network_error',
  'ECONNREFUSED',
  'Nothing accepts connections at that address and port.',
);
const RESET = failure('network_error', 'ECONNRESET', 'The server reset the connection.');
const TRUNCATED = failure('protocol_error', 'TRUNCATED', 'The server closed the connection inside the body.');
const ABORTED = failure('cancelled', 'ABORTED', 'The exchange was torn down.');

export class SimulatedTransport implements Transport {
  readonly #parts: SimulatedTransportParts;
  readonly #lanes: SimulatedLane[] = [];
  #exchanges = 0;

  constructor(parts: SimulatedTransportParts) {
    this.#parts = parts;
  }

  openLane(events: ExchangeEvents): TransportLane {
    const { faults } = this.#parts.network;
    const nextFault = faults ? () => faults(this.#exchanges++) : () => undefined;
    const lane = new SimulatedLane(this.#parts, nextFault, events);
    this.#lanes.push(lane);
    return lane;
  }

  /** What still runs is torn down. */
  async close(): Promise<void> {
    for (const lane of this.#lanes) lane.abort();
  }
}

type Step = 'idle' | 'connecting' | 'travelling' | 'served' | 'answering' | 'body' | 'stuck' | 'closing';

class SimulatedLane implements TransportLane, ServerClient {
  readonly #clock: Clock;
  readonly #server: ServerModel;
  readonly #rttMs: number;
  readonly #closeMs: number;
  readonly #keepAlive: boolean;
  readonly #nextFault: () => Fault | undefined;
  readonly #events: ExchangeEvents;
  readonly #onTimer = (): void => this.#go();
  #timer: Timer | undefined;
  #step: Step = 'idle';
  #connected = false;
  #fault: Fault | undefined;
  #visit: ServerVisit | undefined;
  #status = 0;
  #timing: ServerTiming | undefined;
  #headers: ResponseHeaders = NO_HEADERS;
  #piecesLeft = 0;

  constructor(
    { clock, server, network }: SimulatedTransportParts,
    nextFault: () => Fault | undefined,
    events: ExchangeEvents,
  ) {
    this.#clock = clock;
    this.#server = server;
    this.#rttMs = network.rttMs;
    this.#closeMs = network.closeMs ?? 0;
    this.#keepAlive = network.keepAlive ?? true;
    this.#nextFault = nextFault;
    this.#events = events;
  }

  send(): void {
    assert(this.#step === 'idle', 'a lane carries one exchange at a time');
    this.#fault = this.#nextFault();
    this.#after(this.#connected ? 0 : this.#rttMs, 'connecting');
  }

  abort(): void {
    if (this.#step === 'idle' || this.#step === 'closing') return;
    this.#timer?.cancel();
    this.#leaveServer();
    if (this.#fault?.kind === 'deaf') this.#step = 'closing';
    else this.#after(this.#closeMs, 'closing');
  }

  /** The server's answer sets out. */
  onAnswer(status: number, timing: ServerTiming | undefined, retryAfterSeconds?: number): void {
    this.#visit = undefined;
    this.#headers = retryAfterSeconds === undefined ? NO_HEADERS : retryAfter(retryAfterSeconds);
    this.#status = status;
    this.#timing = timing;
    if (this.#fault) this.#alter(this.#fault);
    const extraMs = this.#fault?.kind === 'slow-headers' ? this.#fault.extraMs : 0;
    this.#after(this.#rttMs / 2 + extraMs, 'answering');
  }

  /** What the fault makes of the answer. */
  #alter(fault: Fault): void {
    if (fault.kind === 'status' || fault.kind === 'refusal') this.#status = fault.status;
    if (fault.kind === 'refusal') this.#headers = refusalHeaders(fault, this.#clock.now());
    if (fault.kind === 'quota')
      this.#headers = { ratelimit: `"default";r=${fault.remaining};t=${fault.resetSeconds}` };
  }

  /** Goes on with the step after a span; at once when there is none, which saves most timers. */
  #after(ms: number, step: Step): void {
    this.#step = step;
    if (ms > 0) this.#timer = this.#clock.schedule(this.#clock.now() + ms, this.#onTimer);
    else this.#go();
  }

  #go(): void {
    if (this.#step === 'connecting') this.#connect();
    else if (this.#step === 'travelling') this.#arrive();
    else if (this.#step === 'answering') this.#answer();
    else if (this.#step === 'body') this.#piece();
    else {
      assert(this.#step === 'closing', `nothing happens on a lane that is ${this.#step}`);
      this.#fail(ABORTED);
    }
  }

  #connect(): void {
    const kind = this.#fault?.kind;
    if (kind === 'refused') {
      this.#fail(REFUSED);
      return;
    }
    if (kind === 'unreachable') {
      this.#step = 'stuck';
      return;
    }
    this.#connected = true;
    this.#step = 'travelling';
    this.#events.onSent();
    if (this.#step === 'travelling') this.#after(this.#rttMs / 2, 'travelling'); // unless it was aborted
  }

  #arrive(): void {
    const kind = this.#fault?.kind;
    this.#step = kind === 'silent' || kind === 'deaf' ? 'stuck' : 'served';
    if (this.#step === 'stuck') return;
    const visit = this.#server.arrive(this);
    if (visit) this.#visit = visit; // else it was refused, and that answer is on its way or here
  }

  #answer(): void {
    const fault = this.#fault;
    if (fault?.kind === 'reset') {
      this.#fail(RESET);
      return;
    }
    this.#step = 'body';
    this.#events.onHeaders(this.#status, this.#headers, this.#timing);
    if (this.#step !== 'body') return;
    if (fault?.kind === 'reset-body') this.#fail(RESET);
    else if (fault?.kind === 'truncated') {
      this.#events.onData(BODY.subarray(0, BODY.length / 2));
      if (this.#step === 'body') this.#fail(TRUNCATED);
    } else if (fault?.kind === 'slow-body') {
      this.#piecesLeft = fault.pieces;
      this.#after(fault.pauseMs, 'body');
    } else this.#lastPiece();
  }

  #piece(): void {
    if (--this.#piecesLeft === 0) {
      this.#lastPiece();
      return;
    }
    this.#events.onData(BODY.subarray(0, 1));
    if (this.#step === 'body' && this.#fault?.kind === 'slow-body') this.#after(this.#fault.pauseMs, 'body');
  }

  #lastPiece(): void {
    this.#events.onData(BODY);
    if (this.#step !== 'body') return;
    this.#step = 'idle';
    this.#connected = this.#keepAlive;
    this.#events.onEnd(BODY.length);
  }

  #fail(failed: EarlyEnd): void {
    this.#connected = false;
    this.#leaveServer();
    this.#step = 'idle';
    this.#events.onFailed(failed, 0);
  }

  #leaveServer(): void {
    if (this.#visit) this.#server.abandon(this.#visit);
    this.#visit = undefined;
  }
}

function refusalHeaders(
  { retryAfterSeconds, form }: Fault & { kind: 'refusal' },
  nowMs: number,
): ResponseHeaders {
  if (form === 'seconds') return retryAfter(retryAfterSeconds);
  const headers = { 'retry-after': formatHttpDate(nowMs + retryAfterSeconds * 1000) };
  return form === 'date' ? headers : { ...headers, date: formatHttpDate(nowMs) };
}

function retryAfter(seconds: number): ResponseHeaders {
  return { 'retry-after': String(seconds) };
}
