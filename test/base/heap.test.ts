import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Heap } from '../../src/base/heap.ts';
import { Queue } from '../../src/base/queue.ts';
import { seededRandom } from '../../src/base/random.ts';

test('a heap gives what a stably sorted array would, whatever goes in between', () => {
  const random = seededRandom(1);
  for (let round = 0; round < 200; round++) {
    const heap = new Heap<string>();
    const sorted: { readonly key: number; readonly item: string }[] = [];
    for (let step = 0; step < 60; step++) {
      if (random.next() < 0.6) {
        const key = Math.floor(random.next() * 30) - 10;
        const item = `${key}, step ${step}`;
        heap.push(key, item);
        sorted.push({ key, item });
        sorted.sort((a, b) => a.key - b.key); // stable, as the heap is
      } else {
        assert.equal(heap.peek(), sorted[0]?.item);
        assert.equal(heap.pop(), sorted.shift()?.item);
      }
      assert.equal(heap.size, sorted.length);
    }
  }
});

test('a queue gives what an array would, through growing, wrapping and shrinking', () => {
  const random = seededRandom(2);
  const queue = new Queue<number>();
  const array: number[] = [];
  let next = 0;
  for (let step = 0; step < 20_000; step++) {
    const growing = Math.floor(step / 2500) % 2 === 0;
    if (random.next() < (growing ? 0.7 : 0.3)) {
      queue.push(next);
      array.push(next++);
    } else {
      assert.equal(queue.peek(), array[0]);
      assert.equal(queue.shift(), array.shift());
    }
    assert.equal(queue.length, array.length);
  }
  while (array.length > 0) assert.equal(queue.shift(), array.shift());
  assert.equal(queue.shift(), undefined);
  assert.equal(queue.peek(), undefined);
});
