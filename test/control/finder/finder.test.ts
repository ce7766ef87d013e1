// The finder against servers whose capacity is known: what it finds, how soon, and what it costs.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { seededRandom } from '../../../src/base/random.ts';
import { findingText } from '../../../src/control/finder/finding-text.ts';
import { openPaceFinder } from '../../../src/control/finder/open-pace-finder.ts';
import { runToy } from './toy-server.ts';

const random = (seed: number): (() => number) => {
  const source = seededRandom(seed);
  return () => source.next();
};

test('a server that answers in waves and has a worker for each: the next wave is twice as large', () => {
  // All of a wave leave within some ms: by the proof alone, each of them may have made room for the next.
  const run = runToy({
    finder: openPaceFinder({ maxLimit: 1000 }),
    requests: 1000,
    workers: () => 1000,
    serviceMs: request => 1000 + ((7 * request) % 20),
  });
  assert.deepEqual(
    run.limits,
    run.limits.toSorted((a, b) => a - b),
    'it never goes down',
  );
  assert.ok(run.endMs <= 9500, `${run.endMs}`); // 4, 8, … 512 of them: eight seconds, and the rest
});

test('all that are allowed are in flight: it says so, and that there may be more', () => {
  const finder = openPaceFinder({ maxLimit: 2 });
  runToy({ finder, requests: 40, workers: () => 3, serviceMs: () => 1000 });
  assert.equal(
    findingText(finder.finding()),
    '2 at a time, 1 s each: 2.0 requests/s (no more are allowed; the server may hold more)',
  );
  const few = openPaceFinder({ maxLimit: 2 });
  runToy({ finder: few, requests: 40, workers: () => 1, serviceMs: () => 1000 });
  assert.equal(few.finding().mode, 'starting', 'it holds no two');
  const alone = openPaceFinder({ maxLimit: 2 });
  for (let i = 0; i < 40; i++) {
    const token = alone.started(100 * i, 1, '');
    const times = { nowMs: 100 * i + 90, startedMs: 100 * i, connectMs: 0 };
    alone.ended({ ...times, ...{ startedAs: 1, inFlight: 0, kind: 'served', isOk: true, key: '', token } });
  }
  assert.equal(alone.finding().mode, 'starting', 'two were never tried');
});

describe('a server that serves first come, first served', () => {
  for (const workers of [1, 2, 3, 8, 20]) {
    test(`of ${workers}: it settles there, and the server is never idle`, () => {
      const finder = openPaceFinder({ maxLimit: 100 });
      const requests = 40 * workers + 60;
      let seen = 0;
      let right = 0;
      const run = runToy({
        finder,
        requests,
        workers: () => workers,
        serviceMs: request => 1000 + (request % 7),
        onRound: (_, limit) => {
          if (seen++ >= 12 * workers && limit >= workers && limit <= 1.3 * workers + 1) right++;
        },
      });
      const bestMs = (requests / workers) * 1004;
      assert.ok(run.endMs <= 1.05 * bestMs + 3000, `${run.endMs} ms where ${bestMs} would do`);
      assert.ok(run.inFlightMax <= Math.max(8, 3 * workers), `${run.inFlightMax} in flight`);
      const found = finder.finding();
      assert.ok(
        found.capacity !== null && Math.abs(found.capacity - workers) <= Math.max(0.5, 0.1 * workers),
      );
      const after = requests - 12 * workers;
      assert.ok(right >= 0.8 * after, `in place at ${right} of ${after} ends`);
    });
  }

  test('what was found is said in words', () => {
    const finder = openPaceFinder({ maxLimit: 100 });
    runToy({ finder, requests: 200, workers: () => 3, serviceMs: () => 1000 });
    assert.match(
      findingText(finder.finding()),
      /^3 at a time, 1(\.0\d)? s each: (2\.9|3\.0) requests\/s \(proved by \d+ overtakings\)$/,
    );
    assert.equal(finder.finding().mode, 'in flight');
  });

  test('its times vary by an exponential law: no more is lost', () => {
    const draw = random(5);
    const service = Array.from({ length: 1500 }, () => -200 * Math.log(1 - draw()));
    const finder = openPaceFinder({ maxLimit: 100 });
    const run = runToy({
      finder,
      requests: 1500,
      workers: () => 10,
      serviceMs: request => service[request] as number,
    });
    const bestMs = service.reduce((a, b) => a + b, 0) / 10;
    assert.ok(run.endMs <= 1.05 * bestMs, `${run.endMs} of ${bestMs} ms`);
  });

  test('it gains workers, and loses them', () => {
    const finder = openPaceFinder({ maxLimit: 100 });
    const change = { up: 0, down: 0 };
    const workers = (nowMs: number): number => (nowMs < 30_000 ? 5 : nowMs < 60_000 ? 12 : 4);
    runToy({
      finder,
      requests: 1500,
      workers,
      serviceMs: request => 450 + (request % 11) * 10,
      onRound: (nowMs, limit) => {
        if (nowMs > 30_000 && nowMs < 60_000 && limit >= 11 && change.up === 0) change.up = nowMs - 30_000;
        if (nowMs > 60_000 && limit <= 6 && change.down === 0) change.down = nowMs - 60_000;
      },
    });
    assert.ok(change.up > 0 && change.up <= 20 * 500, `up after ${change.up} ms`);
    assert.ok(change.down > 0 && change.down <= 12 * 500, `down after ${change.down} ms`);
  });
});

