// Whole runs over real workers: the same outcomes as in this thread, and a clear end when nothing can run.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { STRATEGY_NAMES, type StrategyName } from '../src/engine/strategies.ts';
import { fetchAll } from '../src/library/fetch-all.ts';
import { type DeterministicServer, startDeterministicServer } from './support/deterministic-server.ts';
import { fixture } from './support/open-pool.ts';

let server: DeterministicServer;
before(async () => {
  server = await startDeterministicServer();
});
after(() => server.close());

const IN_WORKERS: readonly StrategyName[] = ['threads', 'processes'];

test('I57, H16: every strategy gives the same outcomes for the same requests', async () => {
  const paths = ['/a', '/404', '/bytes', '/gzip', '/half-gzip', '/reset', '/half', '/b', '/c', '/d'];
  const urls = paths.map(path => server.origin + path);
  const seen = new Map<string, StrategyName[]>();
  for (const strategy of STRATEGY_NAMES) {
    const lines: string[] = [];
    for await (const outcome of fetchAll(urls, { strategy, concurrency: 4, workers: 2, order: 'input' })) {
      const { url, status, error } = outcome;
      lines.push(`${url} ${outcome.outcome} ${status} ${error?.code} ${outcome.body?.length}`);
    }
    const all = lines.join('\n');
    seen.set(all, [...(seen.get(all) ?? []), strategy]);
  }
  assert.deepEqual([...seen.values()], [[...STRATEGY_NAMES]], [...seen.keys()].join('\n\n'));
});

for (const strategy of IN_WORKERS) {
  const options = { strategy, concurrency: 2, workers: 1, handler: fixture('handler-by-path').path } as const;
  const endless = function* (query: string) {
    for (;;) yield `${server.origin}/?do=${query}`;
  };

  test(`${strategy}: workers that always die end the run with an error, after all outcomes`, async () => {
    const outcomes: string[] = [];
    const run = async (): Promise<void> => {
      for await (const { outcome } of fetchAll(endless('exit'), options)) outcomes.push(outcome);
    };
    await assert.rejects(run, { code: 'ERR_ENV_WORKERS', message: /5 times in a row/ });
    assert.ok(outcomes.filter(outcome => outcome === 'unknown').length >= 5);
    assert.ok(outcomes.every(outcome => outcome === 'unknown' || outcome === 'cancelled'));
  });

  test(`${strategy}: leaving the loop early lets go of the workers`, async () => {
    for await (const { value } of fetchAll(endless('value'), options)) {
      assert.ok(value);
      break;
    }
  });
}
