// What the parent's own thread spends on each attempt, measured inside the process once it is warm, without the
// command around it: the engine with an executor that ends every attempt at once ("nobody"), or with workers.
// Usage: node handover.ts nobody|semaphore|threads|processes URL COUNT WORKERS; prints microseconds per attempt.
import type { Executor, OnAttemptEnd } from '../../src/engine/ports.ts';
import { openSource } from '../../src/engine/source.ts';
import type { StrategyName } from '../../src/engine/strategies.ts';
import type { Attempt } from '../../src/model/attempt.ts';
import type { HttpRequest } from '../../src/model/request.ts';
import { monotonicMs, systemClock } from '../../src/platform/system-clock.ts';
import { assembleRun, openRun, type Run } from '../../src/run.ts';

const IN_FLIGHT = 50;
const WARM_UP_SHARE = 0.2;

const [, , who = '', url = '', countText = '', workers = ''] = process.argv;
const count = Number(countText);

function* requests(): Generator<HttpRequest> {
  for (let id = 0; id < count; id++)
    yield { url, method: 'GET', headers: [], body: null, id, timeoutMs: null };
}

/** Ends each turn's attempts together in the next one, as a worker's message would. */
function nobody(onAttemptEnd: OnAttemptEnd): Executor<HttpRequest> {
  let started: Attempt<HttpRequest>[] = [];
  const end = ({ lane, admittedMs }: Attempt<HttpRequest>): void =>
    onAttemptEnd({
      ...{ lane, outcome: 'ok', status: 200, bytes: 0, phasesMs: {} },
      ...{ startedMs: admittedMs, endedMs: admittedMs },
    });
  return {
    start: attempt => void started.push(attempt),
    flush() {
      if (started.length === 0) return;
      const ended = started;
      started = [];
      setImmediate(() => ended.forEach(end));
    },
    cancel: () => undefined,
    close: () => Promise.resolve(),
  };
}

async function open(): Promise<Run<HttpRequest>> {
  if (who === 'nobody') {
    const options = { limit: IN_FLIGHT, order: 'ended', timeoutMs: Number.POSITIVE_INFINITY } as const;
    return assembleRun<HttpRequest>(
      {
        ...options,
        clock: systemClock(monotonicMs()),
        timeoutMsOf: request => request.timeoutMs,
        graceMs: 1000,
      },
      onReady => openSource(requests(), onReady),
      nobody,
    );
  }
  const options = { concurrency: IN_FLIGHT, keepHeaders: false, keepBodyBytesMax: 0 };
  const placed = who === 'semaphore' ? {} : { workers: Number(workers) };
  return await openRun({ requests: requests() }, { strategy: who as StrategyName, ...options, ...placed });
}

const run = await open();
const warmCount = Math.floor(count * WARM_UP_SHARE);
let settled = 0;
let notOk = 0;
let before = process.threadCpuUsage();
for await (const { outcome } of run.outcomes) {
  if (outcome !== 'ok') notOk++;
  if (++settled === warmCount) before = process.threadCpuUsage();
}
const { user, system } = process.threadCpuUsage(before);
if (notOk > 0) throw new Error(`${notOk} of ${count} were not ok`);
process.stdout.write(`${(user + system) / (count - warmCount)}\n`);
