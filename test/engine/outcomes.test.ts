// The stream of outcomes, fed by hand: who hears what, and when the engine is held.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Outcomes, UNREAD_BYTES_MAX, UNREAD_MAX } from '../../src/engine/outcomes.ts';
import type { Settled } from '../../src/model/settled.ts';
import { aTry } from '../support/record-lines.ts';

const END = { done: true, value: undefined };

function openOutcomes() {
  const log: string[] = [];
  const gone = Promise.withResolvers<void>();
  const outcomes = new Outcomes<string>(() => {
    log.push('left');
    return gone.promise;
  });
  outcomes.attach({
    start: () => log.push('start'),
    hold: () => log.push('hold'),
    release: () => log.push('release'),
  });
  return { outcomes, log, gone };
}

function settled(index: number): Settled<string> {
  return { index, request: `request ${index}`, outcome: 'ok', createdMs: 0, endedMs: 0, tries: [] };
}

test('nothing starts before the first reader, and it starts once', async () => {
  const { outcomes, log } = openOutcomes();
  assert.deepEqual(log, []);
  const first = outcomes.next();
  outcomes[Symbol.asyncIterator]();
  assert.deepEqual(log, ['start']);
  outcomes.add(settled(0));
  assert.equal((await first).value?.index, 0);
});

test('readers who ask ahead each get their own outcome, in order, and the rest hear of the end', async () => {
  const { outcomes } = openOutcomes();
  const steps = [outcomes.next(), outcomes.next(), outcomes.next(), outcomes.next()];
  outcomes.add(settled(7));
  outcomes.add(settled(8));
  outcomes.end();
  const heard = (await Promise.all(steps)).map(({ done, value }) => (done ? 'end' : value?.index));
  assert.deepEqual(heard, [7, 8, 'end', 'end']);
});

test('a failure of the source comes after all outcomes, once, and then the end', async () => {
  const { outcomes } = openOutcomes();
  const cause = new Error('line 3 cannot be read');
  outcomes.add(settled(0));
  outcomes.end({ cause });
  assert.equal((await outcomes.next()).value?.index, 0);
  await assert.rejects(outcomes.next(), cause);
  assert.deepEqual(await outcomes.next(), END);
});

test('of several who wait, the first hears the failure, even one that is undefined', async () => {
  const { outcomes } = openOutcomes();
  const steps = [outcomes.next(), outcomes.next()];
  outcomes.end({ cause: undefined });
  const [first, second] = await Promise.allSettled(steps);
  assert.deepEqual(first, { status: 'rejected', reason: undefined });
  assert.deepEqual(second, { status: 'fulfilled', value: END });
});

test('a reader who does not read holds the engine; half read, it goes on', async () => {
  const { outcomes, log } = openOutcomes();
  outcomes[Symbol.asyncIterator]();
  for (let index = 0; index < UNREAD_MAX - 1; index++) outcomes.add(settled(index));
  assert.deepEqual(log, ['start']);
  for (let index = UNREAD_MAX - 1; index < UNREAD_MAX + 10; index++) outcomes.add(settled(index));
  assert.deepEqual(log, ['start', 'hold']);
  for (let read = 0; read < UNREAD_MAX / 2 + 9; read++) await outcomes.next();
  assert.deepEqual(log, ['start', 'hold']);
  await outcomes.next();
  assert.deepEqual(log, ['start', 'hold', 'release']);
});

test('leaving answers all who wait, drops what is unread, and waits until everything is gone', async () => {
  const { outcomes, log, gone } = openOutcomes();
  const waiting = [outcomes.next(), outcomes.next()];
  const left = outcomes.return();
  assert.deepEqual(await Promise.all(waiting), [END, END]);
  outcomes.add(settled(0)); // was in flight
  assert.deepEqual(await outcomes.next(), END);
  let isLeft = false;
  void left.then(() => {
    isLeft = true;
  });
  await Promise.resolve();
  assert.equal(isLeft, false);
  outcomes.end({ cause: new Error('nobody is left to hear this') });
  gone.resolve();
  assert.deepEqual(await left, END);
  assert.deepEqual(await outcomes.next(), END);
  assert.deepEqual(log, ['start', 'left']);
});

test('what is left before it was read never starts', async () => {
  const { outcomes, log, gone } = openOutcomes();
  gone.resolve();
  await outcomes.return();
  assert.deepEqual(await outcomes.next(), END);
  assert.deepEqual(log, ['left']);
});

test('few large bodies hold the engine as many small outcomes do, until half of their bytes are read', async () => {
  const { outcomes, log } = openOutcomes();
  const quarter = new Uint8Array(UNREAD_BYTES_MAX / 4);
  const large = { ...settled(0), tries: [aTry(), aTry({ body: quarter })] };
  for (let i = 0; i < 3; i++) outcomes.add(large);
  assert.deepEqual(log, []);
  outcomes.add(large);
  assert.deepEqual(log, ['hold']);
  await outcomes.next();
  assert.deepEqual(log, ['hold', 'start']);
  await outcomes.next();
  assert.deepEqual(log, ['hold', 'start', 'release']);
  for (let i = 0; i < 2; i++) outcomes.add(large);
  assert.deepEqual(log, ['hold', 'start', 'release', 'hold']);
});
