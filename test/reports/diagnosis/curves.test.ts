// The levels over time, held against counting one by one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../../src/base/random.ts';
import { Curves } from '../../../src/reports/diagnosis/curves.ts';

test('each column has the mean number in the state, however often the columns were doubled', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = seededRandom(seed);
    const endMs = 10 ** (random.next() * 7 - 1);
    const curves = new Curves(2);
    const spans: [number, number][] = [];
    for (let i = 0; i < 300; i++) {
      const fromMs = random.next() * endMs;
      const toMs = Math.min(endMs, fromMs + random.next() * endMs * random.next());
      spans.push([fromMs, toMs]);
      curves.add(1, fromMs, toMs);
    }
    const levels = curves.levels(1, endMs);
    const width = curves.columnMs;
    assert.ok(levels.length <= 512 && levels.length * width >= endMs);
    for (const [column, level] of levels.entries()) {
      const overlap = spans.reduce((sum, [fromMs, toMs]) => {
        const within = Math.min(toMs, (column + 1) * width) - Math.max(fromMs, column * width);
        return sum + Math.max(0, within);
      }, 0);
      assert.ok(Math.abs(level - overlap / width) < 1e-6, `seed ${seed} column ${column}`);
    }
    assert.ok(curves.levels(0, endMs).every(level => level === 0));
  }
});

test('what has no length, lies before the run or never ends, changes nothing', () => {
  const curves = new Curves(1);
  curves.add(0, 5, 5);
  curves.add(0, 9, 3);
  curves.add(0, -7, -2);
  curves.add(0, 1, Number.POSITIVE_INFINITY);
  curves.add(0, Number.NaN, Number.NaN);
  assert.deepEqual([...new Set(curves.levels(0, 1))], [0]);
  curves.add(0, -5, 1);
  assert.ok(Math.abs((curves.levels(0, 1)[0] as number) - 1) < 1e-9);
});