describe('the limit stays between 1 and the ceiling', () => {
  test('a thousand workers and a ceiling of 30', () => {
    const run = runToy({
      finder: openPaceFinder({ maxLimit: 30 }),
      requests: 2000,
      workers: () => 1000,
      serviceMs: () => 100,
    });
    assert.equal(Math.max(...run.limits), 30);
    assert.equal(run.inFlightMax, 30);
  });

  test('a thousand workers and room for them: it doubles to there', () => {
    const run = runToy({
      finder: openPaceFinder({ maxLimit: 1000 }),
      requests: 6000,
      workers: () => 1000,
      serviceMs: () => 100,
    });
    assert.ok(run.inFlightMax > 500, `${run.inFlightMax} in flight`);
  });

  for (const maxLimit of [1, 2, 3]) {
    test(`a ceiling of ${maxLimit}`, () => {
      const finder = openPaceFinder({ maxLimit });
      const run = runToy({ finder, requests: 60, workers: () => 8, serviceMs: () => 50 });
      assert.ok(run.limits.every(limit => limit >= 1 && limit <= maxLimit));
    });
  }

  test('it begins where it is told to, and no higher than the ceiling', () => {
    assert.equal(openPaceFinder({ maxLimit: 100 }).limit(), 4);
    assert.equal(openPaceFinder({ maxLimit: 100, start: 12 }).limit(), 12);
    assert.equal(openPaceFinder({ maxLimit: 8, start: 12 }).limit(), 8);
    assert.equal(openPaceFinder({ maxLimit: Number.NaN, start: -1 }).limit(), 1);
  });
});

describe('a server that refuses', () => {
  test('more than four at a time: it stays at four, and tries five ever more rarely', () => {
    let refused = 0;
    const finder = openPaceFinder({ maxLimit: 100 });
    runToy({
      finder,
      requests: 800,
      workers: () => 4,
      serviceMs: () => 500,
      answer: (_, __, there) => {
        if (there < 4) return { kind: 'served', isOk: true };
        refused++;
        return { kind: 'refused', isOk: false, isAtOnce: true };
      },
    });
    assert.ok(refused > 0 && refused <= 24, `${refused} of 800 refused`);
    assert.equal(finder.limit() <= 5, true);
  });
});

describe('a server that says 429', () => {
  test('by a rate of ten per second: it finds the rate', () => {
    let tokens = 10;
    let atMs = 0;
    let throttled = 0;
    const finder = openPaceFinder({ maxLimit: 100 });
    runToy({
      finder,
      requests: 600,
      workers: () => 50,
      serviceMs: () => 100,
      answer: nowMs => {
        tokens = Math.min(10, tokens + (nowMs - atMs) / 100);
        atMs = nowMs;
        if (tokens >= 1) {
          tokens--;
          return { kind: 'served', isOk: true };
        }
        throttled++;
        return { kind: 'throttled', isOk: false, isAtOnce: true, retryAfterMs: 1000 };
      },
    });
    const { mode, ratePerSecond } = finder.finding();
    assert.equal(mode, 'rate');
    assert.ok(
      ratePerSecond !== null && ratePerSecond > 8.5 && ratePerSecond < 12.5,
      `${ratePerSecond} per second`,
    );
    assert.ok(throttled < 15, `${throttled} times too often`);
    assert.match(
      findingText(finder.finding()),
      /^(\d+|9\.\d) requests per second \(429s with Retry-After; (9|10|11) at once after a pause\)$/,
    );
  });

  test('by a window: it finds the quota', () => {
    let used = 0;
    let window = 0;
    let throttled = 0;
    const finder = openPaceFinder({ maxLimit: 100 });
    runToy({
      finder,
      requests: 500,
      workers: () => 50,
      serviceMs: () => 100,
      answer: nowMs => {
        if (Math.floor(nowMs / 10_000) !== window) {
          window = Math.floor(nowMs / 10_000);
          used = 0;
        }
        if (++used <= 60) return { kind: 'served', isOk: true };
        throttled++;
        return {
          kind: 'throttled',
          isOk: false,
          isAtOnce: true,
          retryAfterMs: (window + 1) * 10_000 - nowMs,
        };
      },
    });
    assert.equal(finder.finding().mode, 'quota');
    assert.match(findingText(finder.finding()), /^60 requests per 10 s \(429s with Retry-After\)$/);
    assert.ok(throttled < 60, `${throttled} times too often`);
  });
});

test('what is known of a server that has grown is said while the new number is found', () => {
  const finder = openPaceFinder({ maxLimit: 1000 });
  const reasons = new Set<string>();
  let wasFound = false;
  runToy({
    finder,
    requests: 900,
    workers: nowMs => (nowMs < 6000 ? 6 : 40),
    serviceMs: request => 90 + (request % 21),
    onRound: () => {
      const { mode, capacity, reason } = finder.finding();
      wasFound ||= mode === 'in flight';
      if (wasFound) assert.deepEqual([mode, capacity !== null], ['in flight', true], reason);
      reasons.add(reason);
    },
  });
  assert.ok(reasons.has('the server holds more than before'), [...reasons].join('; '));
});
