// Any function through the engine: what is bounded, what is kept, and what becomes of functions that misbehave.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type ItemContext, mapConcurrent, PacelineError } from '../../src/index.ts';
import { collect, kinds, listen } from '../support/collect.ts';

test('items come as arrays, sets, generators, async generators and streams', async () => {
  const double = async (item: number): Promise<number> => item * 2;
  const sources: (Iterable<number> | AsyncIterable<number>)[] = [
    [1, 2, 3],
    new Set([1, 2, 3]),
    [1, 2, 3].values(),
    (function* () {
      yield* [1, 2, 3];
    })(),
    (async function* () {
      yield* [1, 2, 3];
    })(),
    ReadableStream.from([1, 2, 3]),
  ];
  for (const source of sources) {
    const outcomes = await collect(mapConcurrent(source, double, { order: 'input' }));
    assert.deepEqual(
      outcomes.map(outcome => outcome.outcome === 'ok' && outcome.value),
      [2, 4, 6],
    );
  }
});

test('undefined and null are items like any other', async () => {
  const items = [undefined, null, 0, undefined];
  const outcomes = await collect(mapConcurrent(items, item => item, { order: 'input' }));
  assert.deepEqual(
    outcomes.map(({ item }) => item),
    items,
  );
});

test('no items: no outcomes', async () => assert.deepEqual(await collect(mapConcurrent([], String)), []));

test('A05: whatever a function throws or rejects with, the others go on', async () => {
  const odd = Object.create(null) as object;
  const misdeeds: (() => unknown)[] = [
    () => {
      throw new Error('thrown at once');
    },
    () => {
      throw null;
    },
    () => Promise.reject(undefined),
    () => Promise.reject(odd),
    () => 'fine',
  ];
  const outcomes = await collect(mapConcurrent(misdeeds, act => act(), { order: 'input' }));
  assert.deepEqual(kinds(outcomes), [
    ...['0 handler_error', '1 handler_error', '2 handler_error', '3 handler_error', '4 ok'],
  ]);
  const failed = outcomes.filter(outcome => outcome.outcome !== 'ok');
  assert.deepEqual(
    failed.map(({ error }) => error.message),
    ['thrown at once', 'null', 'undefined', 'something that cannot be shown was thrown'],
  );
  assert.deepEqual(
    failed.slice(1).map(({ thrown }) => thrown),
    [null, undefined, odd],
  );
  assert.ok(failed.every(({ error }) => error.code === 'FUNCTION_THREW'));
});

test('a function that ignores its signal keeps its place: never more than `concurrency` run at once', async () => {
  let running = 0;
  let runningMax = 0;
  const stubborn = async (_: unknown, { signal }: ItemContext): Promise<void> => {
    runningMax = Math.max(runningMax, ++running);
    await once(signal, 'abort');
    for (let turn = 0; turn < 5; turn++) await nextTurn(); // told, it goes on: time for another to start too early
    running--;
  };
  const items = Array.from({ length: 9 });
  const outcomes = await collect(mapConcurrent(items, stubborn, { concurrency: 3, timeoutMs: 1 }));
  assert.equal(runningMax, 3);
  assert.deepEqual(
    outcomes.map(({ outcome }) => outcome),
    Array.from({ length: 9 }, () => 'timeout'),
  );
});

test('a function that listens ends with its item, and its reason says why', async () => {
  const [outcome] = await collect(mapConcurrent([1], listen, { timeoutMs: 1 }));
  assert.ok(outcome?.outcome === 'timeout');
  assert.equal(outcome.error.code, 'TIMEOUT_REQUEST');
});

test('input order holds although the first ends last', async () => {
  const first = Promise.withResolvers<void>();
  const outcomes = mapConcurrent(
    [0, 1, 2, 3],
    async item => {
      if (item === 0) await first.promise;
      if (item === 3) first.resolve();
    },
    { order: 'input', concurrency: 2 },
  );
  assert.deepEqual(kinds(await collect(outcomes)), ['0 ok', '1 ok', '2 ok', '3 ok']);
});

test('items are read lazily: at most what runs and twice that ahead', async () => {
  let read = 0;
  const endless = (function* () {
    for (;;) yield read++;
  })();
  const outcomes = mapConcurrent(endless, listen, { concurrency: 3 });
  const waiting = outcomes.next();
  await nextTurn();
  assert.equal(read, 9);
  const left = outcomes.return();
  assert.deepEqual(await waiting, { done: true, value: undefined });
  await left;
  assert.equal(read, 9);
});

test('A09: an iterator that throws: all outcomes that came before, then what it threw, unchanged', async () => {
  const cause = new TypeError('the third line cannot be read');
  for (const items of [
    (function* () {
      yield* ['a', 'b'];
      throw cause;
    })(),
    (async function* () {
      yield* ['a', 'b'];
      throw cause;
    })(),
  ]) {
    const seen: string[] = [];
    await assert.rejects(async () => {
      for await (const { item } of mapConcurrent<string, string>(items, item => item)) seen.push(item);
    }, cause);
    assert.deepEqual(seen, ['a', 'b']);
  }
});

test('an asynchronous iterator that throws at once is one whose step fails', async () => {
  const cause = new Error('not even a promise');
  const items: AsyncIterable<string> = {
    [Symbol.asyncIterator]: () => ({
      next: () => {
        throw cause;
      },
    }),
  };
  await assert.rejects(collect(mapConcurrent(items, item => item)), cause);
});

test('wrong options are refused by the first step, once, and then it is at its end', async () => {
  const refused: readonly [() => AsyncIterator<unknown>, RegExp][] = [
    [() => mapConcurrent([1], String, { concurrency: 0 }), /limit that is a whole number from 1/],
    [() => mapConcurrent([1], String, { timeoutMs: 0 }), /`timeoutMs` to be milliseconds above 0.* got 0/],
    [() => mapConcurrent([1], String, { order: 'backwards' as 'input' }), /`order` to be 'ended' or 'input'/],
    [() => mapConcurrent([1], String, { limit: 3 } as object), /Unknown option `limit`. Known: concurrency/],
    [() => mapConcurrent('abc', String), /`items` to be an array .* Put it in an array/],
    [() => mapConcurrent(null as unknown as [], String), /`items` to be an array .* got null\./],
    [() => mapConcurrent([1], 'no function' as unknown as StringConstructor), /`fn` to be a function/],
  ];
  for (const [open, message] of refused) {
    const outcomes = open();
    const both = [outcomes.next(), outcomes.next()];
    await assert.rejects(both[0] as Promise<unknown>, error => {
      assert.ok(error instanceof PacelineError);
      assert.match(error.message, message);
      return true;
    });
    assert.deepEqual(await both[1], { done: true, value: undefined });
    assert.deepEqual(await outcomes.next(), { done: true, value: undefined });
  }
});
