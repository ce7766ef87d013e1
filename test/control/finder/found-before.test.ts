// A finder that begins with what an earlier run found: at a server that is as it was, and at one that has changed.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type FoundBefore, startedFrom } from '../../../src/control/finder/found-before.ts';
import { openPaceFinder } from '../../../src/control/finder/open-pace-finder.ts';
import { Throttle } from '../../../src/control/finder/throttle.ts';
import { bucketMeter, type Meter, type MeteredRun, runMetered, windowMeter } from './toy-meter.ts';
import { runToy, type ToyRun } from './toy-server.ts';

const EIGHT: FoundBefore = { mode: 'in flight', limit: 9, capacity: 8 };

function run(before: FoundBefore | undefined, workers: number, requests = 300): ToyRun & { found: string } {
  const finder = openPaceFinder({ maxLimit: 100, ...(before && { before }) });
  const serviceMs = (request: number): number => 1000 + (request % 7);
  const ran = runToy({ finder, requests, workers: () => workers, serviceMs });
  return { ...ran, found: finder.finding().mode };
}

describe('in flight', () => {
  test('as it was: no start-up, no queue beyond the margin, no longer than before', () => {
    const before = run(EIGHT, 8);
    const without = run(undefined, 8);
    assert.equal(before.limits[0], 9);
    assert.ok(before.inFlightMax <= 15, `${before.inFlightMax}`);
    assert.ok(before.inFlightMax < without.inFlightMax, `${without.inFlightMax}`);
    assert.ok(before.endMs <= without.endMs);
  });

  test('one worker is left: the limit is down after one turn of those in flight', () => {
    const finder = openPaceFinder({ maxLimit: 100, before: EIGHT });
    const seen: [nowMs: number, limit: number][] = [];
    runToy({
      ...{ finder, requests: 60, workers: () => 1, serviceMs: () => 1000 },
      onRound: (nowMs, limit) => void seen.push([nowMs, limit]),
    });
    const firstTurnMs = 9 * 1000 + 100;
    for (const [nowMs, limit] of seen) if (nowMs > firstTurnMs) assert.ok(limit <= 3, `${limit} at ${nowMs}`);
    assert.ok(seen.some(([nowMs]) => nowMs > firstTurnMs));
    assert.ok(Math.abs((finder.finding().capacity ?? 0) - 1) <= 0.5);
  });

  test('it holds more by now: that is found as ever', () => {
    const { endMs, inFlightMax } = run(EIGHT, 30, 900);
    const without = run(undefined, 30, 900);
    assert.ok(inFlightMax >= 30, `${inFlightMax}`);
    assert.ok(endMs <= 1.3 * without.endMs, `${endMs} against ${without.endMs}`);
  });

  test('too few requests to say anything leave the finding as it was', () => {
    const finder = openPaceFinder({ maxLimit: 100, before: EIGHT });
    runToy({ finder, requests: 3, workers: () => 8, serviceMs: () => 1000 });
    const { mode, capacity, limit, reason } = finder.finding();
    assert.deepEqual([mode, capacity, limit, reason], ['in flight', 8, 9, 'found before']);
  });

  test('never above the ceiling, whatever is given', () => {
    for (const limit of [1e9, Number.MAX_VALUE, Number.POSITIVE_INFINITY, -3, 0, Number.NaN]) {
      const finder = openPaceFinder({ maxLimit: 20, before: { mode: 'in flight', limit, capacity: limit } });
      assert.ok(finder.limit() >= 1 && finder.limit() <= 20, `${limit}: ${finder.limit()}`);
      const { ended, inFlightMax } = runToy({ finder, requests: 50, workers: () => 4, serviceMs: () => 10 });
      assert.ok(ended === 50 && inFlightMax <= 20, `${limit}: ${inFlightMax}`);
    }
  });
});

