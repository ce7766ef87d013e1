// One AbortSignal for very many requests (A15): it has one listener while they run, none before and after, Node warns
// of nothing, and it still ends the run at once.
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { startCountingServer } from '../../bench/limits/counting-server.ts';
import { fetchAll, mapConcurrent } from '../../src/index.ts';
import { sized } from '../support/soak.ts';

const REQUESTS = sized(2000, 100_000);

test(`A15: one signal for ${REQUESTS} requests, then it ends the next run`, async t => {
  const server = await startCountingServer();
  t.after(() => server.stop());
  const warnings: Error[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning);
  process.on('warning', onWarning);
  t.after(() => process.off('warning', onWarning));
  const controller = new AbortController();
  const { signal } = controller;
  const urls = Array.from({ length: REQUESTS }, (_, i) => `${server.origins[0]}/ok/${i}`);
  const listeners = new Set<number>();
  let ok = 0;
  for await (const outcome of fetchAll(urls, { signal, concurrency: 50 })) {
    listeners.add(getEventListeners(signal, 'abort').length);
    if (outcome.ok) ok++;
  }
  assert.equal(ok, REQUESTS);
  // The run lets go of it in the turn in which its last request ends; its last outcomes are read after that.
  assert.ok([...listeners].every(count => count <= 1) && listeners.has(1), `${[...listeners]}`);
  assert.equal(getEventListeners(signal, 'abort').length, 0);

  let ended = 0;
  const options = { signal, concurrency: 50 };
  for await (const { outcome } of fetchAll([...urls, `${server.origins[0]}/after/60000`], options)) {
    if (++ended === REQUESTS / 2) controller.abort();
    assert.ok(outcome === 'ok' || (outcome === 'cancelled' && ended >= REQUESTS / 2), `${ended} ${outcome}`);
  }
  assert.ok(ended < REQUESTS / 2 + 500, `${ended}`);
  assert.equal(getEventListeners(signal, 'abort').length, 0);
  assert.deepEqual(warnings, []);
});

test('A15: one signal for 100 000 functions', async () => {
  const { signal } = new AbortController();
  let most = 0;
  let count = 0;
  for await (const { outcome } of mapConcurrent(
    Array.from({ length: 100_000 }),
    async () => {
      most = Math.max(most, getEventListeners(signal, 'abort').length);
    },
    { signal, concurrency: 100 },
  ))
    if (outcome === 'ok') count++;
  assert.deepEqual([count, most, getEventListeners(signal, 'abort').length], [100_000, 1, 0]);
});
