import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitInto } from '../../src/engine/descriptor-room.ts';
import { type RunPlan, resolvePlan } from '../../src/engine/plan.ts';
import type { StrategyName } from '../../src/engine/strategies.ts';

const asked = (strategy: StrategyName, concurrency: number, workers = 1): RunPlan =>
  resolvePlan({ strategy, concurrency, workers }, { parallelism: 2, seed: 1 });

test('what fits is left as it is, and so is all where nothing is known', () => {
  const plan = asked('semaphore', 200);
  assert.deepEqual(fitInto(null, plan), { plan, heldBack: null });
  assert.deepEqual(fitInto({ allowed: 1024, open: 22 }, plan), { plan, heldBack: null });
});

test('few descriptors: fewer in flight, fewer workers', () => {
  const cases: [strategy: StrategyName, workers: number, limit: number, allowed: number, given: number[]][] =
    [
      ['semaphore', 0, 200, 64, [32, 0]], // 64 - 22 open - 10 in reserve
      ['threads', 3, 3, 64, [3, 3]], // 3 sockets and 3 × 6 of 32
      ['threads', 8, 200, 64, [20, 2]], // half of 32 is for 2 threads, which leave 20
      ['threads', 3, 3, 39, [1, 1]], // 7: one thread, one socket
      ['processes', 8, 200, 64, [200, 8]], // 8 × 4 of 32; each of the children has 28
      ['processes', 3, 3, 40, [3, 2]], // 8: two children
      ['processes', 8, 200, 40, [8, 2]], // each of which has 4
    ];
  for (const [strategy, workers, limit, allowed, given] of cases) {
    const { plan } = fitInto({ allowed, open: 22 }, asked(strategy, limit, Math.max(1, workers)));
    assert.deepEqual([plan.limit, plan.workers], given, `${strategy} ${limit} in ${allowed}`);
  }
});

test('a run without limit keeps that name, and what it may come to stands beside it', () => {
  const { plan, heldBack } = fitInto({ allowed: 64, open: 22 }, asked('async', 1));
  assert.deepEqual([plan.limit, heldBack?.given.limit], [Number.POSITIVE_INFINITY, 32]);
});

test('a run that finds its pace has no limit but the one that was given for it', () => {
  const of = (options: Parameters<typeof resolvePlan>[0]) => {
    const { limit, findsUpTo } = resolvePlan(options, { parallelism: 2, seed: 1 });
    return [limit, findsUpTo];
  };
  assert.deepEqual(of({ concurrency: 'auto' }), [1000, 1000]);
  assert.deepEqual(of({ concurrency: 'auto', concurrencyMax: 20 }), [20, 20]);
  assert.deepEqual(of({ concurrency: 'auto', concurrencyMax: 5000, strategy: 'threads' }), [5000, 5000]);
  assert.deepEqual(of({ concurrency: 'auto', strategy: 'sequential' }), [1, null]);
  assert.deepEqual(of({ concurrency: 'auto', strategy: 'async' }), [Number.POSITIVE_INFINITY, null]);
  assert.deepEqual(of({ concurrency: 7 }), [7, null]);
  assert.throws(() => of({ concurrency: 7, concurrencyMax: 9 }), { code: 'ERR_OPTION_CONFLICT' });
  assert.throws(() => of({ concurrency: 'auto', concurrencyMax: 0 }), { code: 'ERR_OPTION_INVALID' });
});

test('too few for one request is an error, whatever the strategy', () => {
  for (const strategy of ['sequential', 'async', 'semaphore', 'threads', 'processes'] as const) {
    for (const allowed of [0, 20, 32]) {
      assert.throws(() => fitInto({ allowed, open: 22 }, asked(strategy, 3, 3)), {
        code: 'ERR_ENV_DESCRIPTORS',
        message: new RegExp(`may hold ${allowed} .* holds 22: .* strategy ${strategy}.* ulimit -n 1024$`),
      });
    }
  }
});
