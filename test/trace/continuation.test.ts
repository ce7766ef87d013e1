// What is left of an input when a run goes on: the right requests, none too early, none of another input.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../src/base/random.ts';
import { type HttpRequest, InvalidInput } from '../../src/model/request.ts';
import { Continuation } from '../../src/trace/continuation.ts';
import { BLOCK_REQUESTS, DoneIndexes } from '../../src/trace/done.ts';
import { headSum } from '../../src/trace/head-sum.ts';
import { headOf } from '../../src/trace/line.ts';
import { aRequest, aSettled, aTry } from '../support/record-lines.ts';

type Input = HttpRequest | InvalidInput;

const inputAt = (index: number): Input =>
  index % 50 === 3
    ? new InvalidInput({ code: 'ERR_INPUT_URL', message: 'no', url: `bad ${index}` })
    : aRequest({ url: `http://h/${index}`, id: index % 7 === 0 ? `id ${index}` : null });

const inputs = (count: number): Input[] => Array.from({ length: count }, (_, index) => inputAt(index));

function doneOf(from: readonly Input[], isDone: (index: number) => boolean): DoneIndexes {
  const done = new DoneIndexes();
  for (const [index, input] of from.entries())
    if (isDone(index)) done.add(index, headSum(index, headOf(input)));
  return done;
}

async function* inBatches(all: readonly Input[], size: number): AsyncGenerator<readonly Input[]> {
  for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size);
}

function continuationOf(done: DoneIndexes, maybeSent: number[] = [], retryUnsafe = false): Continuation {
  return new Continuation({ record: { done, maybeSent: new Set(maybeSent), lastMs: 100 }, retryUnsafe });
}

/** All that is left, and what ended the stream. */
async function left(
  done: DoneIndexes,
  all: readonly Input[],
  size = 100,
): Promise<{ indexes: number[]; inputs: Input[]; error: string | undefined }> {
  const continuation = continuationOf(done);
  const seen: Input[] = [];
  let error: string | undefined;
  try {
    for await (const batch of continuation.rest(inBatches(all, size))) seen.push(...batch);
  } catch (cause) {
    const { code, message } = cause as { code: string; message: string };
    assert.equal(code, 'ERR_RECORD_MISMATCH');
    error = message;
  }
  return { inputs: seen, indexes: seen.map((_, number) => continuation.indexOf(number)), error };
}

test('what is not done comes, in order, with its own place, whatever the size of the batches', async () => {
  const all = inputs(2 * BLOCK_REQUESTS + 777);
  const random = seededRandom(11);
  const isDone = Array.from(all, () => random.next() < 0.7);
  const done = doneOf(all, index => isDone[index] as boolean);
  const expected = [...all.keys()].filter(index => !isDone[index]);
  for (const size of [1, 100, 5000, all.length]) {
    const rest = await left(done, all, size);
    assert.equal(rest.error, undefined);
    assert.deepEqual(rest.indexes, expected);
    assert.deepEqual(
      rest.inputs,
      expected.map(index => all[index]),
    );
  }
});

test('J13: all done: nothing is left; nothing done: nothing is held back', async () => {
  const all = inputs(BLOCK_REQUESTS + 5);
  assert.deepEqual(
    (
      await left(
        doneOf(all, () => true),
        all,
      )
    ).indexes,
    [],
  );
  const none = continuationOf(new DoneIndexes()).rest(inBatches(all, 3));
  assert.deepEqual((await none.next()).value, all.slice(0, 3));
});

test('what comes after the last that is done of a block does not wait for its end', async () => {
  const all = inputs(20);
  const rest = continuationOf(doneOf(all, index => index < 4)).rest(inBatches(all, 5));
  assert.deepEqual((await rest.next()).value, all.slice(4, 5));
  assert.deepEqual((await rest.next()).value, all.slice(5, 10));
});

