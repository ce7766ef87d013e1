// The front of the slow API: takes requests in over HTTP, refuses or queues them, hands them to workers
// and writes the answers. Every request comes to exactly one end, and is counted there.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../base/clock.ts';
import { PacelineError } from '../base/errors.ts';
import { type Random, seededRandom } from '../base/random.ts';
import { Gcra } from '../control/gcra.ts';
import { arrivalRandom } from '../workload/service-time.ts';
import { answerFate, answerText, serverTiming } from './answers.ts';
import type { Connections } from './connections.ts';
import { Dispatcher, type Ticket } from './dispatch.ts';
import type { SlowServerPlan } from './options.ts';
import { decideFate, type Fate, plainWishes, readWishes, type Wishes } from './overrides.ts';
import type { ToWorker } from './protocol.ts';
import type { SlowServerStatistics } from './statistics.ts';

/** A request that a worker serves or will serve. */
interface Exchange {
  readonly id: number;
  readonly response: ServerResponse;
  readonly fate: Fate;
  readonly arrivedMs: number;
  gone: boolean;
}

/** What the front needs of the pool of workers. */
export interface Workers {
  serve(worker: number, message: ToWorker): void;
  pid(worker: number): number | null;
  restarts(worker: number): number;
}

export class Front {
  readonly #plan: SlowServerPlan;
  readonly #clock: Clock;
  readonly #workers: Workers;
  readonly #connections: Connections;
  readonly #dispatcher: Dispatcher<Exchange>;
  readonly #serving = new Map<number, Ticket<Exchange>>();
  readonly #servedBy: number[];
  readonly #random: Random;
  readonly #usual: Wishes;
  readonly #rateLimit: Gcra | null;
  #counts = { seen: 0, served: 0, refused: 0, gone: 0, failed: 0 };

  constructor(
    plan: SlowServerPlan,
    parts: { readonly clock: Clock; readonly workers: Workers; readonly connections: Connections },
  ) {
    this.#plan = plan;
    this.#clock = parts.clock;
    this.#workers = parts.workers;
    this.#connections = parts.connections;
    this.#random = seededRandom(plan.seed).split('slow API');
    this.#usual = plainWishes(plan.serviceTime);
    this.#servedBy = new Array(plan.workers).fill(0);
    const rate = plan.rateLimit;
    this.#rateLimit = rate && new Gcra(rate, { burst: Math.max(1, Math.floor(rate.count)) });
    this.#dispatcher = new Dispatcher(
      {
        workers: plan.workers,
        perWorker: plan.workerClass === 'sync' ? 1 : Number.POSITIVE_INFINITY,
        backlog: plan.backlog,
      },
      ticket => this.#hand(ticket),
    );
  }

  /** A request came in; `arrivedMs` is the moment it reaches the queue. */
  onRequest(request: IncomingMessage, response: ServerResponse): void {
    const arrivedMs = this.#clock.now();
    const { socket } = request;
    this.#connections.owe(socket);
    response.once('close', () => this.#connections.settle(socket));
    if (this.#connections.draining) response.shouldKeepAlive = false;
    // A body is let through unread: a stopped one would hide that the client has gone.
    if (request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined)
      request.resume();
    const url = request.url ?? '/';
    const mark = url.indexOf('?');
    const path = mark === -1 ? url : url.slice(0, mark);
    if (path === '/_stats' && (request.method === 'GET' || request.method === 'HEAD')) {
      answerText(response, { status: 200, text: `${JSON.stringify(this.statistics())}\n` });
      return;
    }
    const arrival = this.#counts.seen++;
    const wishes = this.#wishes(mark === -1 ? '' : url.slice(mark + 1), response);
    if (!wishes || this.#isOverRate(arrivedMs, response)) return;
    const fate = decideFate(wishes, arrivalRandom(this.#random, arrival));
    this.#queue({ id: arrival, response, fate, arrivedMs, gone: false });
  }

  /** A worker has done what it was given. */
  onServed(worker: number, id: number, startedMs: number, endedMs: number): void {
    const ticket = this.#serving.get(id);
    if (!ticket) return;
    this.#serving.delete(id);
    this.#servedBy[worker] = (this.#servedBy[worker] ?? 0) + 1;
    this.#dispatcher.finish(ticket); // the worker's next request goes out before this one's answer
    const { response, fate, arrivedMs, gone } = ticket.request;
    if (gone) {
      this.#counts.gone++;
      return;
    }
    this.#counts.served++;
    if (this.#connections.draining) response.shouldKeepAlive = false;
    const times = { arrivedMs, startedMs, endedMs, worker, workers: this.#plan.workers };
    answerFate(response, { fate, headers: ['Server-Timing', serverTiming(times)], clock: this.#clock });
  }

  onWorkerUp(worker: number): void {
    this.#dispatcher.workerUp(worker);
  }

  /** A worker died. What it held may have been carried out, so it is answered 502 and never served again. */
  onWorkerDown(worker: number): void {
    for (const { request } of this.#dispatcher.workerDown(worker)) {
      this.#serving.delete(request.id);
      if (request.gone) {
        this.#counts.gone++;
        continue;
      }
      this.#counts.failed++;
      if (this.#connections.draining) request.response.shouldKeepAlive = false;
      const text = `Worker ${worker + 1} died while it served this request.\n`;
      answerText(request.response, { status: 502, text });
    }
  }

  /** Whether the worker is at work. */
  isBusy(worker: number): boolean {
    return this.#dispatcher.isBusy(worker);
  }

  statistics(): SlowServerStatistics {
    return {
      ...this.#counts,
      ...this.#dispatcher.statistics(),
      workers: this.#servedBy.map((served, worker) => ({
        id: worker + 1,
        pid: this.#workers.pid(worker),
        served,
        busy: this.#dispatcher.isBusy(worker),
        restarts: this.#workers.restarts(worker),
      })),
    };
  }

  #wishes(query: string, response: ServerResponse): Wishes | null {
    if (query === '') return this.#usual;
    try {
      return readWishes(query, this.#usual);
    } catch (error) {
      if (!(error instanceof PacelineError)) throw error;
      this.#refuse(response, 400, `${error.message}\n`);
      return null;
    }
  }

  #isOverRate(nowMs: number, response: ServerResponse): boolean {
    const waitMs = this.#rateLimit?.take(nowMs) ?? 0;
    if (waitMs === 0) return false;
    const retryAfter = String(Math.max(1, Math.ceil(waitMs / 1000)));
    this.#refuse(response, 429, `Too many requests. Try again in ${retryAfter} s.\n`, [
      'Retry-After',
      retryAfter,
    ]);
    return true;
  }

  #queue(exchange: Exchange): void {
    const ticket = this.#dispatcher.arrive(exchange);
    if (!ticket) {
      this.#refuse(exchange.response, 503, `The backlog of ${this.#plan.backlog} is full.\n`);
      return;
    }
    exchange.response.once('close', () => {
      if (ticket.state === 'over') return;
      exchange.gone = true;
      if (this.#dispatcher.abandon(ticket)) this.#counts.gone++;
    });
  }

  #refuse(response: ServerResponse, status: number, text: string, headers: readonly string[] = []): void {
    this.#counts.refused++;
    answerText(response, { status, text, headers });
  }

  #hand(ticket: Ticket<Exchange>): void {
    const { id, fate } = ticket.request;
    this.#serving.set(id, ticket);
    this.#workers.serve(ticket.worker, {
      type: 'serve',
      id,
      serviceMs: fate.serviceMs,
      burn: this.#plan.burnCpu,
    });
  }
}
