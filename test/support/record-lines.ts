// Makes runs whose answers are known: requests against a first-come server, worked out with pencil-and-paper
// arithmetic,
// as settled requests that can also stand for lines of a record.
import { seededRandom } from '../../src/base/random.ts';
import type { AttemptEnd } from '../../src/model/attempt.ts';
import type { OutcomeKind } from '../../src/model/outcome.ts';
import type { HttpRequest } from '../../src/model/request.ts';
import type { Settled } from '../../src/model/settled.ts';

export interface SceneOptions {
  readonly requests: number;
  /** Attempts in flight at most. @default no limit */
  readonly limit?: number;
  /** @default 3 */
  readonly serverWorkers?: number;
  /** @default 1000 */
  readonly serviceMs?: number;
  /** Each service time is up to so much longer, by chance; share of it. @default 0.04 */
  readonly spread?: number;
  /** There and back. @default 4 */
  readonly rttMs?: number;
  readonly downloadMs?: number;
  /** The server tells its queue and service time. @default true */
  readonly reports?: boolean;
  /** How a request ends, by index. @default ok */
  readonly ending?: (index: number) => Partial<AttemptEnd> | undefined;
}

export function aRequest(part: Partial<HttpRequest> = {}): HttpRequest {
  return { url: 'http://h/', method: 'GET', headers: [], body: null, id: null, timeoutMs: null, ...part };
}

export function aTry(part: Partial<AttemptEnd> = {}): AttemptEnd {
  return { lane: 0, outcome: 'ok', status: 200, startedMs: 0, endedMs: 1, phasesMs: {}, bytes: 0, ...part };
}

export function aSettled(part: Partial<Settled<HttpRequest>> = {}): Settled<HttpRequest> {
  const last = part.tries?.at(-1);
  return {
    index: 0,
    request: aRequest(),
    outcome: last?.outcome ?? 'ok',
    createdMs: 0,
    endedMs: last?.endedMs ?? 1,
    tries: [aTry()],
    ...part,
  };
}

/** All requests known at 0, sent in order as permits allow, served first come, first served. */
export function* scene(options: SceneOptions): Generator<Settled<HttpRequest>> {
  const { requests, serverWorkers = 3, serviceMs = 1000, spread = 0.04, rttMs = 4 } = options;
  const { limit = requests, downloadMs = 0.2, reports = true } = options;
  const random = seededRandom(7);
  const lanesFreeMs: number[] = new Array(Math.min(limit, requests)).fill(0);
  const workersFreeMs: number[] = new Array(serverWorkers).fill(0);
  const request = aRequest();
  for (let index = 0; index < requests; index++) {
    const lane = smallest(lanesFreeMs);
    const startedMs = lanesFreeMs[lane] as number;
    const worker = smallest(workersFreeMs);
    const arrivedMs = startedMs + rttMs / 2;
    const servedFromMs = Math.max(arrivedMs, workersFreeMs[worker] as number);
    const service = serviceMs * (1 + spread * random.next());
    workersFreeMs[worker] = servedFromMs + service;
    const queue = servedFromMs - arrivedMs;
    const network = rttMs;
    const endedMs = servedFromMs + service + rttMs / 2 + downloadMs;
    const phasesMs = reports
      ? { permit: startedMs, network, queue, service, download: downloadMs }
      : { permit: startedMs, network: rttMs / 2, ttfb: queue + service + rttMs / 2, download: downloadMs };
    const server = { worker: String(worker + 1), workers: serverWorkers, arrivedMs, doubtMs: 0 };
    const one: AttemptEnd = {
      ...aTry({ lane, startedMs, endedMs, phasesMs, bytes: 22, ...(reports && { server }) }),
      ...options.ending?.(index),
    };
    lanesFreeMs[lane] = one.endedMs;
    yield { index, request, outcome: one.outcome, createdMs: 0, endedMs: one.endedMs, tries: [one] };
  }
}

/** An attempt that failed after so long without a report of the server. */
export function failedTry(outcome: OutcomeKind, part: Partial<AttemptEnd>): Partial<AttemptEnd> {
  return { outcome, status: null, phasesMs: { permit: 0, network: 2 }, ...part };
}

function smallest(values: readonly number[]): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] as number) < (values[best] as number)) best = i;
  return best;
}
