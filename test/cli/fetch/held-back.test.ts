import assert from 'node:assert/strict';
import { test } from 'node:test';
import { warningAfter, warningBefore } from '../../../src/cli/fetch/held-back.ts';

const few = { allowed: 64, open: 22 };
const numbers = 'this process may hold 64 file descriptors (ulimit -n), 22 are in use';

test('a number that was asked for and cannot be had is told before the run', () => {
  const heldBack = { ...few, asked: { limit: 200, workers: 8 }, given: { limit: 20, workers: 2 } };
  assert.equal(
    warningBefore(heldBack),
    `${numbers}: at most 20 in place of 200 in flight, workers: 2 in place of 8. Allow more: ulimit -n 512`,
  );
  assert.equal(warningAfter(heldBack, 20), null);
  const fewerWorkers = { ...heldBack, given: { limit: 200, workers: 7 } };
  assert.match(warningBefore(fewerWorkers) ?? '', /in use: workers: 7 in place of 8\./);
  assert.equal(warningBefore(null), null);
});

test('no limit: told after the run, and only if it came to that', () => {
  const limit = Number.POSITIVE_INFINITY;
  const heldBack = { ...few, asked: { limit, workers: 0 }, given: { limit: 32, workers: 0 } };
  assert.equal(warningBefore(heldBack), null);
  assert.equal(warningAfter(heldBack, 31), null);
  assert.match(warningAfter(heldBack, 32) ?? '', /in use: at most 32 in flight\. Allow more: ulimit -n, or/);
});
