import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../../src/base/random.ts';
import { Rows } from '../../../src/reports/exports/rows.ts';
import { Steps } from '../../../src/reports/exports/steps.ts';

test('intervals that come out of order take one row while none overlap', () => {
  const rows = new Rows();
  for (const [from, to] of [
    [10, 20],
    [40, 50],
    [20, 40],
    [0, 10],
    [60, 70],
    [50, 60],
  ] as const)
    assert.equal(rows.place(from, to)?.row, 0);
});

test('one that ends where an earlier placed one begins is told apart', () => {
  const rows = new Rows();
  rows.place(10, 20);
  assert.equal(rows.place(20, 30)?.touchesNext, false);
  assert.equal(rows.place(0, 10)?.touchesNext, true);
});

test('what rounding makes overlap is cut, more is not', () => {
  const rows = new Rows();
  rows.place(100, 200);
  assert.deepEqual(rows.place(197, 300), { row: 0, fromUs: 200, toUs: 300, touchesNext: false });
  assert.deepEqual(rows.place(50, 103), { row: 0, fromUs: 50, toUs: 100, touchesNext: true });
  assert.equal(rows.place(296, 400)?.row, 1);
});

test('no two of a row overlap, whatever comes, and what fits into the first row is there', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = seededRandom(seed);
    const whole = (below: number): number => Math.floor(random.next() * below);
    const rows = new Rows();
    const placed: { row: number; from: number; to: number }[] = [];
    for (let i = 0; i < 60; i++) {
      const from = whole(1000);
      const to = from + 1 + whole(80);
      const place = rows.place(from, to);
      assert.ok(place);
      const inFirst = placed.filter(({ row }) => row === 0);
      if (place.row > 0)
        assert.ok(
          inFirst.some(one => one.from < to && from < one.to),
          `seed ${seed}`,
        );
      assert.ok(place.fromUs - from <= 3 && to - place.toUs <= 3 && place.fromUs < place.toUs);
      for (const one of placed.filter(({ row }) => row === place.row))
        assert.ok(one.to <= place.fromUs || place.toUs <= one.from, `seed ${seed}`);
      placed.push({ row: place.row, from: place.fromUs, to: place.toUs });
    }
  }
});

test('a curve of few intervals is exact, one of many never too low and right at its end', () => {
  for (let seed = 1; seed <= 40; seed++) {
    const random = seededRandom(seed);
    const count = seed % 2 === 0 ? 5000 : 300;
    const steps = new Steps();
    const intervals = Array.from({ length: count }, () => {
      const from = Math.floor(random.next() * 1e6);
      return { from, to: from + Math.floor(random.next() * 2000) };
    });
    for (const { from, to } of intervals) steps.add(from, to);
    const curve = [...steps.steps()];
    assert.ok(curve.length <= 2 * 8192 + 2);
    assert.ok(
      curve.every(
        ({ at, value }, i) => i === 0 || (at > (curve[i - 1]?.at ?? 0) && value !== curve[i - 1]?.value),
      ),
    );
    assert.equal(curve.at(-1)?.value, 0);
    const valueAt = (at: number): number => curve.findLast(step => step.at <= at)?.value ?? 0;
    let most = 0;
    for (const { from } of intervals.slice(0, 200)) {
      const exact = intervals.filter(one => one.from <= from && from < one.to).length;
      most = Math.max(most, exact);
      if (count === 300) assert.equal(valueAt(from), exact, `seed ${seed} at ${from}`);
      else assert.ok(valueAt(from) >= exact, `seed ${seed} at ${from}`);
    }
    assert.ok(most > 0);
  }
});

test('in a folded curve a quiet time after a crowded one is quiet', () => {
  const steps = new Steps();
  for (let i = 0; i < 5000; i++) steps.add(i, i + 1000);
  steps.add(0, 100_000_000);
  steps.add(99_000_000, 99_900_000);
  const curve = [...steps.steps()];
  const valueAt = (at: number): number => curve.findLast(step => step.at <= at)?.value ?? 0;
  assert.deepEqual([valueAt(500), valueAt(50_000_000), valueAt(99_500_000)], [1001, 1, 2]);
});

test('nothing lies over nothing', () => {
  const steps = new Steps();
  steps.add(5, 5);
  assert.deepEqual([...steps.steps()], []);
});
