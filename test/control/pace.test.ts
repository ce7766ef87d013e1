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
  { count: 500, windowMs: 1000 },
  { count: 1000, windowMs: 1000 },
  { count: 5000, windowMs: 1000 },
  { count: 5, windowMs: 15_000 },
  { count: 1, windowMs: 250 },
  { count: 2.5, windowMs: 1000 },
  { count: 0.5, windowMs: 10_000 },
  { count: 100_000, windowMs: 60_000 },
];

describe('Pace', () => {
  test('I20: no window of the rate holds more than count + burst − 1 starts, however late timers come', () => {
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

  test('I22: nothing is lost to timers that come late by a millisecond or two, at any rate', () => {
    for (const rate of rates.filter(({ windowMs }) => windowMs >= 1000)) {
      for (const lateMsMax of [0.5, 1.2, 4]) {
        const count = Math.max(200, Math.ceil(10 * rate.count));
        const starts = startMany(rate, { burst: 1, count, lateMsMax, seed: 7 });
        const allowed = ((starts.at(-1) as number) * rate.count) / rate.windowMs + 1;
        const share = starts.length / allowed;
        assert.ok(share >= 0.99 && share <= 1.001, `${rate.count}/${rate.windowMs}, ${lateMsMax}: ${share}`);
      }
    }
  });

  test('I20: windows hold for when starts began, where that is known before a window has passed', () => {
    for (const rate of rates.filter(({ count }) => count >= 1)) {
      for (let seed = 0; seed < 10; seed++) {
        const random = seededRandom(seed);
        const pace = new Pace(rate, { burst: 1 });
        const beganMs: number[] = [];
        let nowMs = 0;
        while (beganMs.length < 2000) {
          const dueMs = pace.dueMs(nowMs);
          if (dueMs > nowMs) nowMs = dueMs + random.next();
          else {
            const number = pace.start(nowMs);
            // On the way to a worker one may be overtaken by those behind it.
            const atMs = nowMs + random.next() ** 4 * 20;
            pace.began(number, atMs);
            beganMs.push(atMs);
          }
        }
        const most = mostIn(
          beganMs.toSorted((a, b) => a - b),
          rate.windowMs,
        );
        assert.ok(most <= Math.ceil(rate.count), `${rate.count}/${rate.windowMs} seed ${seed}: ${most}`);
      }
    }
  });

  test('what a late timer has held up happens together, but a long halt earns nothing', () => {
    const pace = new Pace({ count: 1000, windowMs: 1000 }, { burst: 1 });
    const startsAt = (nowMs: number): number => {
      let count = 0;
      for (; pace.dueMs(nowMs) <= nowMs; count++) pace.start(nowMs);
      return count;
    };
    assert.deepEqual([0, 1, 2, 9.5].map(startsAt), [1, 1, 1, 7]);
    assert.equal(startsAt(50), 1);
    assert.equal(startsAt(50.5), 0);
  });
});

describe('Pace, start by start', () => {
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

test('a start that has left the list, or is of another pace, moves no other', () => {
  const pace = new Pace({ count: 1, windowMs: 1000 }, { burst: 1 });
  const first = pace.start(0);
  const second = pace.start(1000);
  pace.began(first, 1500);
  pace.began(second + 1, 1500);
  assert.equal(pace.dueMs(1600), 2000);
  pace.began(second, 1500);
  assert.equal(pace.dueMs(1600), 2500);
});
