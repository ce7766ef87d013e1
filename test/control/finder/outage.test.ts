// A server that is gone for seconds and comes back: few requests are spent on it, and then it goes on as before.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openPaceFinder } from '../../../src/control/finder/open-pace-finder.ts';
import { Outage } from '../../../src/control/finder/outage.ts';
import { runToy, type ToyAnswer } from './toy-server.ts';

const WELL: ToyAnswer = { kind: 'served', isOk: true };
const GONE: ToyAnswer = { kind: 'refused', isOk: false, isAtOnce: true };

describe('a server that is gone', () => {
  /** Four workers of 100 ms each, gone from one instant to another. */
  function run(requests: number, fromMs: number, toMs: number) {
    let refused = 0;
    const limits: [atMs: number, limit: number][] = [];
    const toy = runToy({
      finder: openPaceFinder({ maxLimit: 50 }),
      requests,
      workers: () => 4,
      serviceMs: () => 100,
      answer: nowMs => {
        if (nowMs < fromMs || nowMs >= toMs) return WELL;
        refused++;
        return GONE;
      },
      onRound: (nowMs, limit) => limits.push([nowMs, limit]),
    });
    return { ...toy, refused, limits };
  }

  test('for five seconds: two dozen requests are refused, not thousands', () => {
    const { refused } = run(800, 5000, 10_000);
    assert.ok(refused <= 24, `${refused} refused`);
  });

  test('and back: within two seconds as many are in flight as before', () => {
    const { limits } = run(800, 5000, 10_000);
    const back = limits.find(([atMs, limit]) => atMs >= 10_000 && limit >= 4);
    assert.ok(
      back !== undefined && back[0] < 10_000 + 2000 + 2000,
      `${back} (with up to 2 s until it is asked)`,
    );
  });

  test('for good: it is not waited for with each request of a long list', () => {
    const { refused, endMs } = run(5000, 5000, Number.POSITIVE_INFINITY);
    assert.ok(refused > 4000);
    assert.ok(endMs < 40_000, `${endMs} ms`);
  });

  test('and has never been there: nobody waits', () => {
    const { endMs } = run(500, 0, Number.POSITIVE_INFINITY);
    assert.ok(endMs < 2000, `${endMs} ms`);
  });
});

test('one that is refused alone is chance, two are not; and those among others say nothing', () => {
  const outage = new Outage();
  outage.served();
  for (let level = 2; level < 10; level++) outage.refused(1000, level);
  outage.refused(1000, 1);
  assert.ok(outage.dueMs <= 1000);
  assert.equal(outage.served(), false);
  outage.refused(2000, 1);
  outage.refused(2001, 1);
  assert.ok(outage.dueMs > 2001);
  assert.equal(outage.served(), true);
});
