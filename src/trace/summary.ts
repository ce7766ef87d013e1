// The numbers of a run, gathered one settled request at a time in constant memory. Queueing (ours), service
// (on the wire) and response time (what a user feels) are kept apart: a limit improves one and not the other.
import { type AttemptEnd, isRefusal } from '../model/attempt.ts';
import type { OutcomeKind } from '../model/outcome.ts';
import type { EventLoop, OriginPace, RunEnding, Summary, Usage } from '../model/record.ts';
import type { NoRetry, Settled } from '../model/settled.ts';
import { Histogram } from './histogram.ts';
import { roundMs } from './instants.ts';
import { OverlapMax } from './overlap.ts';
import { waitedAtServer } from './waiting.ts';

/** What the machine spent on a run, and what was found of its servers, as far as that was measured. */
export interface RunCost {
  readonly usage?: Usage;
  readonly eventLoops?: readonly EventLoop[];
  readonly pace?: readonly OriginPace[];
}

export class SummaryBuilder {
  readonly #outcomes: Partial<Record<OutcomeKind, number>> = {};
  readonly #statuses: Record<string, number> = {};
  readonly #queueing = new Histogram();
  readonly #backoff = new Histogram();
  readonly #noRetry: Partial<Record<NoRetry, number>> = {};
  readonly #service = new Histogram();
  readonly #response = new Histogram();
  readonly #serverQueue = new Histogram();
  readonly #serverWaits = new OverlapMax();
  #requests = 0;
  #attempts = 0;
  #bytes = 0;
  #laneMax = -1;
  #makespanMs = 0;
  #serverWaited = 0;
  #refused = 0;
  #waitAskedMsMax = -1;
  #serverWorkers = 0;

  /** How many requests have settled so far, by outcome: for a progress line. */
  get outcomes(): Readonly<Partial<Record<OutcomeKind, number>>> {
    return this.#outcomes;
  }

  add(settled: Settled<unknown>): void {
    const { outcome, tries, noRetry } = settled;
    this.#requests++;
    this.#outcomes[outcome] = (this.#outcomes[outcome] ?? 0) + 1;
    if (noRetry !== undefined) this.#noRetry[noRetry] = (this.#noRetry[noRetry] ?? 0) + 1;
    const last = tries[tries.length - 1];
    if (last === undefined) return;
    if (last.status !== null) this.#statuses[last.status] = (this.#statuses[last.status] ?? 0) + 1;
    this.#attempts += tries.length;
    this.#bytes += last.bytes;
    this.#service.add(last.endedMs - last.startedMs);
    this.#response.add(settled.endedMs - settled.createdMs);
    let permitMs = -1;
    let backoffMs = 0;
    for (let i = 0; i < tries.length; i++) {
      const one = tries[i] as AttemptEnd;
      if (one.phasesMs.permit !== undefined) permitMs = Math.max(permitMs, 0) + one.phasesMs.permit;
      backoffMs += one.phasesMs.backoff ?? 0;
      this.#addTry(one);
    }
    if (tries.length > 1) this.#backoff.add(backoffMs);
    if (permitMs >= 0) this.#queueing.add(permitMs);
  }

  summary(ended: RunEnding, { usage, eventLoops = [], pace = [] }: RunCost = {}): Summary {
    const queueingMs = this.#queueing.percentiles();
    const backoffMs = this.#backoff.percentiles();
    const serviceMs = this.#service.percentiles();
    const responseMs = this.#response.percentiles();
    const serverQueueMs = this.#serverQueue.percentiles();
    return {
      ended,
      makespanMs: roundMs(this.#makespanMs),
      requests: this.#requests,
      attempts: this.#attempts,
      outcomes: { ...this.#outcomes },
      statuses: { ...this.#statuses },
      bytes: this.#bytes,
      // An attempt takes the smallest free lane, so lane k is taken only when k others are in flight.
      inFlightMax: this.#laneMax + 1,
      ...(this.#refused > 0 && { refused: this.#refused }),
      ...(this.#waitAskedMsMax >= 0 && { waitAskedMsMax: roundMs(this.#waitAskedMsMax) }),
      ...(Object.keys(this.#noRetry).length > 0 && { noRetry: { ...this.#noRetry } }),
      ...(queueingMs && { queueingMs }),
      ...(backoffMs && { backoffMs }),
      ...(serviceMs && { serviceMs }),
      ...(responseMs && { responseMs }),
      ...(serverQueueMs && {
        serverQueueMs,
        ...(this.#serverWaits.isExact && { serverQueueMax: this.#serverWaits.max() }),
        serverWaited: this.#serverWaited,
      }),
      ...(this.#serverWorkers > 0 && { serverWorkers: this.#serverWorkers }),
      ...(usage && { usage }),
      ...(eventLoops.length > 0 && { eventLoops }),
      ...(pace.length > 0 && { pace }),
    };
  }

  #addTry(one: AttemptEnd): void {
    if (one.lane > this.#laneMax) this.#laneMax = one.lane;
    if (one.endedMs > this.#makespanMs) this.#makespanMs = one.endedMs;
    const { server, phasesMs, retryAfterMs } = one;
    if (isRefusal(one)) this.#refused++;
    if (retryAfterMs !== undefined && retryAfterMs > this.#waitAskedMsMax)
      this.#waitAskedMsMax = retryAfterMs;
    if (server?.workers !== undefined && server.workers > this.#serverWorkers)
      this.#serverWorkers = server.workers;
    if (phasesMs.queue === undefined) return;
    this.#serverQueue.add(phasesMs.queue);
    if (!waitedAtServer(phasesMs)) return;
    this.#serverWaited++;
    if (server) this.#serverWaits.add(server.arrivedMs, server.arrivedMs + phasesMs.queue);
  }
}
