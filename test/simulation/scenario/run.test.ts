// Whole scenarios through the shipped engine: against what arithmetic says, and against an independent simulator whose
// results stand here as numbers.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { aggregate } from '../../../src/simulation/scenario/aggregate.ts';
import { fixedDecider, oracleDecider, oracleSteps } from '../../../src/simulation/scenario/deciders.ts';
import { runScenario } from '../../../src/simulation/scenario/run.ts';
import { Scorer } from '../../../src/simulation/scenario/score.ts';
import { benchScenario, scenarioWith } from '../../support/bench-scenarios.ts';

const UNLIMITED = fixedDecider(Number.POSITIVE_INFINITY);

/** Seed 1. Of the oracle: makespan in s, mean line. Of ten in flight: ratio, line beyond it, p95, refused, penalty. */
const ELSEWHERE: readonly (readonly [string, number, number, number, number, number, number, number])[] = [
  ['basic-w3-exp', 198.502, 0, 0.9945, 6.89, 7, 0, 0.4658],
  ['basic-w10-lognormal', 33.284, 0, 1, 0, 0, 0, 0],
  ['basic-w8-bimodal', 56.07, 0, 0.9818, 1.834, 2, 0, 0.0011],
  ['change-3-6-2', 273.156, 0, 0.9922, 6.562, 8, 0, 0.2068],
  ['warmup-jit', 42.469, 0, 0.981, 3.848, 4, 0, 0.0937],
  ['bounded-q10-w3-503-ra', 61.8, 0, 0.9824, 6.885, 7, 0, 0.4654],
  ['ps-w4-exp', 52.418, 0, 0.9708, 5.83, 6, 0, 0.2769],
  ['wan-jitter-w10-exp', 21.784, 1.554, 2.0216, -1.554, -6, 0, 1.0216],
  ['rate-window-headers', 65.153, 0.115, 1.0054, -0.115, 0, 0.0387, 0.0829],
  ['errors-500-3pct', 52.722, 0, 0.982, 3.862, 4, 0, 0.0943],
  ['errors-503-1pct', 52.061, 0, 0.9826, 3.83, 4, 0, 0.0929],
  ['errors-hang-1pct', 41.508, 0, 0.8446, 2.33, 4, 0, 0.0304],
  ['overload-timeout', 74.999, 0, 0.9892, 5.866, 6, 0, 0.2791],
  ['competitor-half', 49.721, 0.014, 0.8594, 4.663, 6, 0, 0.0895],
  ['mixed-keys-random', 53.522, 0, 0.9797, 3.762, 4, 0, 0.0901],
  ['mixed-blocks', 82.523, 0, 0.988, 4.87, 5, 0, 0.1685],
  ['mixed-keys-interleaved', 106.88, 0, 0.9897, 5.895, 6, 0, 0.2809],
];

describe('against another simulator', () => {
  test('oracle and ten in flight come to the same in seventeen scenarios', () => {
    const scorer = new Scorer();
    for (const [id, makespanS, line, ratio, excess, p95, refused, penalty] of ELSEWHERE) {
      const scenario = benchScenario(id);
      const oracle = runScenario(scenario, 1, oracleDecider);
      const score = scorer.score(scenario, fixedDecider(10), [1]);
      const near = (got: number, wanted: number, what: string): void => {
        const isNear = Math.abs(got - wanted) <= 0.01 + 0.01 * Math.abs(wanted);
        assert.ok(isNear, `${id} ${what}: ${got}, elsewhere ${wanted}`);
      };
      near(oracle.makespanMs / 1000, makespanS, 'makespan');
      near(oracle.queueMean, line, 'line');
      near(score.makespanRatio, ratio, 'ratio');
      near(score.excessQueue, excess, 'excess queue');
      near(score.excessQueueP95, p95, 'p95');
      near(score.refusedShare, refused, 'refused');
      near(score.penalty, penalty, 'penalty');
    }
  });
});

