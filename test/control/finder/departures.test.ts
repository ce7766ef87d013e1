// Instants that are counted from a number on, held against a plain list; as many as a ring keeps, and many more.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../../src/base/random.ts';
import { Departures } from '../../../src/control/finder/departures.ts';

test('counts are those of a plain list, while it grows and when it goes round', () => {
  const random = seededRandom(11);
  const departures = new Departures();
  const all: number[] = [];
  let nowMs = 0;
  for (let round = 0; round < 20_000; round++) {
    nowMs += random.next() < 0.2 ? 0 : random.next();
    departures.add(nowMs);
    all.push(nowMs);
    if (round % 97 !== 0) continue;
    assert.equal(departures.count, all.length);
    // As far back as they are kept for sure.
    const first = Math.max(0, all.length - 1 - Math.floor(random.next() * Math.min(all.length, 8000)));
    const untilMs = nowMs - 40 * random.next();
    const plain = all.filter((atMs, number) => number >= first && atMs <= untilMs).length;
    assert.equal(departures.countFrom(first, untilMs), plain, `round ${round}, from ${first}`);
  }
});
