// The simulation held against the real thing: the same plan over real sockets and worker processes, and over the
// model. Order, lanes and workers must agree. A real run is never faster than the model; how much slower
// depends on the machine, so the bound on that side is wide.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { StrategyName } from '../../src/engine/strategies.ts';
import { STRATEGIES } from '../../src/engine/strategies.ts';
import type { HttpRequest } from '../../src/model/request.ts';
import type { Settled } from '../../src/model/settled.ts';
import { openRun } from '../../src/run.ts';
import { simulate } from '../../src/simulation/run.ts';
import type { ServerModelPlan } from '../../src/simulation/server-model.ts';
import { openSlowServer, type SlowServer } from '../../src/slow-server/server.ts';
import type { ServiceTime } from '../../src/workload/service-time.ts';

const WORKERS = 3;
const SEED = 11;
/** Clocks of two processes, rounded to microseconds, and a timer that may fire in its last millisecond. */
const EARLY_MS = 2;
const LATE_MS = 5000;

function requests(url: string, count: number): HttpRequest[] {
  return Array.from({ length: count }, (_, id) => ({
    url,
    method: 'GET',
    headers: [],
    body: null,
    id,
    timeoutMs: null,
  }));
}

async function realRun(url: string, count: number, strategy: StrategyName): Promise<Settled<HttpRequest>[]> {
  const run = await openRun({ requests: requests(url, count) }, { strategy, concurrency: WORKERS });
  const all: Settled<HttpRequest>[] = [];
  for await (const settled of run.outcomes) all.push(settled);
  return all;
}

function simulatedRun(
  count: number,
  strategy: StrategyName,
  serviceTime: ServiceTime,
): Settled<HttpRequest>[] {
  const all: Settled<HttpRequest>[] = [];
  const server: ServerModelPlan = {
    ...{ workers: WORKERS, workerClass: 'sync', serviceTime, backlog: 10_000, rateLimit: null, seed: SEED },
  };
  const limit = STRATEGIES[strategy].limit(WORKERS);
  simulate({ requests: requests('http://simulated.invalid/', count), limit, server }, one => all.push(one));
  return all;
}

function shape(all: readonly Settled<HttpRequest>[]) {
  return {
    outcomes: all.map(({ outcome }) => outcome),
    lanes: new Set(all.map(({ tries }) => tries[0]?.lane)),
    workers: new Set(all.map(({ tries }) => tries[0]?.server?.worker)),
    makespanMs: Math.max(...all.map(({ endedMs }) => endedMs)),
  };
}

for (const strategy of ['async', 'semaphore'] as const) {
  test(`${strategy}: nine requests on three workers use the model's lanes, workers and time`, async () => {
    const serviceTime: ServiceTime = { kind: 'constant', ms: 100 };
    const server = await openSlowServer({ workers: WORKERS, serviceTime, seed: SEED });
    try {
      const real = shape(await realRun(`${server.url}/`, 9, strategy));
      const model = shape(simulatedRun(9, strategy, serviceTime));
      assert.deepEqual(real.outcomes, model.outcomes);
      assert.deepEqual(real.lanes, model.lanes);
      assert.equal(real.workers.size, model.workers.size);
      assert.ok(real.makespanMs >= model.makespanMs - EARLY_MS, `${real.makespanMs} of ${model.makespanMs}`);
      assert.ok(real.makespanMs <= model.makespanMs + LATE_MS, `${real.makespanMs} of ${model.makespanMs}`);
    } finally {
      await server.destroy();
    }
  });
}

const drawn: ServiceTime = { kind: 'lognormal', medianMs: 30, sigma: 0.8 };
let server: SlowServer;
before(async () => {
  server = await openSlowServer({ workers: WORKERS, serviceTime: drawn, seed: SEED });
});
after(() => server.destroy());

test('one after another: the real server draws the very service times that the model draws', async () => {
  const real = await realRun(`${server.url}/`, 8, 'sequential');
  const model = simulatedRun(8, 'sequential', drawn);
  assert.deepEqual(
    real.map(({ index }) => index),
    model.map(({ index }) => index),
  );
  for (const [place, { tries }] of real.entries()) {
    const realMs = tries[0]?.phasesMs.service ?? Number.NaN;
    const modelMs = model[place]?.tries[0]?.phasesMs.service ?? Number.NaN;
    assert.ok(
      realMs >= modelMs - EARLY_MS && realMs <= modelMs + LATE_MS,
      `${realMs} of ${modelMs} at ${place}`,
    );
    assert.equal(tries[0]?.server?.worker, model[place]?.tries[0]?.server?.worker);
  }
});
