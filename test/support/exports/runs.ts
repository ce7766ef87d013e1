// Runs that every export must tell rightly: a small one with every kind of ending, simulated ones with faults and
// retries, drawn ones with odd values.
import { seededRandom } from '../../../src/base/random.ts';
import { resolvePolite } from '../../../src/engine/polite-plan.ts';
import { ATTEMPT_LIMITS } from '../../../src/model/plan.ts';
import type { EventLoop, RunHeader, Summary } from '../../../src/model/record.ts';
import type { HttpRequest } from '../../../src/model/request.ts';
import type { Settled } from '../../../src/model/settled.ts';
import { FAULT_KINDS, seededFaults } from '../../../src/simulation/faults.ts';
import { simulate } from '../../../src/simulation/run.ts';
import { type RecordedRun, readBack, recorded } from '../fed-report.ts';
import { A_RUN, drawRecord } from '../random-record.ts';
import { aRequest, aSettled, aTry } from '../record-lines.ts';

/** A deaf server keeps its lane for good, and nothing would be due any more. */
const FAULTS = FAULT_KINDS.filter(kind => kind !== 'deaf');

export const SMALL_RUN: RunHeader = { ...A_RUN, concurrency: 3 };

const server = (worker: string, arrivedMs: number) => ({ worker, workers: 2, arrivedMs, doubtMs: 0 });

/** Two served side by side, one in the queue; one that was refused and came back; and what ends badly. */
export function smallRun(): RecordedRun {
  const first = aTry({
    ...{ lane: 0, endedMs: 104, bytes: 22, server: server('1', 2) },
    phasesMs: { permit: 0, network: 4, queue: 0, service: 99, download: 1 },
  });
  const queued = aTry({
    ...{ lane: 2, endedMs: 203.25, bytes: 22, server: server('1', 2) },
    phasesMs: { permit: 0, network: 4, queue: 99, service: 100, download: 0.25 },
  });
  const refused = aTry({
    ...{ lane: 1, outcome: 'http_error', status: 429, endedMs: 50, retryAfterMs: 150 },
    phasesMs: { permit: 0, network: 2, ttfb: 48 },
  });
  const again = aTry({
    ...{ lane: 1, startedMs: 210.5, endedMs: 310, bytes: 22, url: 'http://h/b?key=k2' },
    phasesMs: { backoff: 150, permit: 10.5, network: 2, ttfb: 97, download: 0.5 },
  });
  const timedOut = aTry({
    ...{
      lane: 1,
      outcome: 'timeout',
      status: null,
      startedMs: 50,
      endedMs: 200,
      phasesMs: { permit: 50, network: 2 },
    },
    error: { code: 'TIMEOUT_HEADERS', message: 'no headers within 148 ms', phase: 'headers' },
  });
  const broken = aTry({
    ...{
      lane: 0,
      outcome: 'network_error',
      status: null,
      startedMs: 104,
      endedMs: 105,
      phasesMs: { permit: 104 },
    },
    error: { code: 'ECONNREFUSED', message: 'connect http://u:p@h/e?token=t1 refused' },
  });
  const left = aTry({
    ...{
      lane: 0,
      outcome: 'cancelled',
      status: null,
      startedMs: 105,
      endedMs: 311,
      phasesMs: { permit: 105, network: 2 },
    },
    error: { code: 'INTERRUPTED', message: 'the run was interrupted' },
  });
  const request = (path: string, part: Partial<HttpRequest> = {}): HttpRequest =>
    aRequest({ url: `http://h/${path}`, ...part });
  const run = recorded(SMALL_RUN, [
    aSettled({ index: 0, request: request('', { id: 'first' }), tries: [first] }),
    aSettled({ index: 4, request: request('e?token=t1'), tries: [broken], noRetry: 'attempts' }),
    aSettled({ index: 3, request: request('d', { method: 'POST' }), tries: [timedOut] }),
    aSettled({ index: 2, request: request('c'), tries: [queued] }),
    aSettled({ index: 1, request: request('b?a=1&key=k1', { id: 7 }), tries: [refused, again] }),
    aSettled({ index: 5, request: request('f'), tries: [left] }),
    aSettled({ index: 6, request: request('g'), outcome: 'cancelled', tries: [], endedMs: 311 }),
    aSettled({ index: 7, request: request('=1+1'), outcome: 'invalid_input', tries: [], endedMs: 0 }),
  ]);
  return { ...run, summary: { ...(run.summary as Summary), eventLoops: SMALL_LOOPS } };
}

/** A process that was not there for a while; and longer than the run. */
const SMALL_LOOPS: readonly EventLoop[] = [
  { of: 'main', everyMs: 100, busy: [0.5, 0.02, 0.02, 0.016, 1] },
  { of: 'process', worker: 1, everyMs: 50, busy: [null, 1, null, 0.333] },
];

/** Requests with retries against a server that queues, refuses and breaks. Lanes are given on in the very instant. */
export function simulatedRun(seed: number, requests = 150): RecordedRun {
  const random = seededRandom(seed).split('export');
  const limit = 1 + Math.floor(random.next() * 12);
  const settled: Settled<HttpRequest>[] = [];
  simulate(
    {
      requests: Array.from({ length: requests }, (_, index) =>
        aRequest({ url: `http://h${index % 3}/${index}` }),
      ),
      limit,
      limits: { ...ATTEMPT_LIMITS, connectMs: 400, headersMs: 700, bodyMs: 500 },
      polite: resolvePolite({ retries: 3, retryDelayMs: 80 }),
      server: {
        ...{ workers: 3, workerClass: 'sync', backlog: 6, rateLimit: null, seed },
        serviceTime: random.next() < 0.5 ? { kind: 'constant', ms: 20 } : { kind: 'exponential', meanMs: 20 },
      },
      network: {
        rttMs: 2,
        faults: seededFaults(random.split('faults'), { share: 0.2, kinds: FAULTS, msMax: 50 }),
      },
    },
    one => settled.push(one),
  );
  return recorded({ ...A_RUN, seed, concurrency: limit, simulated: true }, settled, `${seed}.ndjson`);
}

/** Whatever a record may hold, killed in the middle or not. */
export function drawnRun(seed: number): RecordedRun {
  const { lines } = drawRecord(seededRandom(seed), 40);
  return readBack(
    lines.map(({ text }) => text),
    `${seed}.ndjson`,
  );
}

export function attemptsOf({ lines }: RecordedRun): number {
  return lines.reduce((sum, { tries }) => sum + tries.length, 0);
}
