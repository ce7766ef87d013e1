// The ideal against a schedule played out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../src/base/random.ts';
import { grahamBounds, idealMakespanMs } from '../../src/reports/ideal.ts';

/** In order, each to the worker that is free first. */
function listSchedule(servicesMs: readonly number[], workers: number): number {
  const freeMs = new Array<number>(workers).fill(0);
  for (const serviceMs of servicesMs) {
    const first = freeMs.indexOf(Math.min(...freeMs));
    freeMs[first] = (freeMs[first] as number) + serviceMs;
  }
  return Math.max(...freeMs);
}

test('rounds of as many as may run side by side', () => {
  const ideal = (requests: number, serverWorkers: number, limit: number | null) =>
    idealMakespanMs({ requests, serverWorkers, limit, serviceMs: 1000 });
  assert.equal(ideal(9, 3, null), 3000);
  assert.equal(ideal(9, 3, 1), 9000);
  assert.equal(ideal(9, 3, 50), 3000);
  assert.equal(ideal(10, 3, 3), 4000);
  assert.equal(ideal(9, Number.POSITIVE_INFINITY, null), 1000);
  assert.equal(ideal(0, 3, 3), 0);
  for (let requests = 1; requests < 40; requests++)
    for (let workers = 1; workers < 8; workers++)
      assert.equal(ideal(requests, workers, null), listSchedule(new Array(requests).fill(1000), workers));
});

test("every list schedule lies within Graham's bounds", () => {
  for (let seed = 0; seed < 300; seed++) {
    const random = seededRandom(seed);
    const workers = 1 + Math.floor(random.next() * 6);
    const servicesMs = Array.from({ length: 1 + Math.floor(random.next() * 30) }, () => random.next() * 100);
    const { lowerMs, upperMs } = grahamBounds(servicesMs, workers);
    const makespanMs = listSchedule(servicesMs, workers);
    assert.ok(makespanMs >= lowerMs - 1e-9 && makespanMs <= upperMs + 1e-9, `seed ${seed}`);
  }
});
