// Servers that answer in microseconds: kept busy between two turns of our own, and listened to all the same.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findingText } from '../../../src/control/finder/finding-text.ts';
import { openPaceFinder } from '../../../src/control/finder/open-pace-finder.ts';
import { FoundPaces } from '../../../src/control/found-paces.ts';
import { runToy, type ToyOptions } from './toy-server.ts';

const MICROSECONDS = {
  wireMs: 0.02,
  workers: () => 2,
  serviceMs: (request: number) => 0.04 + (request % 3) / 1000,
};

const go = (options: Partial<ToyOptions> = {}, maxLimit = 1000) => {
  const finder = openPaceFinder({ maxLimit });
  const limits: number[] = [];
  const run = runToy({
    ...{ finder, requests: 20_000, onRound: (_, limit) => limits.push(limit) },
    ...MICROSECONDS,
    ...options,
  });
  return { finder, run, limits };
};

describe('a server that answers in microseconds', () => {
  test('has more in flight than it holds, most of the time', () => {
    const { finder, limits, run } = go();
    assert.equal(run.inFlightMax, 32);
    const filled = limits.filter(limit => limit === 32).length;
    assert.ok(filled > 0.9 * limits.length, `${filled} of ${limits.length}`);
    const { limit, isFilled, mode } = finder.finding();
    assert.deepEqual({ limit, isFilled, mode }, { limit: 32, isFilled: true, mode: 'in flight' });
  });

  test('and its changes of limit are told without the spells of listening', () => {
    const paces = new FoundPaces(() => openPaceFinder({ maxLimit: 1000 }));
    const { limits } = go({ finder: paces.openFinder('http://a') });
    assert.ok(limits.filter((limit, at) => limit !== limits[at - 1]).length > 30);
    const changes = paces.list()[0]?.changes ?? [];
    assert.ok(changes.length <= 8, JSON.stringify(changes));
    assert.equal(changes.at(-1)?.[1], 32);
  });

  test('is listened to: what it holds does not drift, and a change of it is found', () => {
    const { finder } = go({ requests: 100_000 });
    assert.ok([2, 3].includes(Math.round(finder.finding().capacity ?? 0)), `${finder.finding().capacity}`);
    const more = go({ requests: 60_000, workers: nowMs => (nowMs < 300 ? 2 : 8) });
    const capacity = more.finder.finding().capacity ?? 0;
    assert.ok(capacity > 6 && capacity < 12, `${capacity}`);
  });

  test('says so, with the pace that was seen', () => {
    const { finder } = go();
    assert.match(
      findingText(finder.finding()),
      /^2 at a time, 61 µs each: 32\s\d{3} requests\/s \(proved by \d+ overtakings; 32 in flight, as /,
    );
  });

  test('gets no more than the user allows', () => {
    const { run, finder } = go({}, 5);
    assert.ok(run.inFlightMax <= 5);
    assert.equal(finder.finding().limit, 5);
  });

  test('that refuses what it was never asked for before gets so many once', () => {
    let refused = 0;
    const { run, limits } = go({
      answer: (_, __, there) => {
        if (there < 12) return { kind: 'served', isOk: true };
        refused++;
        return { kind: 'refused', isOk: false, isAtOnce: true };
      },
    });
    assert.ok(refused > 0 && refused <= 12, `${refused} refused`);
    assert.ok(run.inFlightMax <= 26, `${run.inFlightMax} in flight`);
    assert.ok(limits.slice(-15_000).every(limit => limit <= 8));
  });

  test('and becomes slow has no more in flight than it holds, after one spell at most', () => {
    const { limits } = go({
      requests: 12_000,
      serviceMs: request => (request < 8000 ? 0.04 : 40),
    });
    const slow = limits.slice(8000);
    const last = slow.lastIndexOf(32);
    assert.ok(last < 100, `32 in flight up to the ${last}th`);
    assert.ok(limits.slice(-1000).every(limit => limit <= 6));
  });
});

test('a server that takes a millisecond and more is not filled', () => {
  const { run, finder } = go({ serviceMs: () => 1.2 });
  assert.ok(run.inFlightMax <= 8, `${run.inFlightMax} in flight`);
  assert.equal(finder.finding().isFilled, false);
});