describe('against arithmetic', () => {
  test('three workers of a second, thirty requests: ten seconds, and no line', () => {
    const run = runScenario(scenarioWith({}), 1, oracleDecider);
    assert.deepEqual([run.makespanMs, run.queueMean, run.attempts], [10_000, 0, 30]);
    assert.equal(runScenario(scenarioWith({}), 1, fixedDecider(1)).makespanMs, 30_000);
    const all = runScenario(scenarioWith({}), 1, UNLIMITED);
    assert.equal(all.makespanMs, 10_000);
    assert.equal(all.queueMost, 27);
    assert.equal(all.queueMean, (27 + 24 + 21 + 18 + 15 + 12 + 9 + 6 + 3) / 10);
  });

  test('what the server has no place for is refused and sent again, until it is served', () => {
    const server = { workers: 3, queue: 0 };
    for (const reject of ['503', 'refused']) {
      const run = runScenario(scenarioWith({ server: { ...server, reject } }), 1, UNLIMITED);
      assert.equal(run.counts.served, 30);
      assert.ok(run.counts.refused >= 27, `${run.counts.refused}`);
      assert.equal(run.failed, 0);
    }
  });

  test('an asked wait is kept by everybody', () => {
    const scenario = scenarioWith({
      rateLimit: { type: 'window', limit: 10, window: 20, retryAfter: 'exact' },
      n: 20,
    });
    const run = runScenario(scenario, 1, UNLIMITED);
    assert.equal(run.counts.throttled, 10);
    assert.ok(run.makespanMs >= 20_000 && run.makespanMs < 25_000, `${run.makespanMs}`);
  });

  test('a request that times out stays with the server', () => {
    const scenario = scenarioWith({ n: 2, server: { workers: 1 }, timeout: 1.5 });
    const run = runScenario(scenario, 1, UNLIMITED);
    assert.equal(run.counts.timeout, 1);
    assert.ok(run.makespanMs >= 3000, `${run.makespanMs}`); // the worker was at it until 2 s
  });

  test('a server that answers nothing but errors comes to an end', () => {
    const run = runScenario(scenarioWith({ n: 3, errors: { p500: 1 } }), 1, UNLIMITED);
    assert.deepEqual([run.failed, run.attempts], [3, 180]);
  });

  test('a run that takes too long is given up, and counts as endless', () => {
    const run = runScenario(scenarioWith({}), 1, fixedDecider(1), 5000);
    assert.equal(run.makespanMs, Number.POSITIVE_INFINITY);
  });
});

describe('the score', () => {
  test('the oracle is perfect, and what it has in flight follows the workers', () => {
    const scenario = benchScenario('change-3-6-2');
    assert.deepEqual(
      oracleSteps(scenario).map(({ level }) => level),
      [3, 6, 2],
    );
    const score = new Scorer().score(scenario, oracleDecider, [1, 2]);
    assert.deepEqual([score.penalty, score.makespanRatio, score.meetsStrict], [0, 1, true]);
  });

  test('one at a time is three times as slow, and says when it has settled', () => {
    const scorer = new Scorer();
    const one = scorer.score(scenarioWith({}), fixedDecider(1), [1]);
    assert.deepEqual(
      [one.makespanRatio, one.penalty, one.meetsStrict, one.meetsRamped],
      [3, 2, false, false],
    );
    assert.equal(one.requestsUntilSettled, 30);
    assert.equal(scorer.score(scenarioWith({}), fixedDecider(3), [1]).requestsUntilSettled, 1);
  });

  test('the same scenario and seed give the same numbers', () => {
    const scenario = benchScenario('mixed-keys-random');
    const once = () => new Scorer().score(scenario, fixedDecider(4), [3, 4]);
    assert.deepEqual(once(), once());
    assert.notDeepEqual(once(), new Scorer().score(scenario, fixedDecider(4), [5, 6]));
  });

  test('many scores make one', () => {
    const scorer = new Scorer();
    const one = scorer.score(scenarioWith({}), fixedDecider(1), [1]);
    const other = scorer.score(scenarioWith({ id: 'two' }), fixedDecider(3), [1]);
    const total = aggregate([one, other]);
    assert.equal(total.penalty, 1);
    assert.equal(total.makespanRatio.toFixed(6), Math.sqrt(3).toFixed(6));
    assert.deepEqual([total.meetStrict, total.meetRamped, total.scenarios], [1, 1, 2]);
  });
});
