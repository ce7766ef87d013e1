// Runs of any size whose every time is known: lanes of a client in front of a server with one queue and some workers,
// as lines of a record. Seeded; a million lines take seconds. In the middle third the server is short of workers.
import { Heap } from '../../src/base/heap.ts';
import { type Random, seededRandom } from '../../src/base/random.ts';
import type { RequestLine, RunHeader, TryLine } from '../../src/model/record.ts';

export interface QueueModel {
  readonly requests: number;
  readonly lanes: number;
  readonly workers: number;
  /** Middle of the log-normal service time. */
  readonly serviceMs: number;
  readonly seed?: number;
  /** Workers that stand still in the middle third. @default a third of them */
  readonly broken?: number;
  /** Share of attempts that end in 503 and are sent once more. @default 0 */
  readonly retried?: number;
  /** Index of the one request that ends in 500. */
  readonly failing?: number;
  /** The server tells its queue, service and workers. @default true */
  readonly reports?: boolean;
}

export const MODEL_RUN: RunHeader = {
  ...{ version: '0.1.0', started: '2026-11-27T00:00:00Z', strategy: 'semaphore', concurrency: 64, seed: 7 },
  simulated: true,
};

/** Lines in the order of their starts. */
export function* modelLines(model: QueueModel): Generator<RequestLine> {
  const { requests, lanes, seed = 7, retried = 0, failing = -1 } = model;
  const random = seededRandom(seed);
  const free = new Heap<number>();
  for (let lane = 0; lane < Math.min(lanes, requests); lane++) free.push(0, lane);
  const server = new ModelServer(model, random);
  for (let index = 0; index < requests; index++) {
    const tries: TryLine[] = [];
    const createdMs = index < lanes ? 0 : Math.max(0, free.peekKey() - 0.2);
    let dueMs = createdMs;
    for (;;) {
      const freeMs = free.peekKey();
      const lane = free.pop() as number;
      const isRetried = tries.length === 0 && random.next() < retried;
      const startedMs = Math.max(freeMs, dueMs) + 0.02 + 0.05 * random.next();
      const status = isRetried ? 503 : index === failing ? 500 : 200;
      const one = server.serve({ lane, startedMs, dueMs, status });
      tries.push(one);
      free.push(one.endedMs, lane);
      if (!isRetried) break;
      dueMs = one.endedMs + 50 * (1 + random.next());
    }
    yield lineOf(index, createdMs, tries);
  }
}

/** First come, first served. */
class ModelServer {
  readonly #idle = new Heap<number>();
  readonly #random: Random;
  readonly #model: QueueModel;
  readonly #lengthMs: number;

  constructor(model: QueueModel, random: Random) {
    this.#model = model;
    this.#random = random;
    this.#lengthMs = (model.requests / model.workers) * model.serviceMs * 1.3;
    for (let worker = 0; worker < model.workers; worker++) this.#idle.push(0, worker);
  }

  serve(sent: { lane: number; startedMs: number; dueMs: number; status: number }): TryLine {
    const { lane, startedMs, dueMs, status } = sent;
    const random = this.#random;
    const network = 0.2 + 0.4 * random.next() ** 3;
    const arrivedMs = startedMs + network;
    const { worker, fromMs } = this.#workerFor(arrivedMs);
    const service = status === 503 ? 0.4 : this.#model.serviceMs * Math.exp(0.4 * normal(random));
    this.#idle.push(fromMs + service, worker);
    const queue = fromMs - arrivedMs;
    const back = 0.2 + 0.3 * random.next() ** 3;
    const download = 0.05 + 0.2 * random.next() ** 4;
    const endedMs = fromMs + service + back + download;
    const permit = startedMs - dueMs;
    const { workers, reports = true } = this.#model;
    return rounded({
      ...{ lane, outcome: status < 400 ? 'ok' : 'http_error', status, startedMs, endedMs },
      phasesMs: reports
        ? { permit, network: network + back, queue, service, download }
        : { permit, network, ttfb: queue + service + back, download },
      ...(reports && { server: { worker: String(worker + 1), workers, arrivedMs, doubtMs: 0 } }),
    });
  }

  #workerFor(arrivedMs: number): { worker: number; fromMs: number } {
    const { broken = Math.floor(this.#model.workers / 3) } = this.#model;
    for (;;) {
      const freeMs = this.#idle.peekKey();
      const worker = this.#idle.pop() as number;
      const fromMs = Math.max(freeMs, arrivedMs);
      const isBroken = worker < broken && fromMs > this.#lengthMs / 3 && fromMs < (this.#lengthMs * 2) / 3;
      if (!isBroken) return { worker, fromMs };
      this.#idle.push((this.#lengthMs * 2) / 3, worker);
    }
  }
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

const toRecord = (ms: number): number => Math.round(ms * 1000) / 1000;

function rounded(one: TryLine): TryLine {
  const phasesMs = Object.fromEntries(Object.entries(one.phasesMs).map(([key, ms]) => [key, toRecord(ms)]));
  return {
    ...one,
    ...{ startedMs: toRecord(one.startedMs), endedMs: toRecord(one.endedMs), phasesMs },
    ...(one.server && { server: { ...one.server, arrivedMs: toRecord(one.server.arrivedMs) } }),
  };
}

export function lineOf(index: number, createdMs: number, tries: readonly TryLine[]): RequestLine {
  const last = tries.at(-1);
  return {
    ...{ index, id: null, method: 'GET', url: `http://127.0.0.1:8000/items/${index % 1000}` },
    ...{ outcome: last?.outcome ?? 'cancelled', status: last?.status ?? null, attempts: tries.length },
    ...(last && { lane: last.lane, startedMs: last.startedMs }),
    ...{ createdMs: toRecord(createdMs), endedMs: last?.endedMs ?? createdMs, bytes: 22, tries },
  };
}
