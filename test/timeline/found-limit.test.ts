// The limit that was found, as steps over time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OriginPace, PaceChange } from '../../src/model/record.ts';
import { limitSteps } from '../../src/timeline/found-limit.ts';

const paceOf = (...changes: readonly (readonly [number, number])[]): OriginPace => ({
  ...{ origin: 'http://h', mode: 'in flight', limit: 3, reason: 'it was so', says: '3 at a time' },
  changes: changes.map(([atMs, limit]): PaceChange => [atMs, limit, 'it was so']),
});

test('a step for each change; none where no pace was looked for', () => {
  assert.deepEqual(limitSteps([]), []);
  assert.deepEqual(limitSteps([paceOf([0, 4], [1000, 8], [2000, 3])]), [
    { fromMs: 0, limit: 4 },
    { fromMs: 1000, limit: 8 },
    { fromMs: 2000, limit: 3 },
  ]);
});

test('of several origins the sum, from when each was first known', () => {
  const steps = limitSteps([paceOf([0, 4], [2000, 3]), paceOf([1000, 4], [2000, 5])]);
  assert.deepEqual(steps, [
    { fromMs: 0, limit: 4 },
    { fromMs: 1000, limit: 8 },
  ]);
});

test('thousands of changes are as many steps as can be told apart, the last among them', () => {
  const steps = limitSteps([paceOf(...Array.from({ length: 5000 }, (_, i) => [i, 1 + (i % 7)] as const))]);
  assert.ok(steps.length <= 402 && steps.length > 300, `${steps.length}`);
  assert.equal(steps.at(-1)?.fromMs, 4999);
});
