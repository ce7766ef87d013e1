// How busy the modelled workers are: exactly as long as their responses burn, in their own turn.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Shares } from '../../src/base/busy-shares.ts';
import { type ClientCosts, openSimulation } from '../../src/simulation/index.ts';

const request = { url: 'http://h/', method: 'GET', headers: [], body: null, id: null, timeoutMs: null };

function loadsOf(count: number, costs: Partial<ClientCosts>): Shares[] {
  const simulation = openSimulation(
    {
      requests: Array.from({ length: count }, () => request),
      limit: Number.POSITIVE_INFINITY,
      server: {
        ...({ workers: 9, workerClass: 'sync', serviceTime: { kind: 'constant', ms: 100 } } as const),
        ...{ backlog: 100, rateLimit: null, seed: 1 },
      },
      costs: { workers: null, startUpMs: 0, messageMs: 0, cpuMs: 0, ...costs },
    },
    () => {},
  );
  while (simulation.advance(1000));
  return simulation.loads();
}

/** `0 × 100, 1 × 60` */
function runs({ busy }: Shares): string {
  const lengths: [share: number | null, count: number][] = [];
  for (const share of busy) {
    const last = lengths.at(-1);
    if (last?.[0] === share) last[1]++;
    else lengths.push([share, 1]);
  }
  return lengths.map(([share, count]) => `${share} × ${count}`).join(', ');
}

test('one thread burns for one response after the other', () => {
  const [own, ...others] = loadsOf(3, { cpuMs: 20 });
  assert.ok(own && others.length === 0);
  assert.equal(own.everyMs, 1);
  assert.equal(runs(own), '0 × 100, 1 × 60');
});

test('each worker burns for its own, side by side, and is idle while others go on', () => {
  assert.deepEqual(loadsOf(4, { cpuMs: 20, workers: 3 }).map(runs), [
    '0 × 100, 1 × 40',
    '0 × 100, 1 × 20, 0 × 20',
    '0 × 100, 1 × 20, 0 × 20',
  ]);
});

test('a long run has columns of more than a millisecond, and the same shares', () => {
  const [own] = loadsOf(90, { cpuMs: 20 });
  assert.equal(own?.everyMs, 4);
  assert.equal(own && runs(own), '0 × 25, 1 × 450');
});

test('where a response costs nothing, nothing is said', () => {
  assert.deepEqual(loadsOf(3, {}), []);
  assert.deepEqual(loadsOf(3, { workers: 3, startUpMs: 30 }), []);
});
