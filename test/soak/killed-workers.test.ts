// Workers that are killed at any moment, with retries on: each request has one outcome, none that may have been
// carried out is sent again unless it may be, and the pool is at its size again (I05, I29, I55). Judged at a server
// that counts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startCountingServer } from '../../bench/limits/counting-server.ts';
import { seededRandom } from '../../src/base/random.ts';
import { type FetchRequest, fetchAll } from '../../src/index.ts';
import { sized } from '../support/soak.ts';

/** Fewer than the pool bears in a minute; a campaign is many runs. */
const KILLS_PER_RUN = 10;
const RUNS = sized(2, 20);
const REQUESTS = 300;
const RETRIES = 3;
const HANDLER = new URL('../support/dying-handler.ts', import.meta.url);

/** GETs and POSTs by turns; some are told 503 the first time, and after some the worker dies within 12 ms. */
function requestsOf(origin: string, seed: number): FetchRequest[] {
  const random = seededRandom(seed);
  const deaths = new Set<number>();
  while (deaths.size < KILLS_PER_RUN) deaths.add(2 * Math.floor((random.next() * REQUESTS) / 2));
  return Array.from({ length: REQUESTS }, (_, i) => {
    if (deaths.has(i))
      return { url: `${origin}/ok/die/${Math.floor(random.next() * 12)}/${seed}/${i}`, id: i };
    const how = random.next() < 0.2 ? 'busy/once' : `after/${Math.floor(random.next() * 15)}`;
    const url = `${origin}/${how}/${seed}/${i}`;
    return i % 2 === 0 ? { url, id: i } : { url, id: i, method: 'POST', body: `${i}` };
  });
}

for (const strategy of ['threads', 'processes'] as const) {
  test(`H01, H07: ${strategy}, ${RUNS * KILLS_PER_RUN} killed: one outcome each, no POST twice`, async t => {
    const server = await startCountingServer();
    t.after(() => server.stop());
    const told: Record<string, number> = {};
    for (let seed = 0; seed < RUNS; seed++) {
      const requests = requestsOf(server.origins[0], seed);
      const options = {
        strategy,
        concurrency: 8,
        workers: 2,
        retries: RETRIES,
        retryDelayMs: 2,
        handler: HANDLER,
      };
      const outcomes = await Array.fromAsync(fetchAll(requests, options));
      assert.deepEqual(
        outcomes.map(({ id }) => id).toSorted((a, b) => Number(a) - Number(b)),
        [...requests.keys()],
        `seed ${seed}`,
      );
      const { arrivals } = await server.take();
      const seen = new Map<string, number>();
      for (const { method, path } of arrivals)
        seen.set(`${method} ${path}`, (seen.get(`${method} ${path}`) ?? 0) + 1);
      for (const { method, url, ok, outcome, attempts } of outcomes) {
        const what = `seed ${seed}: ${method} ${url} ${outcome}`;
        const count = seen.get(`${method} ${new URL(url).pathname}`) ?? 0;
        assert.ok(
          count <= (method === 'POST' ? 1 : 1 + RETRIES) && count <= attempts,
          `${what}: ${count} times`,
        );
        // A POST that was told 503 was carried out or not; either way it is not sent again, and says so.
        const ends = method === 'POST' && url.includes('/busy/') ? ['unknown', 'http_error'] : ['unknown'];
        assert.ok(ok ? count >= 1 : ends.includes(outcome), what);
        told[`${method} ${outcome}`] = (told[`${method} ${outcome}`] ?? 0) + 1;
      }
    }
    t.diagnostic(JSON.stringify(told));
    // It would be easy to lose nothing were nobody hit.
    assert.ok((told['POST unknown'] ?? 0) > 0, JSON.stringify(told));
  });
}
