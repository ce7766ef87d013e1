import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseServerTiming } from '../../src/model/server-timing.ts';

const known = (header: string) => JSON.parse(JSON.stringify(parseServerTiming(header) ?? null));

test('what the slow API says is read whole', () => {
  const header = 'queue;dur=1002.4;t0=5115.25, app;dur=1000.8, worker;desc="2", workers;desc="3"';
  assert.deepEqual(known(header), {
    queueMs: 1002.4,
    serviceMs: 1000.8,
    worker: '2',
    workers: 3,
    t0Ms: 5115.25,
  });
});

test('the names that other servers use', () => {
  assert.deepEqual(known('wait;dur=5, handler;dur=7'), { queueMs: 5, serviceMs: 7 });
  assert.deepEqual(known('queued;dur=5, total;dur=12'), { queueMs: 5, serviceMs: 7 });
  assert.deepEqual(known('wrk ; desc = x9'), { worker: 'x9' });
  assert.deepEqual(known('APP;DUR=3'), { serviceMs: 3 });
});

test('the first of two wins, nonsense is nothing', () => {
  assert.deepEqual(known('app;dur=1, app;dur=2'), { serviceMs: 1 });
  for (const header of [
    '',
    ',,;;==',
    'db;dur=3',
    'app',
    'app;dur=',
    'app;dur=-1',
    'app;dur=1e9',
    'app;dur=0x10',
  ])
    assert.equal(known(header), null, header);
  assert.equal(known('workers;desc="many"'), null);
});

test('a hostile header is bounded', () => {
  assert.equal(known(`${'x,'.repeat(100_000)}app;dur=1`), null);
  assert.equal(known(`worker;desc="${'w'.repeat(1000)}"`).worker.length, 64);
});
