import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { seededRandom } from '../../src/base/random.ts';
import { Gcra, parseRate } from '../../src/control/gcra.ts';

describe('parseRate', () => {
  const rows: [string, number, number][] = [
    ['10/s', 10, 1000],
    ['10', 10, 1000], // a bare number means per second
    ['100/min', 100, 60_000],
    ['5/15s', 5, 15_000],
    ['0.5/s', 0.5, 1000],
    [' 2 / 1.5 m ', 2, 90_000],
  ];
  for (const [text, count, windowMs] of rows) {
    test(`reads '${text}'`, () => assert.deepEqual(parseRate(text, '--rate'), { count, windowMs }));
  }

  const bad: [string, RegExp][] = [
    ['0/s', /--rate: a rate of 0 never starts\. Leave it out for no limit\./],
    ['ten/s', /--rate: expected a rate such as 10\/s, 100\/min or 5\/15s, got 'ten\/s'\./],
    ['10/', /expected a rate/],
    ['-1/s', /expected a rate/],
    ['1e3/s', /expected a rate/],
    ['10/fortnight', /expected a duration/],
    ['10/0s', /no rate that can be kept/],
    ['2000000000/s', /expected a rate/],
  ];
  for (const [text, message] of bad) {
    test(`refuses '${text}'`, () =>
      assert.throws(() => parseRate(text, '--rate'), { code: 'ERR_OPTION_INVALID', message }));
  }
});

describe('Gcra', () => {
  test('without a burst, starts are an interval apart', () => {
    const gcra = new Gcra({ count: 10, windowMs: 1000 }, { burst: 1 });
    assert.deepEqual(
      [0, 0, 0, 250, 250].map(now => gcra.reserve(now)),
      [0, 100, 200, 300, 400],
    );
  });

  test('a quiet time earns the burst back, and no more than it', () => {
    const gcra = new Gcra({ count: 10, windowMs: 1000 }, { burst: 3 });
    assert.deepEqual(
      [0, 0, 0, 0].map(now => gcra.reserve(now)),
      [0, 0, 0, 100],
    );
    assert.deepEqual(
      [9000, 9000, 9000, 9000].map(now => gcra.reserve(now)),
      [9000, 9000, 9000, 9100],
    );
  });

  test('a clock far from zero, or below it, changes nothing', () => {
    const gcra = new Gcra({ count: 1, windowMs: 1000 }, { burst: 1 });
    assert.deepEqual(
      [-5000, -5000, -3000].map(now => gcra.reserve(now)),
      [-5000, -4000, -3000],
    );
  });

  test('refusing says how long, and costs nothing', () => {
    const gcra = new Gcra({ count: 5, windowMs: 15_000 }, { burst: 2 });
    const answers = [0, 0, 0, 1000, 2999, 3000, 3000].map(now => gcra.take(now));
    assert.deepEqual(answers, [0, 0, 3000, 2000, 1, 0, 3000]);
  });

  test('B01: no window of any length holds more than burst + rate × window starts', () => {
    for (let seed = 0; seed < 200; seed++) {
      const random = seededRandom(seed);
      const burst = 1 + Math.floor(random.next() * 5);
      const intervalMs = 1 + random.next() * 50;
      const gcra = new Gcra({ count: 1, windowMs: intervalMs }, { burst });
      const starts: number[] = [];
      let nowMs = 0;
      for (let i = 0; i < 60; i++) {
        nowMs += random.next() < 0.7 ? 0 : random.next() * 4 * intervalMs;
        if (gcra.take(nowMs) === 0) starts.push(nowMs);
        else if (random.next() < 0.3) {
          nowMs = gcra.reserve(nowMs);
          starts.push(nowMs);
        }
      }
      for (let i = 0; i < starts.length; i++) {
        for (let j = i; j < starts.length; j++) {
          const windowMs = (starts[j] as number) - (starts[i] as number);
          const most = burst + windowMs / intervalMs + 1e-6;
          assert.ok(j - i + 1 <= most, `seed ${seed}: ${j - i + 1} starts in ${windowMs} ms`);
        }
      }
    }
  });
});