test('a server that refuses more than so many: it is not asked for more at first', () => {
  const finder = openPaceFinder({ maxLimit: 100, before: { mode: 'refusing', limit: 4 } });
  let refused = 0;
  runToy({
    ...{ finder, requests: 40, workers: () => 4, serviceMs: () => 1000 },
    answer: (_, __, there) => {
      if (there <= 4) return { kind: 'served', isOk: true };
      refused++;
      return { kind: 'refused', isOk: false, isAtOnce: true };
    },
  });
  assert.equal(refused, 0);
});

describe('a rate', () => {
  const TEN: FoundBefore = { mode: 'rate', limit: 8, ratePerSecond: 10 };

  test('starts keep below it from the first one on', () => {
    const finder = openPaceFinder({ maxLimit: 100, before: TEN });
    const starts: number[] = [];
    let nowMs = 0;
    while (nowMs < 1900) {
      nowMs = Math.max(nowMs, finder.nextStartMs(nowMs));
      starts.push(nowMs);
      const token = finder.started(nowMs, 1, '');
      const end = { nowMs: nowMs + 5, startedMs: nowMs, startedAs: 1, inFlight: 0, key: '', connectMs: 0 };
      finder.ended({ ...end, kind: 'served', isOk: true, token });
      nowMs += 5;
    }
    for (const [n, atMs] of starts.entries()) assert.ok(atMs >= n * 100 - 1e-6, `start ${n} at ${atMs}`);
    assert.ok(starts.length >= 19);
    const { mode, ratePerSecond, reason } = finder.finding();
    assert.deepEqual([mode, Math.round(ratePerSecond ?? 0), reason], ['rate', 10, 'found before']);
  });

  test('it rises while nothing is refused, and is gone when there is no such limit any more', () => {
    const { throttle, takenMs } = runMetered({ meter: () => undefined, requests: 3000, before: TEN });
    const inSecond = (second: number): number =>
      takenMs.filter(ms => ms >= 1000 * second && ms < 1000 * (second + 1)).length;
    for (const second of [0, 1, 2]) assert.ok(inSecond(second) <= 11, `${inSecond(second)} in ${second}`);
    assert.deepEqual([throttle.ratePerMs, throttle.isKept], [Number.POSITIVE_INFINITY, false]);
    assert.equal(throttle.dueMs(1e9, 5), Number.NEGATIVE_INFINITY);
  });

  for (const hostile of [1e-300, 1e300, Number.MIN_VALUE, Number.MAX_VALUE])
    test(`a rate of ${hostile} neither stalls nor spins`, () => {
      const before: FoundBefore = { mode: 'rate', limit: 8, ratePerSecond: hostile, depth: hostile };
      const { takenMs } = runMetered({ meter: bucketMeter(10, 5), requests: 60, before });
      assert.equal(takenMs.length, 60);
    });
});

/** What a run found, and two at a server as it is now: one that begins with that, and one that begins with nothing. */
function again(then: Meter, now: () => Meter, requests: number) {
  const { ratePerMs, depth, quota, knownWindowMs } = runMetered({ meter: then, requests }).throttle;
  const before: Partial<FoundBefore> =
    quota < Number.POSITIVE_INFINITY
      ? { mode: 'quota', quota, windowMs: knownWindowMs }
      : { mode: 'rate', ratePerSecond: 1000 * ratePerMs, depth };
  const fresh = runMetered({ meter: now(), requests });
  const begun = runMetered({ meter: now(), requests, before });
  return { fresh, begun, slower: begun.makespanMs / fresh.makespanMs };
}

const after = ({ refusedMs }: MeteredRun, fromMs: number): number =>
  refusedMs.filter(ms => ms > fromMs).length;

