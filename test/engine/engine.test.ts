// The loop, driven by hand on the virtual clock with an executor that does only as it is told.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InvalidInput } from '../../src/model/request.ts';
import { openEngine } from '../support/timed-engine.ts';

test('three requests, two lanes: the third starts when the first ends', () => {
  const { engine, clock, log, finished } = openEngine([100, 250, 50]);
  engine.start();
  while (clock.step());
  assert.deepEqual(log, [
    '0 start 0 on lane 0',
    '0 start 1 on lane 1',
    '100 0 is ok',
    '100 start 2 on lane 0',
    '150 2 is ok',
    '250 1 is ok',
  ]);
  assert.deepEqual(finished, [undefined]);
});

test('outcomes come in the order of the input when asked', () => {
  const { engine, clock, settled } = openEngine([300, 100, 50, 10], { order: 'input', limit: 4 });
  engine.start();
  while (clock.step());
  assert.deepEqual(
    settled.map(({ index }) => index),
    [0, 1, 2, 3],
  );
});

test('a long first request lets starts run ahead by no more than the window', () => {
  const lengths = [100_000, ...Array.from({ length: 2000 }, () => 1)];
  const { engine, clock, log } = openEngine(lengths, { order: 'input', limit: 2 });
  engine.start();
  while (clock.step());
  const early = log.filter(line => line.includes('start') && Number.parseFloat(line) < 100_000);
  assert.equal(early.length, 256);
});

test('a line that cannot be sent settles as invalid input and takes no permit', () => {
  const bad = new InvalidInput({ code: 'ERR_INPUT_URL', message: 'urls.txt line 2: not a URL' });
  const { engine, clock, settled } = openEngine([10, bad, 10], { limit: 1 });
  engine.start();
  while (clock.step());
  assert.deepEqual(
    settled.map(({ index, outcome }) => [index, outcome]),
    [
      [1, 'invalid_input'],
      [0, 'ok'],
      [2, 'ok'],
    ],
  );
  assert.equal(settled[0]?.error?.message, 'urls.txt line 2: not a URL');
});

test('the source is read at most twice the limit ahead', () => {
  let taken = 0;
  const endless = (function* () {
    for (;;) {
      taken++;
      yield 10;
    }
  })();
  const { engine, clock, executor } = openEngine(endless, { limit: 3 });
  engine.start();
  assert.equal(executor.inFlight.size, 3);
  assert.equal(taken, 3 + 6);
  for (let i = 0; i < 30; i++) clock.step();
  assert.ok(taken <= engine.statistics().settled + 3 + 6);
});

test('drain: what waits is cancelled, what is in flight ends by itself, the source is let go once', () => {
  let returned = 0;
  const source = {
    next: () => ({ done: false as const, value: 50 }),
    return: () => {
      returned++;
      return { done: true as const, value: undefined };
    },
    [Symbol.iterator]() {
      return this;
    },
  };
  const { engine, clock, log, finished } = openEngine(source);
  engine.start();
  engine.drain({ code: 'INTERRUPTED', message: '^C' });
  while (clock.step());
  assert.deepEqual(log, [
    '0 start 0 on lane 0',
    '0 start 1 on lane 1',
    '0 2 is cancelled',
    '0 3 is cancelled',
    '0 4 is cancelled',
    '0 5 is cancelled',
    '50 0 is ok',
    '50 1 is ok',
  ]);
  assert.equal(returned, 1);
  assert.equal(finished.length, 1);
});

test('abort: what is in flight ends now', () => {
  const { engine, log, finished } = openEngine([50, 60, 70]);
  engine.start();
  engine.abort({ code: 'INTERRUPTED', message: '^C twice' });
  assert.deepEqual(log.slice(2), ['0 2 is cancelled', '0 0 is cancelled', '0 1 is cancelled']);
  assert.equal(finished.length, 1);
});

test('abort: what does not end within the grace period is settled by force, and its late end changes nothing', () => {
  const { engine, clock, settled, finished, executor } = openEngine([500, 60]);
  executor.deaf = true;
  engine.start();
  engine.abort({ code: 'INTERRUPTED', message: '^C twice' });
  while (clock.step());
  assert.deepEqual(
    settled.map(({ index, outcome, endedMs }) => [index, outcome, endedMs]),
    [
      [1, 'ok', 60],
      [0, 'cancelled', 100],
    ],
  );
  assert.equal(finished.length, 1);
  assert.equal(engine.statistics().late, 1);
});

test('a runner that never answers: the request times out, its permit stays taken', () => {
  const { engine, clock, settled, executor } = openEngine([Number.POSITIVE_INFINITY, 10, 10, 10], {
    timeoutMs: 40,
  });
  executor.deaf = true;
  engine.start();
  while (clock.step());
  assert.deepEqual(
    settled.map(({ index, outcome }) => [index, outcome]),
    [
      [1, 'ok'],
      [2, 'ok'],
      [3, 'ok'],
      [0, 'timeout'],
    ],
  );
  const tries = settled
    .at(-1)
    ?.tries.map(({ lane, outcome, endedMs, error }) => [lane, outcome, endedMs, error?.code]);
  assert.deepEqual(tries, [[0, 'timeout', 140, 'TIMEOUT_REQUEST']], 'it was sent, so it is an attempt');
  assert.equal(engine.statistics().inFlight, 1);
});

test('raising the limit starts more in the same turn, lowering it starts nothing until fewer are in flight', () => {
  const { engine, clock, log, executor } = openEngine([100, 100, 100, 100, 200, 200, 200, 200], { limit: 1 });
  engine.start();
  engine.change({ limit: 4 });
  assert.equal(executor.inFlight.size, 4);
  engine.change({ limit: 2 });
  for (let i = 0; i < 4; i++) clock.step();
  assert.equal(executor.inFlight.size, 2);
  assert.equal(log.filter(line => line.startsWith('100 start')).length, 2);
});

test('hold starts nothing, release goes on', () => {
  const { engine, clock, executor } = openEngine([100, 100, 100], { limit: 2 });
  engine.hold();
  engine.start();
  assert.equal(executor.inFlight.size, 0);
  engine.release();
  assert.equal(executor.inFlight.size, 2);
  while (clock.step());
  assert.equal(engine.statistics().settled, 3);
});

test('a source that throws ends the run after what was read, and the cause is told', () => {
  const broken = (function* () {
    yield 10;
    yield 20;
    throw new Error('line 3 is missing');
  })();
  const { engine, clock, settled, finished } = openEngine(broken, { limit: 1 });
  engine.start();
  while (clock.step());
  assert.equal(settled.length, 2);
  assert.match(String((finished[0] as { cause: unknown }).cause), /line 3 is missing/);
});

test('a million requests that end at once neither overflow the stack nor shut out timers', () => {
  let left = 1_000_000;
  const many = (function* () {
    while (left-- > 0) yield 0;
  })();
  let settled = 0;
  let turns = 0;
  const { engine, clock } = openEngine(many, {
    limit: 10,
    onSettled: () => {
      settled++;
    },
  });
  engine.start();
  while (clock.step()) turns++;
  assert.equal(settled, 1_000_000);
  assert.ok(turns > 1000, `timers had ${turns} turns`);
});
