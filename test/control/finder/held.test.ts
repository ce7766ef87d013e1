// How proofs and what is likely are put together.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Departures } from '../../../src/control/finder/departures.ts';
import { Held } from '../../../src/control/finder/held.ts';
import { InferredTimes } from '../../../src/control/finder/inferred-times.ts';
import { Throughput } from '../../../src/control/finder/throughput.ts';
import { LAWS, type Law, type LinedServer, seenAt } from './lined-server.ts';

const SHORTEST_MS = 100;
const LAW = LAWS['lognormal, σ 0.3'] as Law;

/** Rounds at a server, with what is proved in each; `held` is what was known after it. */
function heldAt(server: LinedServer, proofs: readonly number[], known: number, seed = 1): number[] {
  const departures = new Departures();
  const inferred = new InferredTimes(departures);
  const held = new Held(inferred, new Throughput());
  const limit = server.inFlight;
  const seen = seenAt(server, limit * proofs.length, seed);
  return proofs.map((proved, round) => {
    for (const one of seen.slice(round * limit, (round + 1) * limit)) {
      inferred.note(one);
      departures.add(one.endMs);
    }
    known = held.kept({ known, proved, limit, shortestMs: SHORTEST_MS });
    return known;
  });
}

describe('what is held', () => {
  const rounds = (proved: number, count = 20): number[] => new Array(count).fill(proved);

  test('stays known where ever fewer prove it', () => {
    const proofs = Array.from({ length: 40 }, (_, round) => Math.max(12, 20 - round));
    const all = heldAt({ workers: () => 20, inFlight: 22, law: LAW }, proofs, 20);
    assert.ok(Math.min(...all) >= 16, `${all}`);
    assert.ok(all.filter(one => one >= 19).length >= 36, `${all}`);
  });

  test('is less than is proved where that is not likely: one worker passes for two', () => {
    for (const [name, law] of Object.entries(LAWS)) {
      if (name === 'equal') continue;
      const all = heldAt({ workers: () => 1, inFlight: 3, law }, rounds(2), 2);
      assert.equal(all.at(-1), 1, name);
    }
  });

  test('is what is proved where that is more and nobody waits', () => {
    const all = heldAt({ workers: () => 20, inFlight: 12, law: LAW }, rounds(12), 8);
    assert.equal(all.at(-1), 12);
  });

  test('falls with the server within a few rounds', () => {
    const workers = (left: number): number => (left < 220 ? 20 : 8);
    const all = heldAt({ workers, inFlight: 22, law: LAW }, [...rounds(20, 10), ...rounds(9, 5)], 20);
    assert.ok((all[9] as number) >= 19, `${all}`);
    assert.ok((all.at(-1) as number) <= 11, `${all}`);
  });

  test('is what is proved while hardly anything was seen, and whatever was known', () => {
    assert.deepEqual(heldAt({ workers: () => 3, inFlight: 5, law: LAW }, [2, 3], 3), [2, 3]);
    for (const known of [Number.POSITIVE_INFINITY, 1e9, 1]) {
      const all = heldAt({ workers: () => 3, inFlight: 5, law: LAW }, rounds(3, 30), known);
      assert.equal(all.at(-1), 3, `${known}`);
    }
  });

  test('is not cut below what throughput allows: a long way holds more than the workers do', () => {
    const keptBy = (throughput: Throughput): number => {
      const departures = new Departures();
      const inferred = new InferredTimes(departures);
      const held = new Held(inferred, throughput);
      for (const one of seenAt({ workers: () => 2, inFlight: 9, law: LAW }, 200, 3)) {
        inferred.note(one);
        departures.add(one.endMs);
      }
      return held.kept({ known: 4, proved: 4, limit: 9, shortestMs: SHORTEST_MS });
    };
    const throughput = new Throughput();
    for (let i = 0; i < 40; i++)
      for (const level of [2, 4, 8]) throughput.add({ level, ends: 10, ms: 10_000 / level, worth: 1 });
    assert.equal(keptBy(new Throughput()), 2);
    assert.equal(keptBy(throughput), 4);
  });
});
