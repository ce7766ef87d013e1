// Percentiles against sorting everything.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../src/base/random.ts';
import { EXACT_SPANS, Histogram } from '../../src/trace/histogram.ts';

const SHARES = [0.001, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1];

function nearestRank(sorted: readonly number[], share: number): number {
  return sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] as number;
}

test('few spans have exact percentiles', () => {
  for (const count of [1, 2, 3, 9, 100, EXACT_SPANS]) {
    const random = seededRandom(count);
    const spans = Array.from({ length: count }, () => random.next() * 3000);
    const histogram = new Histogram();
    for (const span of spans) histogram.add(span);
    const sorted = spans.toSorted((a, b) => a - b);
    for (const share of SHARES) assert.equal(histogram.percentile(share), nearestRank(sorted, share));
  }
});

test('many spans have percentiles within one percent, and an exact maximum', () => {
  for (let seed = 0; seed < 20; seed++) {
    const random = seededRandom(seed);
    const spans = Array.from({ length: 5000 }, () => 0.002 * 10 ** (random.next() * 9));
    const histogram = new Histogram();
    for (const span of spans) histogram.add(span);
    const sorted = spans.toSorted((a, b) => a - b);
    for (const share of SHARES) {
      const exact = nearestRank(sorted, share);
      const off = Math.abs(histogram.percentile(share) - exact) / exact;
      assert.ok(off <= 0.01, `seed ${seed}, share ${share}: ${off} off`);
    }
    assert.equal(histogram.percentile(1), sorted.at(-1));
  }
});

test('nothing measured gives nothing, and odd spans do not break it', () => {
  assert.equal(new Histogram().percentiles(), undefined);
  const histogram = new Histogram();
  for (let i = 0; i < 1000; i++) for (const span of [0, -1, 1e-9, 1e15]) histogram.add(span);
  assert.equal(histogram.percentile(0.5), 0);
  assert.equal(histogram.percentiles()?.max, 1e15);
});
