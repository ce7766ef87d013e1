// The slow API as a model: N workers, one first-come queue in front, a backlog that can overflow, a rate
// limit. It takes the same decisions as the real one (the free worker with the smallest number, the next in
// line before the answer goes out) and draws from the seed and a request's arrival number alone, so that
// the two can be held against each other.
import type { Clock } from '../base/clock.ts';
import { Heap } from '../base/heap.ts';
import { Queue } from '../base/queue.ts';
import { type Random, seededRandom } from '../base/random.ts';
import { Gcra, type Rate } from '../control/gcra.ts';
import type { ServerTiming } from '../model/server-timing.ts';
import { arrivalRandom, drawServiceTime, type ServiceTime } from '../workload/service-time.ts';

export interface ServerModelPlan {
  readonly workers: number;
  /** `sync`: a worker serves one request at a time; `async`: as many as come. */
  readonly workerClass: 'sync' | 'async';
  readonly serviceTime: ServiceTime;
  /** Requests that may wait for a worker; the next one is answered 503. Infinity for no bound. */
  readonly backlog: number;
  /** Requests accepted in a time, all clients together; the next one is answered 429. Null for no limit. */
  readonly rateLimit: Rate | null;
  readonly seed: number;
}

/** Whoever sent a request: told of its answer once, unless it left before. */
export interface ServerClient {
  /**
   * @param timing the server's own times; undefined for a refusal, in which no worker had a part
   * @param retryAfterSeconds how long a refusal asks to be left alone
   */
  onAnswer(status: number, timing: ServerTiming | undefined, retryAfterSeconds?: number): void;
}

export interface ServerModelStatistics {
  readonly seen: number;
  readonly served: number;
  readonly refused: number;
  /** Whose client left before the answer. */
  readonly gone: number;
  readonly queueMax: number;
  readonly inFlightMax: number;
}

/** A request inside the server. */
class Visit {
  client: ServerClient | undefined;
  readonly serviceMs: number;
  readonly arrivedMs: number;
  startedMs = 0;
  worker = -1;

  constructor(client: ServerClient, serviceMs: number, arrivedMs: number) {
    this.client = client;
    this.serviceMs = serviceMs;
    this.arrivedMs = arrivedMs;
  }
}

/** A request inside the server, as its client holds it. */
export type ServerVisit = Visit;

/** The longest a request takes, as on the real one. */
const SERVICE_MS_MAX = 60_000;

export class ServerModel {
  readonly #plan: ServerModelPlan;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #rateLimit: Gcra | null;
  /** Numbers of free workers; in class `async` a worker is never taken out. */
  readonly #free = new Heap<number>();
  readonly #line = new Queue<Visit>();
  readonly #workerNames: readonly string[];
  /** How many of those in line have left. */
  #leftLine = 0;
  /** Requests at each worker, in class `async`. */
  readonly #loads: number[];
  #seen = 0;
  #served = 0;
  #refused = 0;
  #gone = 0;
  #queueMax = 0;
  #inFlight = 0;
  #inFlightMax = 0;

  constructor(clock: Clock, plan: ServerModelPlan) {
    this.#plan = plan;
    this.#clock = clock;
    this.#random = seededRandom(plan.seed).split('slow API');
    const { rateLimit, workers } = plan;
    this.#rateLimit = rateLimit && new Gcra(rateLimit, { burst: Math.max(1, Math.floor(rateLimit.count)) });
    for (let worker = 0; worker < workers; worker++) this.#free.push(worker, worker);
    this.#workerNames = Array.from({ length: workers }, (_, worker) => String(worker + 1));
    this.#loads = new Array(workers).fill(0);
  }

  /** A request reaches the server. Undefined when it was refused, which the client has then been told. */
  arrive(client: ServerClient): ServerVisit | undefined {
    const nowMs = this.#clock.now();
    const arrival = this.#seen++;
    const waitMs = this.#rateLimit?.take(nowMs) ?? 0;
    if (waitMs > 0) return this.#refuse(client, 429, Math.ceil(waitMs / 1000));
    const free = this.#plan.workerClass === 'async' || this.#free.size > 0;
    if (!free && this.#waiting >= this.#plan.backlog) return this.#refuse(client, 503);
    const visit = new Visit(client, this.#drawServiceMs(arrival), nowMs);
    if (free) this.#serve(visit, this.#takeWorker());
    else {
      this.#line.push(visit);
      if (this.#waiting > this.#queueMax) this.#queueMax = this.#waiting;
    }
    return visit;
  }

  /** The client has gone: it leaves the line, or its worker finishes for nobody. Harmless after the answer. */
  abandon(visit: ServerVisit): void {
    if (!visit.client) return;
    visit.client = undefined;
    this.#gone++;
    if (visit.worker === -1) this.#leftLine++;
  }

  statistics(): ServerModelStatistics {
    return {
      seen: this.#seen,
      served: this.#served,
      refused: this.#refused,
      gone: this.#gone,
      queueMax: this.#queueMax,
      inFlightMax: this.#inFlightMax,
    };
  }

  get #waiting(): number {
    return this.#line.length - this.#leftLine;
  }

  #refuse(client: ServerClient, status: number, retryAfterSeconds?: number): undefined {
    this.#refused++;
    client.onAnswer(status, undefined, retryAfterSeconds);
  }

  /** Draws come in the order of the real one's, which first decides on faults and status. */
  #drawServiceMs(arrival: number): number {
    const { serviceTime } = this.#plan;
    if (serviceTime.kind === 'constant') return Math.min(SERVICE_MS_MAX, serviceTime.ms);
    const random = arrivalRandom(this.#random, arrival);
    for (let draw = 0; draw < 3; draw++) random.next();
    return Math.min(SERVICE_MS_MAX, drawServiceTime(serviceTime, random));
  }

  #takeWorker(): number {
    if (this.#plan.workerClass === 'sync') return this.#free.pop() as number;
    let least = 0;
    for (let worker = 1; worker < this.#loads.length; worker++)
      if ((this.#loads[worker] as number) < (this.#loads[least] as number)) least = worker;
    return least;
  }

  #serve(visit: Visit, worker: number): void {
    visit.worker = worker;
    visit.startedMs = this.#clock.now();
    this.#loads[worker] = (this.#loads[worker] as number) + 1;
    if (++this.#inFlight > this.#inFlightMax) this.#inFlightMax = this.#inFlight;
    this.#clock.schedule(visit.startedMs + visit.serviceMs, () => this.#finish(visit));
  }

  #finish(visit: Visit): void {
    const { worker, client } = visit;
    this.#loads[worker] = (this.#loads[worker] as number) - 1;
    this.#inFlight--;
    if (this.#plan.workerClass === 'sync') this.#callNext(worker);
    if (!client) return;
    visit.client = undefined;
    this.#served++;
    client.onAnswer(200, {
      queueMs: visit.startedMs - visit.arrivedMs,
      serviceMs: this.#clock.now() - visit.startedMs,
      worker: this.#workerNames[worker],
      workers: this.#plan.workers,
      t0Ms: visit.arrivedMs,
    });
  }

  /** The worker takes the first in line who is still there. */
  #callNext(worker: number): void {
    for (let next = this.#line.shift(); next; next = this.#line.shift()) {
      if (next.client) {
        this.#serve(next, worker);
        return;
      }
      this.#leftLine--;
    }
    this.#free.push(worker, worker);
  }
}