test('J11: changed, moved, removed, inserted: refused before anything of that block is given', async () => {
  const count = 3 * BLOCK_REQUESTS;
  const all = inputs(count);
  const done = doneOf(all, index => index % 3 > 0);
  const at = BLOCK_REQUESTS + 100; // in the second block, and done
  const changed = (...change: [at: number, remove: number, ...Input[]]): Input[] => all.toSpliced(...change);
  const cases: [name: string, Input[]][] = [
    ['another URL', changed(at, 1, aRequest({ url: 'http://h/other' }))],
    ['another id', changed(at, 1, aRequest({ url: `http://h/${at}`, id: 'other' }))],
    ['an id of another type', changed(at, 1, aRequest({ url: `http://h/${at}`, id: 7 }))],
    ['another method', changed(at, 1, aRequest({ url: `http://h/${at}`, method: 'PUT' }))],
    ['two that changed places', changed(at, 2, inputAt(at + 1), inputAt(at))],
    ['one removed', changed(at, 1)],
    ['one inserted', changed(at, 0, aRequest())],
    ['one repeated', changed(at, 0, inputAt(at))],
  ];
  for (const [name, others] of cases) {
    const { indexes, error } = await left(done, others);
    assert.match(error ?? '', /The input is not the one of the record: among requests 4097 to 81\d\d /, name);
    assert.ok(
      indexes.every(index => index < BLOCK_REQUESTS),
      name,
    );
  }
});

test('J11: shortened is refused at its end, lengthened is not, and what is not done may have changed', async () => {
  const all = inputs(5000);
  const done = doneOf(all, index => index % 2 === 0);
  const short = await left(done, all.slice(0, 4500));
  assert.match(short.error ?? '', /has 4500 requests, and the record has an outcome of number 4999/);
  assert.ok(short.indexes.every(index => index < BLOCK_REQUESTS));
  const long = await left(done, inputs(6000));
  assert.equal(long.error, undefined);
  assert.equal(long.indexes.at(-1), 5999);
  const mended = all.with(3, aRequest({ url: 'http://h/mended' }));
  assert.equal((await left(done, mended)).error, undefined);
});

test('L16: the same id and URL twice are two requests', async () => {
  const twin = aRequest({ url: 'http://h/same', id: 'same' });
  const all = [twin, twin, twin];
  const { indexes } = await left(
    doneOf(all, index => index === 1),
    all,
  );
  assert.deepEqual(indexes, [0, 2]);
});

test('no two requests that change places go unseen, in any of many blocks', () => {
  const random = seededRandom(12);
  const head = (index: number, url: number) =>
    headSum(index, { id: null, method: 'GET', url: `http://h/${url}` });
  for (let round = 0; round < 20_000; round++) {
    const [a, b] = [Math.floor(random.next() * 4096), Math.floor(random.next() * 4096)];
    if (a === b) continue;
    const [straight, crossed] = [new DoneIndexes(), new DoneIndexes()];
    straight.add(a, head(a, a));
    straight.add(b, head(b, b));
    crossed.add(a, head(a, b));
    crossed.add(b, head(b, a));
    assert.notEqual(straight.sumOf(0), crossed.sumOf(0), `${a} and ${b}`);
  }
});

test('I54: what may have been sent is unknown, unless it may be sent twice', async () => {
  const post = aRequest({ method: 'POST' });
  const keyed = aRequest({ method: 'POST', headers: ['idempotency-key', '1'] });
  const all = [post, keyed, aRequest(), post];
  const given = async (retryUnsafe: boolean): Promise<[Continuation, Input[]]> => {
    const continuation = continuationOf(new DoneIndexes(), [0, 1, 2], retryUnsafe);
    return [
      continuation,
      await Array.fromAsync(continuation.rest(inBatches(all, 9))).then(batches => batches.flat()),
    ];
  };
  assert.deepEqual((await given(true))[1], all);
  const [continuation, [first, ...others]] = await given(false);
  assert.deepEqual(others, [keyed, aRequest(), post]);
  assert.ok(first instanceof InvalidInput); // the engine settles it without sending it
  const { code, message } = first;
  const settled = continuation.settled(
    aSettled({ index: 0, request: first, outcome: 'invalid_input', tries: [], error: { code, message } }),
  );
  assert.equal(settled.outcome, 'unknown');
  assert.equal(settled.error?.code, 'MAYBE_SENT');
  assert.equal(settled.request, post);
});

test('outcomes get their place in the input, and the axis of the record', async () => {
  const all = inputs(10);
  const continuation = continuationOf(doneOf(all, index => index < 8));
  for await (const _ of continuation.rest(inBatches(all, 10))) assert.ok(_);
  const server = { arrivedMs: 2.5, doubtMs: 0 };
  const one = aTry({ startedMs: 2, endedMs: 3, server });
  const later = continuation.settled(aSettled({ index: 1, createdMs: 1, endedMs: 3, tries: [one] }));
  assert.deepEqual(
    later,
    aSettled({
      ...{ index: 9, createdMs: 101, endedMs: 103 },
      tries: [aTry({ startedMs: 102, endedMs: 103, server: { arrivedMs: 102.5, doubtMs: 0 } })],
    }),
  );
});
