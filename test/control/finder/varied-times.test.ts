// Servers whose requests differ as those of real servers do (a lognormal law): the shortest of a thousand takes a third
// of the mean, and proofs that go by it are low by as much. With a few workers the shortest is never seen, and they are
// high.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Random, seededRandom } from '../../../src/base/random.ts';
import { openPaceFinder } from '../../../src/control/finder/open-pace-finder.ts';
import { LAWS } from './lined-server.ts';
import { runShared } from './shared-server.ts';

const UNTIL_MS = 600_000;
const MEAN_MS = 1000;

function lognormalMs(source: Random, sigma: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - source.next())) * Math.cos(2 * Math.PI * source.next());
  return MEAN_MS * Math.exp(sigma * normal - (sigma * sigma) / 2);
}

describe('ten minutes of requests to a server whose times follow a lognormal law', () => {
  for (const [workers, sigma, useMin] of [
    [8, 0.3, 0.96],
    [16, 0.3, 0.95],
    [32, 0.3, 0.92],
    [64, 0.3, 0.9],
    [32, 0.6, 0.94],
  ] as const)
    test(`${workers} workers, σ ${sigma}: they stay busy`, () => {
      const uses = [1, 2, 3].map(seed => {
        const source = seededRandom(seed * 17 + workers);
        const run = runShared({
          workers,
          serviceMs: () => lognormalMs(source, sigma),
          clients: [{ finder: openPaceFinder({ maxLimit: 1000 }), fromMs: 0 }],
          untilMs: UNTIL_MS,
        });
        assert.ok(run.line <= Math.max(1.5, 0.15 * workers), `line of ${run.line} with seed ${seed}`);
        return ((run.served[0] ?? 0) * MEAN_MS) / (workers * (UNTIL_MS / 2));
      });
      const use = uses.reduce((a, b) => a + b) / uses.length;
      assert.ok(use >= useMin, `${uses} of seeds 1 to 3`);
    });
});

describe('a small server is told for what it is', () => {
  for (const [name, law] of Object.entries(LAWS))
    for (const workers of [1, 2, 3, 4])
      test(`${workers} at a time, ${name}`, () => {
        const found = [1, 2, 3, 4, 5, 6, 7, 8].map(seed => {
          const source = seededRandom(seed * 31 + workers);
          const finder = openPaceFinder({ maxLimit: 1000 });
          const client = { finder, fromMs: 0 };
          runShared({ workers, serviceMs: () => law(source), clients: [client], untilMs: 240_000 / workers });
          return Math.round(finder.finding().capacity ?? 0);
        });
        const right = found.filter(one => one === workers).length;
        assert.ok(right >= 6, `${found}`);
        assert.ok(Math.max(...found) <= workers + 2, `${found}`);
      });
});
