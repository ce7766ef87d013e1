// The finder that ships, before servers that are no good, and at the edges of what a run may be: it keeps to its
// bounds, never stalls, and is never far from somebody who knows.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openPaceFinder } from '../../../src/control/finder/open-pace-finder.ts';
import { oracleDecider } from '../../../src/simulation/scenario/deciders.ts';
import { runScenario } from '../../../src/simulation/scenario/run.ts';
import { scenarioWith } from '../../support/bench-scenarios.ts';

const LIMIT_MAX = 1000;
const A_DAY_MS = 86_400_000;

function found(fields: object) {
  const scenario = scenarioWith(fields);
  const oracle = runScenario(scenario, 1, oracleDecider);
  const run = runScenario(scenario, 1, () => openPaceFinder({ maxLimit: LIMIT_MAX }), A_DAY_MS);
  assert.ok(Number.isFinite(run.makespanMs), 'it comes to its end');
  assert.ok(
    run.startedAs.every(place => place <= LIMIT_MAX),
    'it keeps to its ceiling',
  );
  const { limit, reason } = run.finding;
  assert.ok(limit >= 1 && limit <= LIMIT_MAX && reason !== '', `${limit} ${reason}`);
  return { ...run, ratio: run.makespanMs / oracle.makespanMs };
}

describe('servers that are no good', () => {
  for (const [name, fields, attempts] of [
    ['answers nothing but 500', { n: 60, errors: { p500: 1 } }, 3600],
    ['answers nothing but 503', { n: 60, errors: { p503: 1 } }, 3600],
    ['resets everything', { n: 60, errors: { pReset: 1 } }, 3600],
    ['never answers', { n: 20, errors: { pHang: 1 }, timeout: 2 }, 1200],
  ] as const)
    test(`one that ${name}`, () => {
      const run = found(fields);
      assert.deepEqual([run.attempts, run.failed], [attempts, fields.n]);
    });

  test('one that meters to one an hour is asked once an hour', () => {
    const rateLimit = { type: 'window', limit: 1, window: 3600, retryAfter: 'ceil' };
    const run = found({ n: 12, rateLimit });
    assert.ok(run.ratio <= 1.02, `${run.ratio}`);
    assert.ok(run.counts.throttled <= 40, `${run.counts.throttled}`);
  });

  test('one that fails in every way now and then', () => {
    const errors = { p500: 0.1, p503: 0.05, pReset: 0.05, pHang: 0.02 };
    const server = { workers: 6, queue: 2 };
    const run = found({ n: 1000, server, service: { dist: 'exp', mean: 0.2 }, errors, timeout: 3 });
    assert.ok(run.ratio <= 1.15, `${run.ratio}`);
    assert.equal(run.failed, 0);
  });
});

describe('edges', () => {
  for (const [name, fields, ratio] of [
    ['one request', { n: 1 }, 1],
    ['one worker', { n: 100, server: { workers: 1 } }, 1.02],
    [
      'a thousand workers',
      { n: 20_000, server: { workers: 1000 }, service: { dist: 'exp', mean: 0.5 } },
      1.5,
    ],
    ['a tenth of a millisecond', { n: 20_000, service: { dist: 'det', mean: 0.0001 } }, 1.1],
    [
      'costs that differ a thousand times',
      { n: 500, service: { dist: 'bimodal', mean: 0.5, pSlow: 0.05, ratio: 1000 } },
      1.25,
    ],
  ] as const)
    test(name, () => {
      const run = found(fields);
      assert.ok(run.ratio <= ratio + 1e-9, `${run.ratio}`);
      assert.equal(run.failed, 0);
    });
});

test('a meter that lets nothing burst and says nothing: the rate is found, not waited out', () => {
  const rateLimit = { type: 'bucket', rate: 10, burst: 1 };
  const net = { rtt: 0.001, jitter: 0.0005 };
  const run = found({
    n: 100,
    server: { workers: 50 },
    service: { dist: 'det', mean: 0.002 },
    net,
    rateLimit,
  });
  assert.ok(run.makespanMs <= 15_000, `${run.makespanMs}`); // ten seconds, and what it takes to find them
  assert.ok(run.counts.throttled <= 30, `${run.counts.throttled}`);
});
