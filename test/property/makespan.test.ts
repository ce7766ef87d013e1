// What is known of a run before it is made: how long it takes, and in which order it goes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../src/base/random.ts';
import { STRATEGIES, type StrategyName } from '../../src/engine/strategies.ts';
import { simulate } from '../../src/simulation/run.ts';
import type { ServerModelPlan } from '../../src/simulation/server-model.ts';
import { request } from './scenario.ts';

const NEAR_MS = 1e-6;

function requests(count: number) {
  return Array.from({ length: count }, (_, index) => request(index));
}

function server(seed: number, workers: number): ServerModelPlan {
  const serviceTime = { kind: 'exponential', meanMs: 50 } as const;
  return {
    workers,
    workerClass: 'sync',
    serviceTime,
    backlog: Number.POSITIVE_INFINITY,
    rateLimit: null,
    seed,
  };
}

test('law 5: the makespan lies within the bounds of Graham, wherever the line is', () => {
  for (let seed = 1; seed <= 400; seed++) {
    const random = seededRandom(seed).split('law 5');
    const lanes = 1 + Math.floor(random.next() * 8);
    const count = Math.floor(random.next() * 60);
    const waitsInClient = { limit: lanes, workers: lanes + Math.floor(random.next() * 3) };
    const waitsAtServer = { limit: Number.POSITIVE_INFINITY, workers: lanes };
    for (const { limit, workers } of [waitsInClient, waitsAtServer]) {
      let totalMs = 0;
      let longestMs = 0;
      const { makespanMs } = simulate(
        { requests: requests(count), limit, server: server(seed, workers) },
        ({ tries }) => {
          const serviceMs = tries[0]?.phasesMs.service ?? Number.NaN;
          totalMs += serviceMs;
          longestMs = Math.max(longestMs, serviceMs);
        },
      );
      const least = Math.max(totalMs / lanes, longestMs);
      const most = totalMs / lanes + (1 - 1 / lanes) * longestMs;
      assert.ok(makespanMs >= least - NEAR_MS, `seed ${seed}: ${makespanMs} < ${least}`);
      assert.ok(makespanMs <= most + NEAR_MS, `seed ${seed}: ${makespanMs} > ${most}`);
    }
  }
});

test('law 6: one at a time is one order, whatever it is called', () => {
  const names: StrategyName[] = ['sequential', 'semaphore', 'threads', 'processes'];
  for (let seed = 1; seed <= 50; seed++) {
    const orders = names.map(name => {
      const ends: string[] = [];
      simulate(
        {
          requests: requests(20),
          limit: STRATEGIES[name].limit(1),
          server: server(seed, 3),
          network: { rttMs: 2 },
        },
        ({ index, outcome, endedMs }) => ends.push(`${endedMs} ${index} ${outcome}`),
      );
      return ends;
    });
    for (const order of orders) assert.deepEqual(order, orders[0]);
  }
});

test('the talk: nine requests on three workers of a second end at 1, 1, 1, 2, 2, 2, 3, 3, 3 seconds', () => {
  const ends: Record<string, number[]> = {};
  for (const name of ['sequential', 'async', 'semaphore', 'threads', 'processes'] as const) {
    const ended: number[] = [];
    const second = { ...server(1, 3), serviceTime: { kind: 'constant', ms: 1000 } } as const;
    simulate({ requests: requests(9), limit: STRATEGIES[name].limit(3), server: second }, ({ endedMs }) =>
      ended.push(endedMs / 1000),
    );
    ends[name] = ended;
  }
  const threes = [1, 1, 1, 2, 2, 2, 3, 3, 3];
  const ones = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  assert.deepEqual(ends, {
    sequential: ones,
    async: threes,
    semaphore: threes,
    threads: threes,
    processes: threes,
  });
});

test('hand-over costs are added as they are named: a start-up once, a message each way', () => {
  const { makespanMs } = simulate(
    {
      requests: requests(2),
      limit: 1,
      server: { ...server(1, 1), serviceTime: { kind: 'constant', ms: 10 } },
      costs: { workers: 1, startUpMs: 100, messageMs: 1, cpuMs: 0 },
      network: { rttMs: 4 },
    },
    () => undefined,
  );
  // start-up; connect 4, way 4, service 10; end 1; start 1; way 4, service 10.
  assert.equal(makespanMs, 100 + 18 + 1 + 1 + 14);
});

test('CPU work piles up on one thread and runs side by side on three', () => {
  const makespans = [null, 1, 3].map(workers => {
    const costs = { workers, startUpMs: 0, messageMs: 0, cpuMs: 200 };
    const second = { ...server(1, 3), serviceTime: { kind: 'constant', ms: 1000 } } as const;
    return simulate({ requests: requests(3), limit: 3, server: second, costs }, () => undefined).makespanMs;
  });
  assert.deepEqual(makespans, [1600, 1600, 1200]);
});
