// A run that ends before its input does, by its own rules.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openEngine } from '../support/timed-engine.ts';

test('at its time limit the run ends, within the grace period also where an attempt does not', () => {
  const { engine, clock, settled, finished, executor } = openEngine([50, 500, 60, 70, 80], {
    maxDurationMs: 100,
  });
  executor.deaf = true;
  engine.start();
  const before = engine.endedEarlyBy;
  let finishedMs = Number.NaN;
  while (clock.step()) if (finished.length === 1 && Number.isNaN(finishedMs)) finishedMs = clock.now();
  assert.deepEqual(
    settled.map(({ index, outcome, endedMs, error, tries }) => [
      ...[index, outcome, endedMs, (error ?? tries[0]?.error)?.code],
    ]),
    [
      [0, 'ok', 50, undefined],
      [3, 'cancelled', 100, 'RUN_DEADLINE'],
      [4, 'cancelled', 100, 'RUN_DEADLINE'],
      [2, 'ok', 110, undefined],
      [1, 'cancelled', 200, 'RUN_DEADLINE'],
    ],
  );
  assert.equal(before, null);
  assert.equal(finishedMs, 200);
  assert.equal(engine.endedEarlyBy?.message, 'The run reached its time limit of 100 ms (--max-duration).');
});

test('a run that drains for another reason keeps its time limit, and that reason', () => {
  const { engine, clock, settled } = openEngine([500, 10, 10], { maxDurationMs: 100 });
  engine.start();
  engine.drain({ code: 'INTERRUPTED', message: '^C' });
  while (clock.step());
  assert.deepEqual(
    settled.map(({ index, outcome, endedMs }) => [index, outcome, endedMs]),
    [
      [2, 'cancelled', 0],
      [1, 'ok', 10],
      [0, 'cancelled', 100],
    ],
  );
  assert.equal(engine.endedEarlyBy?.code, 'INTERRUPTED');
});
