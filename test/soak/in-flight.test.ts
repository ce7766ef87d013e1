// However many attempts time out, the server never has more requests open than the limit (I01, I02, A07): counted at a
// server in a process of its own, in every strategy, over all hosts and for each.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type CountingServer, startCountingServer } from '../../bench/limits/counting-server.ts';
import { seededRandom } from '../../src/base/random.ts';
import { type FetchAllOptions, fetchAll } from '../../src/index.ts';
import { isSoak, sized } from '../support/soak.ts';

/** Requests of one run; a campaign is many runs. */
const RUN_REQUESTS = sized(400, 10_000);
const RUNS = sized(1, 20);
/** Of the requests, these are answered long after their time-out. */
const SLOW_SHARE = isSoak ? 0.04 : 0.1;

interface Row {
  readonly options: FetchAllOptions;
  readonly total: number;
  readonly perHost: number;
}

const rows: readonly Row[] = [
  { options: { strategy: 'semaphore', concurrency: 20 }, total: 20, perHost: 20 },
  { options: { strategy: 'semaphore', concurrency: 20, perHost: 7 }, total: 14, perHost: 7 },
  { options: { strategy: 'async', perHost: 9 }, total: 18, perHost: 9 },
  { options: { strategy: 'threads', concurrency: 12, workers: 3 }, total: 12, perHost: 12 },
  { options: { strategy: 'threads', concurrency: 20, workers: 4, perHost: 5 }, total: 10, perHost: 5 },
  { options: { strategy: 'processes', concurrency: 12, workers: 3 }, total: 12, perHost: 12 },
  { options: { strategy: 'processes', concurrency: 20, workers: 2, perHost: 3 }, total: 6, perHost: 3 },
];

function* urls({ origins }: CountingServer, seed: number): Generator<string> {
  const random = seededRandom(seed);
  for (let i = 0; i < RUN_REQUESTS; i++) {
    const path = random.next() < SLOW_SHARE ? 'after/400' : 'ok';
    yield `${origins[random.next() < 0.5 ? 0 : 1]}/${path}/${i}`;
  }
}

async function open(t: TestContext): Promise<CountingServer> {
  const server = await startCountingServer();
  t.after(() => server.stop());
  return server;
}

for (const { options, total, perHost } of rows) {
  test(`A07, I01, I02: ${JSON.stringify(options)} holds with time-outs firing`, async t => {
    const server = await open(t);
    let timeouts = 0;
    let requests = 0;
    for (let run = 0; run < RUNS; run++) {
      const send = fetchAll(urls(server, run), {
        ...options,
        headersTimeoutMs: 25,
        retries: 1,
        retryDelayMs: 1,
      });
      for await (const { tries } of send) {
        requests++;
        timeouts += tries.filter(({ outcome }) => outcome === 'timeout').length;
      }
      const { inFlightMax, inFlightMaxOverAll } = await server.take();
      const what = `seed ${run}: ${JSON.stringify(inFlightMax)}, ${inFlightMaxOverAll} over all`;
      assert.ok(Math.max(...Object.values(inFlightMax)) <= perHost, what);
      assert.ok(inFlightMaxOverAll <= total, what);
      // It would be easy to hold a limit that is never reached.
      assert.ok(inFlightMaxOverAll >= 0.75 * total, what);
    }
    assert.equal(requests, RUNS * RUN_REQUESTS);
    assert.ok(timeouts > 0.01 * requests, `${timeouts} time-outs`);
    t.diagnostic(`${requests} requests, ${timeouts} attempts timed out`);
  });
}

test('A07: sequential has one, also after a time-out', async t => {
  const server = await open(t);
  const requests = Array.from(
    { length: sized(60, 5000) },
    (_, i) => `${server.origins[i % 2]}/${i % 10 === 0 ? 'after/400' : 'ok'}/${i}`,
  );
  const send = fetchAll(requests, { strategy: 'sequential', headersTimeoutMs: 20, retries: 0 });
  const ended = await Array.fromAsync(send, ({ outcome }) => outcome);
  assert.equal(ended.filter(outcome => outcome === 'timeout').length, requests.length / 10);
  assert.equal((await server.take()).inFlightMaxOverAll, 1);
});
