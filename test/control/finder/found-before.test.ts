// A finder that begins with what an earlier run found: at a server that is as it was, and at one that has changed.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type FoundBefore, KeptPace, startedFrom } from '../../../src/control/finder/found-before.ts';
import { openPaceFinder } from '../../../src/control/finder/open-pace-finder.ts';
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
    const kept = new KeptPace(TEN);
    let nowMs = 0;
    let rate = kept.ratePerMs;
    for (let n = 0; n < 2000 && kept.ratePerMs < Number.POSITIVE_INFINITY; n++) {
      nowMs = Math.max(nowMs, kept.dueMs(nowMs, 0));
      kept.started(nowMs);
      kept.accepted(nowMs);
      assert.ok(kept.ratePerMs <= 1.26 * rate || kept.ratePerMs === Number.POSITIVE_INFINITY);
      rate = kept.ratePerMs;
    }
    assert.equal(kept.ratePerMs, Number.POSITIVE_INFINITY);
    assert.ok(nowMs > 5000, `${nowMs}`);
    assert.equal(kept.dueMs(nowMs, 5), Number.NEGATIVE_INFINITY);
  });

  test('the first 429 ends it: from there on the run finds its own', () => {
    const kept = new KeptPace(TEN);
    kept.started(0);
    kept.refused();
    assert.deepEqual(
      [kept.ratePerMs, kept.dueMs(0, 1)],
      [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    );
  });
});

test('a quota: so many at once, then one at a time until the server says something', () => {
  const kept = new KeptPace({ mode: 'quota', quota: 5 });
  for (let n = 0; n < 5; n++) {
    assert.ok(kept.dueMs(0, n) <= 0);
    kept.started(0);
  }
  assert.ok(kept.dueMs(0, 1) > 0);
  assert.ok(kept.dueMs(0, 0) <= 0);
  for (let n = 0; n < 10; n++) kept.accepted(10);
  assert.equal(kept.quota, Number.POSITIVE_INFINITY);
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
