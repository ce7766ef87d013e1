// The sweep in bounded memory against a sweep over everything.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../src/base/random.ts';
import { OverlapMax } from '../../src/trace/overlap.ts';

function exactMax(intervals: readonly (readonly [number, number])[]): number {
  const events = intervals.flatMap(([from, to]) =>
    to > from ? [[from, 1] as const, [to, -1] as const] : [],
  );
  events.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let open = 0;
  let max = 0;
  for (const [, step] of events) {
    open += step;
    max = Math.max(max, open);
  }
  return max;
}

test('equals the exact sweep, ties and empty intervals included', () => {
  for (let seed = 0; seed < 200; seed++) {
    const random = seededRandom(seed);
    const whole = (below: number): number => Math.floor(random.next() * below);
    const intervals = Array.from({ length: 1 + whole(60) }, () => {
      const from = whole(20);
      return [from, from + whole(5)] as const;
    });
    const overlap = new OverlapMax();
    for (const [from, to] of intervals) overlap.add(from, to);
    assert.equal(overlap.max(), exactMax(intervals), `seed ${seed}`);
    assert.equal(overlap.max(), exactMax(intervals), 'asking twice changes nothing');
  }
});

test('stays exact beyond what it holds, when told roughly by end', () => {
  const random = seededRandom(3);
  const intervals = Array.from({ length: 120_000 }, (_, i) => {
    const to = i + random.next() * 500;
    return [to - random.next() * 800, to] as const;
  });
  const overlap = new OverlapMax();
  for (const [from, to] of intervals) overlap.add(from, to);
  assert.equal(overlap.max(), exactMax(intervals));
});

test('an interval told far too late never makes the answer too large', () => {
  const overlap = new OverlapMax();
  const intervals: [number, number][] = [];
  for (let i = 0; i < 100_000; i++) intervals.push([i, i + 1.5]);
  intervals.push([10, 99_999.9], [20, 21]);
  for (const [from, to] of intervals) overlap.add(from, to);
  assert.equal(overlap.max(), 3);
});

test('says when it can only tell a least', () => {
  const few = new OverlapMax();
  for (let i = 0; i < 1000; i++) few.add(0, i + 1);
  assert.equal(few.max(), 1000);
  assert.equal(few.isExact, true);
  const many = new OverlapMax();
  for (let i = 0; i < 300_000; i++) many.add(0, i + 1);
  assert.ok(many.max() < 300_000);
  assert.equal(many.isExact, false);
});
