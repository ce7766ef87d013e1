import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { seededRandom } from '../../src/base/random.ts';
import type { Rate } from '../../src/control/gcra.ts';
import { Pace } from '../../src/control/pace.ts';

/** Starts as soon as the pace and a timer that is late by up to `lateMsMax` allow. */
function startMany(
  rate: Rate,
  { burst, count, lateMsMax, seed }: { burst: number; count: number; lateMsMax: number; seed: number },
): number[] {
  const random = seededRandom(seed);
  const pace = new Pace(rate, { burst });
  const starts: number[] = [];
  let nowMs = 0;
  while (starts.length < count) {
    const dueMs = pace.dueMs(nowMs);
    if (dueMs > nowMs) nowMs = dueMs + random.next() * lateMsMax;
    else {
      pace.start(nowMs);
      starts.push(nowMs);
    }
  }
  return starts;
}

/** Most starts in any half-open window. */
function mostIn(starts: readonly number[], windowMs: number): number {
  let most = 0;
  let first = 0;
  for (let last = 0; last < starts.length; last++) {
    while ((starts[last] as number) - (starts[first] as number) >= windowMs - 1e-9) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

const rates: Rate[] = [
  { count: 10, windowMs: 1000 },
  { count: 10, windowMs: 200 },
  { count: 100, windowMs: 1000 },
  { count: 1000, windowMs: 1000 },
  { count: 5, windowMs: 15_000 },
  { count: 1, windowMs: 250 },
  { count: 2.5, windowMs: 1000 },
  { count: 0.5, windowMs: 10_000 },
  { count: 100_000, windowMs: 60_000 },
];

describe('Pace', () => {
  test('no window of the rate holds more than count + burst − 1 starts, however late timers come (I20)', () => {
    for (const rate of rates) {
      for (let seed = 0; seed < 20; seed++) {
        const random = seededRandom(seed).split('shape');
        const burst = 1 + Math.floor(random.next() ** 2 * 20);
        const lateMsMax = random.next() ** 3 * 40;
        const starts = startMany(rate, { burst, count: 3000, lateMsMax, seed });
        const most = mostIn(starts, rate.windowMs);
        const allowed = Math.ceil(rate.count) + burst - 1;
        assert.ok(most <= allowed, `${rate.count}/${rate.windowMs} seed ${seed}: ${most} of ${allowed}`);
      }
    }
  });

  test('nothing is lost to timers that come late by less than an interval (I22)', () => {
    for (const rate of rates.filter(({ windowMs }) => windowMs >= 1000)) {
      const count = Math.max(200, Math.ceil(100 * rate.count));
      const starts = startMany(rate, {
        burst: 1,
        count,
        lateMsMax: Math.min(1.2, 0.5 * (rate.windowMs / rate.count)),
        seed: 7,
      });
      const allowed = ((starts.at(-1) as number) * rate.count) / rate.windowMs + 1;
      const share = starts.length / allowed;
      assert.ok(share >= 0.99 && share <= 1.001, `${rate.count}/${rate.windowMs}: ${share}`);
    }
  });

  test('starts are spread evenly, not a window at once', () => {
    const starts = startMany({ count: 10, windowMs: 1000 }, { burst: 1, count: 12, lateMsMax: 0, seed: 1 });
    assert.deepEqual(
      starts.map(ms => Math.round(ms)),
      [0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000, 1100],
    );
  });

  test('a quiet time earns the burst back, and no more than it', () => {
    const pace = new Pace({ count: 10, windowMs: 1000 }, { burst: 3 });
    const startAt = (nowMs: number): number => {
      const startMs = Math.max(nowMs, pace.dueMs(nowMs));
      pace.start(startMs);
      return startMs;
    };
    assert.deepEqual([0, 0, 0, 0].map(startAt), [0, 0, 0, 100]);
    assert.deepEqual([9000, 9000, 9000, 9000].map(startAt), [9000, 9000, 9000, 9100]);
  });

  test('one that comes after a quiet time does not count as late', () => {
    const pace = new Pace({ count: 10, windowMs: 1000 }, { burst: 1 });
    pace.start(0);
    assert.equal(pace.dueMs(50), 100); // awaited, and then given up
    pace.start(190);
    assert.ok(pace.dueMs(190) <= 200); // within one interval of the awaited instant: on the grid
    pace.start(1000);
    assert.equal(pace.dueMs(1000), 1100); // long after it: a new grid
  });
});
