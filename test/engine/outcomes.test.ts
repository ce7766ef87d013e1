import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Outcomes, UNREAD_MAX } from '../../src/engine/outcomes.ts';
import type { Settled } from '../../src/model/settled.ts';

function settled(index: number): Settled<number> {
  return { index, request: index, outcome: 'ok', createdMs: 0, endedMs: 0, tries: [] };
}

function opened() {
  const log: string[] = [];
  const outcomes = new Outcomes<number>(async () => void log.push('left'));
  outcomes.attach({
    start: () => undefined,
    hold: () => log.push('hold'),
    release: () => log.push('release'),
  });
  return { outcomes, log };
}

test('starts pause when too many lie unread, and go on at half of that', async () => {
  const { outcomes, log } = opened();
  for (let index = 0; index < UNREAD_MAX; index++) outcomes.add(settled(index));
  outcomes.add(settled(UNREAD_MAX));
  assert.deepEqual(log, ['hold']);
  for (let read = 0; read < UNREAD_MAX / 2; read++) await outcomes.next();
  assert.deepEqual(log, ['hold']);
  await outcomes.next();
  assert.deepEqual(log, ['hold', 'release']);
});

test('a reader that waits gets each outcome, then the end', async () => {
  const { outcomes } = opened();
  const first = outcomes.next();
  outcomes.add(settled(0));
  assert.equal((await first).value?.index, 0);
  const second = outcomes.next();
  outcomes.end();
  assert.deepEqual(await second, { done: true, value: undefined });
  assert.deepEqual(await outcomes.next(), { done: true, value: undefined });
});

test('a failure comes after what was settled before it, once', async () => {
  const { outcomes } = opened();
  const cause = new Error('line 3 is missing');
  outcomes.add(settled(0));
  outcomes.end({ cause });
  assert.equal((await outcomes.next()).value?.index, 0);
  await assert.rejects(outcomes.next(), cause);
  assert.equal((await outcomes.next()).done, true);
});

test('a reader that waits is told of a failure', async () => {
  const { outcomes } = opened();
  const cause = new Error('the source broke');
  const waiting = outcomes.next();
  outcomes.end({ cause });
  await assert.rejects(waiting, cause);
});

test('leaving early lets go of everything; what comes later is dropped', async () => {
  const { outcomes, log } = opened();
  for (let index = 0; index < 5; index++) outcomes.add(settled(index));
  for await (const { index } of outcomes) if (index === 1) break;
  outcomes.add(settled(9));
  assert.deepEqual(log, ['left']);
  assert.equal((await outcomes.next()).done, true);
});
