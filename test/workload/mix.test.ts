import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../src/base/random.ts';
import { parseMix, pick, readPercent } from '../../src/workload/mix.ts';

const alike = { split: () => seededRandom(0), nth: () => seededRandom(0) };

const read = (text: string): string => text;

test('the percents leave the rest to the default, or to the one value without a percent', () => {
  assert.deepEqual(parseMix('a:10, b:5%', 'x', read, 'd'), {
    parts: [
      { percent: 10, value: 'a' },
      { percent: 5, value: 'b' },
    ],
    rest: 'd',
  });
  assert.deepEqual(parseMix('a:10,b', 'x', read, 'd'), { parts: [{ percent: 10, value: 'a' }], rest: 'b' });
  assert.deepEqual(parseMix('a', 'x', read, 'd'), { parts: [], rest: 'a' });
});

test('a comma inside parentheses belongs to the value', () => {
  assert.deepEqual(parseMix('f(1,2):5,g(3,4)', 'x', read, 'd'), {
    parts: [{ percent: 5, value: 'f(1,2)' }],
    rest: 'g(3,4)',
  });
});

test('shares come out as asked', () => {
  const mix = parseMix('a:30,b:0.5,c:0', 'x', read, 'd');
  const random = seededRandom(1);
  const counts: Record<string, number> = {};
  for (let i = 0; i < 100_000; i++) {
    const value = pick(mix, random);
    counts[value] = (counts[value] ?? 0) + 1;
  }
  const { a = 0, b = 0, c = 0, d = 0 } = counts;
  assert.equal(c, 0);
  assert.ok(Math.abs(a - 30_000) < 500, `a: ${a}`);
  assert.ok(Math.abs(b - 500) < 80, `b: ${b}`);
  assert.equal(a + b + d, 100_000);
});

test('a hundred percent leave nothing', () => {
  const mix = parseMix('a:99.9,b:0.1', 'x', read, 'd');
  assert.equal(pick(mix, { ...alike, next: () => 0.9999999 }), 'b');
});

test('what makes no sense is refused with its name', () => {
  const invalid = (message: RegExp) => ({ code: 'ERR_OPTION_INVALID', message });
  assert.throws(
    () => parseMix('a:60,b:50', 'status', read, 'd'),
    invalid(/^status: .* add up to 110, more than 100/),
  );
  assert.throws(() => parseMix('a,b', 'status', read, 'd'), invalid(/two values without a percent in 'a,b'/));
  assert.throws(() => parseMix('a:x', 'status', read, 'd'), invalid(/a percentage from 0 to 100, got 'x'/));
  assert.throws(() => parseMix('a:1,'.repeat(101), 'status', read, 'd'), invalid(/more than 100 parts/));
  for (const text of ['-1', '101', '', '1e1', '0x5', 'NaN']) {
    assert.throws(() => readPercent(text, 'close'), invalid(/^close: expected a percentage/), text);
  }
});
