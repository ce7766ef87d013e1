// What a diagnosis needs of a run beside its header and summary, gathered one request at a time in constant memory,
// from settled requests and from lines of a record alike. It runs for every request of every run: some additions each.
import { isRefusal, type Phases, type ServerReport } from '../../model/attempt.ts';
import type { OutcomeKind } from '../../model/outcome.ts';
import { waitedAtServer } from '../../trace/waiting.ts';
import { Curves } from './curves.ts';
import { type HostShare, HostTally } from './host-tally.ts';

/** An attempt; the engine's and a record's are both one. */
export interface DiagnosedTry {
  readonly lane: number;
  readonly url?: string;
  readonly outcome: OutcomeKind;
  readonly status: number | null;
  readonly startedMs: number;
  readonly endedMs: number;
  readonly phasesMs: Phases;
  readonly retryAfterMs?: number;
  readonly server?: ServerReport;
}

export interface DiagnosedRequest {
  readonly createdMs: number;
  readonly tries: readonly DiagnosedTry[];
}

/** States that are counted over time. */
export const IN_FLIGHT = 0;
export const WAITING = 1;
export const SERVER_QUEUE = 2;
export const SERVED = 3;
export const HANDLING = 4;
export const PAUSED = 5;
const STATES = 6;

/** A set-up that takes this share of an attempt is one; less is the hand-over to an open connection. */
const SETUP_SHARE_MIN = 0.2;
/** And of attempts that take microseconds, the hand-over is a large share: no connection is made in less. */
const SETUP_MS_MIN = 0.5;
/** Reasons for retries that are told apart. */
const REASONS_MAX = 20;

export class RunFacts {
  readonly curves = new Curves(STATES);
  readonly #hosts = new HostTally();
  /** Attempts that were made again, by how they ended. */
  readonly againAfter = new Map<string, number>();
  attempts = 0;
  /** Attempts that failed, other than by a refusal. */
  failed = 0;
  /** 429, or 503 with a wait. */
  refused = 0;
  /** Whose server told its queue, or its work. */
  reported = 0;
  waitedAtServer = 0;
  /** Attempts that began with making a connection, as far as can be seen. */
  connected = 0;
  /** Attempts after which the same was sent again, refusals left out. */
  retried = 0;
  /** Sums of spans. */
  inFlightMs = 0;
  /** Where neither the network nor the server is at work: workers, downloads, handlers. */
  elsewhereMs = 0;
  handlerMs = 0;
  servedMs = 0;
  queueMs = 0;
  connectMs = 0;
  retriedMs = 0;
  laneMax = -1;
  firstAdmittedMs = Number.POSITIVE_INFINITY;
  lastAdmittedMs = 0;
  lastCreatedMs = 0;

  /** Each host's part; null when there are too many hosts to tell them apart. */
  get hosts(): readonly HostShare[] | null {
    return this.#hosts.shares;
  }

  /** @param url what the request was given as; a try that went elsewhere says so itself */
  add({ createdMs, tries }: DiagnosedRequest, url: string): void {
    if (createdMs > this.lastCreatedMs) this.lastCreatedMs = createdMs;
    const last = tries.length - 1;
    for (let i = 0; i <= last; i++) this.#addTry(tries[i] as DiagnosedTry, url, i === last);
  }

  #addTry(one: DiagnosedTry, url: string, isLast: boolean): void {
    const { startedMs, endedMs, phasesMs, lane } = one;
    const admittedMs = startedMs - (phasesMs.handover ?? 0);
    const waitedMs = phasesMs.permit ?? 0;
    const inFlightMs = endedMs - admittedMs;
    this.attempts++;
    this.inFlightMs += inFlightMs;
    if (lane > this.laneMax) this.laneMax = lane;
    if (admittedMs < this.firstAdmittedMs) this.firstAdmittedMs = admittedMs;
    if (admittedMs > this.lastAdmittedMs) this.lastAdmittedMs = admittedMs;
    this.curves.add(IN_FLIGHT, admittedMs, endedMs);
    if (waitedMs > 0) this.curves.add(WAITING, admittedMs - waitedMs, admittedMs);
    this.#hosts.add(one.url ?? url, inFlightMs, waitedMs);
    this.#addPhases(one, inFlightMs);
    if (one.outcome === 'ok') return;
    if (isRefusal(one)) {
      this.refused++;
      if (one.retryAfterMs !== undefined)
        this.curves.add(PAUSED, endedMs, endedMs + Math.max(0, one.retryAfterMs));
      return;
    }
    this.failed++;
    if (!isLast) this.#addRetried(one, inFlightMs);
  }

  #addPhases({ startedMs, endedMs, phasesMs, server }: DiagnosedTry, inFlightMs: number): void {
    const { queue, service, network, handler } = phasesMs;
    this.elsewhereMs += (phasesMs.handover ?? 0) + (phasesMs.download ?? 0) + (handler ?? 0);
    if (handler !== undefined) {
      this.handlerMs += handler;
      this.curves.add(HANDLING, endedMs - handler, endedMs);
    }
    let connectMs = network ?? 0;
    if (server !== undefined && service !== undefined) {
      const { arrivedMs } = server;
      const servedFromMs = arrivedMs + (queue ?? 0);
      if (queue !== undefined) {
        this.reported++;
        this.queueMs += queue;
        if (waitedAtServer(phasesMs)) this.waitedAtServer++;
        this.curves.add(SERVER_QUEUE, arrivedMs, servedFromMs);
      }
      this.servedMs += service;
      this.curves.add(SERVED, servedFromMs, servedFromMs + service);
      // Its network time has the way there and back in it. The way back is as long as the way there.
      if (queue !== undefined) connectMs = Math.max(0, 2 * (arrivedMs - startedMs) - connectMs);
    }
    this.connectMs += connectMs;
    if (connectMs >= Math.max(SETUP_MS_MIN, SETUP_SHARE_MIN * inFlightMs)) this.connected++;
  }

  #addRetried({ outcome, status }: DiagnosedTry, inFlightMs: number): void {
    this.retried++;
    this.retriedMs += inFlightMs;
    const reason = status === null ? outcome.replace('_', ' ') : String(status);
    const count = this.againAfter.get(reason);
    if (count !== undefined || this.againAfter.size < REASONS_MAX)
      this.againAfter.set(reason, (count ?? 0) + 1);
  }
}
