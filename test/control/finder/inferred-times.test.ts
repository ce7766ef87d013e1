// What a line tells of the number of workers: times that are inferred for a supposed number spread least for the true.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Departures } from '../../../src/control/finder/departures.ts';
import { InferredTimes, type Served } from '../../../src/control/finder/inferred-times.ts';
import { LAWS, seenAt } from './lined-server.ts';

const SHORTEST_MS = 100;

function inferredFrom(seen: readonly Served[]): InferredTimes {
  const departures = new Departures();
  const inferred = new InferredTimes(departures);
  for (const one of seen) {
    inferred.note(one);
    departures.add(one.endMs);
  }
  return inferred;
}

function likeliest(inferred: InferredTimes, from: number, to: number, last: number): number {
  let best = from;
  for (let workers = from; workers <= to; workers++)
    if (inferred.spread(workers, last, SHORTEST_MS) < inferred.spread(best, last, SHORTEST_MS))
      best = workers;
  return best;
}

describe('the number of workers under which times spread least', () => {
  for (const [name, law] of Object.entries(LAWS))
    for (const [workers, inFlight, tolerance] of [
      [1, 2, 0],
      [2, 3, 0],
      [4, 6, 0],
      [16, 20, 1],
      [32, 36, 2],
    ] as const)
      test(`is the true one: ${workers}, ${name}`, () => {
        for (const seed of [1, 2, 3]) {
          const requests = Math.max(64, 16 * workers);
          const inferred = inferredFrom(
            seenAt({ workers: () => workers, inFlight, law }, 2 * requests, seed),
          );
          const best = likeliest(inferred, Math.ceil(workers / 2), inFlight, requests);
          assert.ok(Math.abs(best - workers) <= tolerance, `${best} with seed ${seed}`);
        }
      });
});

test('where nobody waits, more workers are as likely', () => {
  const law = LAWS.uniform as (typeof LAWS)[string];
  const inferred = inferredFrom(seenAt({ workers: () => 8, inFlight: 8, law }, 200, 5));
  const eight = inferred.spread(8, 100, SHORTEST_MS);
  assert.equal(inferred.spread(9, 100, SHORTEST_MS), eight);
  assert.equal(inferred.spread(80, 100, SHORTEST_MS), eight);
  assert.ok(inferred.spread(5, 100, SHORTEST_MS) > eight + 5, 'fewer are not');
});

test('only the last are asked', () => {
  const law = LAWS.uniform as (typeof LAWS)[string];
  const inferred = inferredFrom(seenAt({ workers: left => (left < 200 ? 8 : 3), inFlight: 9, law }, 300, 7));
  assert.equal(likeliest(inferred, 1, 9, 60), 3);
});

test('it remembers a bounded number, however many there were, and can forget', () => {
  const law = LAWS.exponential as (typeof LAWS)[string];
  const inferred = inferredFrom(seenAt({ workers: () => 4, inFlight: 6, law }, 20_000, 9));
  assert.equal(inferred.count, 20_000);
  assert.ok(inferred.length <= 2048, `${inferred.length}`);
  assert.equal(likeliest(inferred, 1, 6, 5000), 4);
  inferred.forget();
  assert.equal(inferred.length, 0);
  assert.equal(inferred.spread(3, 100, SHORTEST_MS), 0);
});
