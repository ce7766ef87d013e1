// How a run ends before its items do: by leaving the loop, by the caller's signal, from inside the iterator.
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { mapConcurrent } from '../../src/index.ts';
import { collect, kinds, listen } from '../support/collect.ts';

test('A09: an iterator that blocks for ever does not keep an aborted run, nor a left one, from ending', async () => {
  const blocked = (): AsyncIterable<number> => ({
    [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }),
  });
  const controller = new AbortController();
  const outcomes = mapConcurrent(blocked(), item => item, { signal: controller.signal });
  const waiting = outcomes.next();
  await nextTurn();
  controller.abort();
  assert.deepEqual(await waiting, { done: true, value: undefined });

  const left = mapConcurrent(blocked(), item => item);
  void left.next();
  await nextTurn();
  assert.deepEqual(await left.return(), { done: true, value: undefined });
});

test('leaving the loop lets go of the iterator, once, and starts nothing more', async () => {
  let returned = 0;
  let started = 0;
  let read = 0;
  const items: Iterable<number> = {
    [Symbol.iterator]: () => ({
      next: () => ({ done: false, value: read++ }),
      return: () => {
        returned++;
        return { done: true, value: undefined };
      },
    }),
  };
  for await (const { index } of mapConcurrent(items, () => started++, { concurrency: 2 })) {
    if (index >= 5) break;
  }
  const before = started;
  await nextTurn();
  assert.equal(returned, 1);
  assert.equal(started, before);
});

test('aborted: what runs is told, what was read is cancelled, what was not read has no outcome', async () => {
  const controller = new AbortController();
  let read = 0;
  const endless = (function* () {
    for (;;) yield read++;
  })();
  const outcomes = mapConcurrent(endless, listen, { concurrency: 2, signal: controller.signal });
  const first = outcomes.next();
  await nextTurn();
  controller.abort(new Error('that is enough'));
  const all = [(await first).value, ...(await collect(outcomes))];
  assert.equal(all.length, 6); // two ran, four were read ahead
  assert.equal(read, 6);
  for (const outcome of all) {
    assert.ok(outcome?.outcome === 'cancelled');
    assert.equal(outcome.error.message, 'The run was aborted: that is enough');
  }
  assert.equal(all.filter(outcome => outcome?.startedMs !== undefined).length, 2);
});

test('aborted from inside the generator of items: it is left, once, and the loop ends without a failure', async () => {
  const controller = new AbortController();
  let left = 0;
  const items = (function* () {
    try {
      yield 0;
      controller.abort();
      yield 1;
      yield 2;
    } finally {
      left++;
    }
  })();
  const outcomes = await collect(mapConcurrent(items, item => item, { signal: controller.signal }));
  assert.deepEqual(kinds(outcomes), ['0 cancelled']); // it was in work; the others were never read
  assert.equal(left, 1);
});

test('a signal that is already aborted: nothing is read, nothing runs', async () => {
  let read = 0;
  const items = (function* () {
    yield read++;
  })();
  const outcomes = mapConcurrent(items, () => assert.fail('it ran'), { signal: AbortSignal.abort() });
  assert.deepEqual(await collect(outcomes), []);
  assert.equal(read, 0);
});

test('A15: a thousand runs share one signal: one listener each while they run, none after, no warning', async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning);
  process.on('warning', onWarning);
  const { signal } = new AbortController();
  const gate = Promise.withResolvers<void>();
  const runs = Array.from({ length: 1000 }, () =>
    collect(mapConcurrent([1, 2, 3], () => gate.promise, { signal })),
  );
  await nextTurn();
  assert.equal(getEventListeners(signal, 'abort').length, 1000);
  gate.resolve();
  await Promise.all(runs);
  assert.equal(getEventListeners(signal, 'abort').length, 0);
  await nextTurn(); // warnings are told a turn later
  process.off('warning', onWarning);
  assert.deepEqual(warnings, []);
});

test('`throw` ends the run and gives its cause back; `await using` ends it too', async () => {
  let started = 0;
  const outcomes = mapConcurrent([1, 2, 3], () => started++, { concurrency: 1 });
  await outcomes.next();
  const cause = new Error('mine');
  await assert.rejects(outcomes.throw(cause), cause);
  assert.deepEqual(await outcomes.next(), { done: true, value: undefined });

  const unread = mapConcurrent([1], () => assert.fail('it ran'));
  await unread[Symbol.asyncDispose]();
  assert.deepEqual(await unread.next(), { done: true, value: undefined });
});
