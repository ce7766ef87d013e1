import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Random, seededRandom } from '../../src/base/random.ts';
import { DURATION_MS_MAX } from '../../src/base/units.ts';
import { backoffMs } from '../../src/control/backoff.ts';

const SEED = 20261127;
/** Always draws the largest number there is below 1. */
const HIGHEST: Random = { next: () => 1 - 2 ** -32, split: () => HIGHEST, nth: () => HIGHEST };
const ceilingOf = (retryNumber: number, baseMs: number, maxMs: number): number =>
  backoffMs(retryNumber, { baseMs, maxMs }, HIGHEST) / HIGHEST.next();

test('the ceiling doubles with each retry, up to the longest wait', () => {
  const ceilings = [1, 2, 3, 4, 5, 6, 7, 1000].map(retryNumber => ceilingOf(retryNumber, 200, 10_000));
  assert.deepEqual(ceilings, [200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
});

test('I25: no number of retries and no length makes it overflow', () => {
  for (const retryNumber of [1, 64, 1024, 1025, 1e6, Number.MAX_SAFE_INTEGER]) {
    assert.equal(ceilingOf(retryNumber, 0, 10_000), 0, 'a base of nothing stays nothing');
    assert.equal(ceilingOf(retryNumber, 200, 0), 0);
    assert.ok(ceilingOf(retryNumber, 1e-9, Number.POSITIVE_INFINITY) <= DURATION_MS_MAX);
    assert.ok(ceilingOf(retryNumber, DURATION_MS_MAX, Number.POSITIVE_INFINITY) <= DURATION_MS_MAX);
  }
  assert.equal(ceilingOf(1e6, 200, Number.POSITIVE_INFINITY), DURATION_MS_MAX);
  assert.equal(ceilingOf(0, 200, 10_000), 200, 'a number below the first counts as the first');
});

test('C14: waits are spread evenly over the whole span', () => {
  const draws = 100_000;
  const random = seededRandom(SEED);
  const ceilingMs = 800;
  const tenths = new Array<number>(10).fill(0);
  let sumMs = 0;
  for (let i = 0; i < draws; i++) {
    const waitMs = backoffMs(3, { baseMs: 200, maxMs: 10_000 }, random);
    assert.ok(waitMs >= 0 && waitMs < ceilingMs, `seed ${SEED}: ${waitMs}`);
    const tenth = Math.floor((waitMs / ceilingMs) * 10);
    tenths[tenth] = (tenths[tenth] as number) + 1;
    sumMs += waitMs;
  }
  assert.ok(Math.abs(sumMs / draws - ceilingMs / 2) < 4, `seed ${SEED}: the mean is ${sumMs / draws}`);
  for (const count of tenths) assert.ok(Math.abs(count - draws / 10) < 500, `seed ${SEED}: ${tenths}`);
});

test('I30: the same seed waits the same, and each wait takes one draw', () => {
  const waits = (seed: number): number[] => {
    const random = seededRandom(seed);
    return Array.from({ length: 20 }, (_, i) => backoffMs(i + 1, { baseMs: 200, maxMs: 10_000 }, random));
  };
  assert.deepEqual(waits(SEED), waits(SEED));
  assert.notDeepEqual(waits(SEED), waits(SEED + 1));
  const random = seededRandom(SEED);
  backoffMs(1, { baseMs: 0, maxMs: 0 }, random);
  const skipped = seededRandom(SEED);
  skipped.next();
  assert.equal(random.next(), skipped.next());
});