describe('a bucket', () => {
  for (const waits of ['none', 'whole', 'exact'] as const) {
    const bucket = (perSecond: number) => () => bucketMeter(perSecond, 21, waits);

    test(`as it was, waits: ${waits}: refused no more than a run that has settled, and what it holds is used`, () => {
      const { fresh, begun, slower } = again(bucket(10)(), bucket(10), 600);
      assert.equal(begun.refusedMs.filter(ms => ms < 1000).length, 0);
      assert.ok(begun.refusedMs.length <= after(fresh, 4000) + 3, `${begun.refusedMs}`);
      assert.ok(begun.refusedMs.length < fresh.refusedMs.length);
      assert.ok(slower < 1.01, `${slower}`);
    });

    test(`half by now, waits: ${waits}: found from the second refusal on`, () => {
      const { fresh, begun, slower } = again(bucket(10)(), bucket(5), 400);
      assert.ok(begun.refusedMs.length <= fresh.refusedMs.length + 2, `${begun.refusedMs.length}`);
      assert.ok(slower < 1.05, `${slower}`);
    });

    test(`twice by now, waits: ${waits}: the rate rises to it`, () => {
      const { fresh, begun, slower } = again(bucket(10)(), bucket(20), 1200);
      assert.ok(begun.refusedMs.length <= fresh.refusedMs.length, `${begun.refusedMs.length}`);
      assert.ok(slower < 1.25, `${slower}`);
    });
  }

  test('nothing is left in it: the rate is kept all the same', () => {
    const meter = bucketMeter(10, 21);
    for (let n = 0; n < 21; n++) meter(0);
    const before: FoundBefore = { mode: 'rate', limit: 8, ratePerSecond: 9.9, depth: 21 };
    const { makespanMs, refusedMs } = runMetered({ meter, requests: 100, before });
    assert.ok(makespanMs < 1.05 * 10_000, `${makespanMs} ms`);
    assert.ok(refusedMs.length <= 4, `${refusedMs}`);
  });
});

describe('a quota', () => {
  for (const waits of ['none', 'whole', 'exact'] as const) {
    const quota = (count: number) => () => windowMeter(count, 5000, waits, 1300);

    test(`as it was, waits: ${waits}: refused while the first window is asked for its end, and never again`, () => {
      const { fresh, begun, slower } = again(quota(40)(), quota(40), 400);
      assert.ok(begun.refusedMs.length < fresh.refusedMs.length, `${begun.refusedMs}`);
      if (waits !== 'none') assert.equal(begun.refusedMs.length, 1);
      assert.ok(slower < 1.01, `${slower}`);
    });

    test(`half by now, waits: ${waits}`, () => {
      const { fresh, begun, slower } = again(quota(40)(), quota(20), 300);
      assert.ok(begun.refusedMs.length <= fresh.refusedMs.length, `${begun.refusedMs}`);
      assert.ok(slower < 1.05, `${slower}`);
    });

    test(`twice by now, waits: ${waits}`, () => {
      const { fresh, begun, slower } = again(quota(40)(), quota(80), 800);
      assert.ok(begun.refusedMs.length <= fresh.refusedMs.length, `${begun.refusedMs}`);
      assert.ok(slower < 1.1, `${slower}`);
    });
  }

  test('there is none any more: one more is tried after another, and then it is gone', () => {
    const before: FoundBefore = { mode: 'quota', limit: 8, quota: 5 };
    const { throttle } = runMetered({ meter: () => undefined, requests: 60, before });
    assert.deepEqual([throttle.quota, throttle.isKept], [Number.POSITIVE_INFINITY, false]);
  });

  test('so many at once, then one at a time until the server says something', () => {
    const throttle = new Throttle({ mode: 'quota', quota: 5 });
    for (let n = 0; n < 5; n++) {
      assert.ok(throttle.dueMs(0, n) <= 0);
      throttle.started(0);
    }
    assert.ok(throttle.dueMs(0, 1) > 0);
    assert.ok(throttle.dueMs(0, 0) <= 0);
  });
});

test('what of it a run begins with', () => {
  assert.deepEqual(startedFrom(EIGHT, 100), { limit: 9 });
  assert.deepEqual(startedFrom(EIGHT, 3), { limit: 3 });
  assert.deepEqual(startedFrom({ mode: 'in flight', limit: 32, capacity: 2 }, 100), { limit: 3 });
  assert.deepEqual(startedFrom({ mode: 'rate', limit: 8, ratePerSecond: 10 }, 100), {
    limit: 8,
    ratePerSecond: 10,
  });
  assert.deepEqual(startedFrom({ mode: 'in flight', limit: 4, ratePerSecond: 10 }, 100), { limit: 4 });
});
