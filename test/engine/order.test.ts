import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Lanes } from '../../src/engine/lanes.ts';
import { InputOrder } from '../../src/engine/order.ts';
import type { Settled } from '../../src/model/settled.ts';

function settled(index: number): Settled<number> {
  return { index, request: index, outcome: 'ok', createdMs: 0, endedMs: 0, tries: [] };
}

/** Every order of the numbers below `count`. */
function* permutations(count: number, taken: readonly number[] = []): Generator<readonly number[]> {
  if (taken.length === count) yield taken;
  for (let next = 0; next < count; next++)
    if (!taken.includes(next)) yield* permutations(count, [...taken, next]);
}

test('outcomes come in the order of the input, as soon as they may, whatever the order of their ends', () => {
  for (const ends of permutations(6)) {
    const emitted: number[] = [];
    const order = new InputOrder<number>(({ index }) => emitted.push(index));
    for (const [place, index] of ends.entries()) {
      order.add(settled(index));
      const known = new Set(ends.slice(0, place + 1));
      let whole = 0;
      while (known.has(whole)) whole++;
      assert.deepEqual(emitted, [...Array(whole).keys()]);
      assert.equal(order.next, whole);
      assert.equal(order.waiting, place + 1 - whole);
    }
  }
});

test('an outcome that is added while others are handed on waits for its turn', () => {
  const emitted: number[] = [];
  const order = new InputOrder<number>(({ index }) => {
    emitted.push(index);
    if (index === 0) for (const later of [3, 1]) order.add(settled(later));
  });
  order.add(settled(2));
  order.add(settled(0));
  assert.deepEqual(emitted, [0, 1, 2, 3]);
});

test('the smallest free lane is taken, and lanes are opened only when none is free', () => {
  const lanes = new Lanes();
  assert.deepEqual([lanes.take(), lanes.take(), lanes.take()], [0, 1, 2]);
  for (const lane of [2, 0]) lanes.giveBack(lane);
  assert.deepEqual([lanes.take(), lanes.take(), lanes.take()], [0, 2, 3]);
  assert.equal(lanes.opened, 4);
  assert.throws(() => lanes.giveBack(9), { code: 'ERR_BUG' });
});
