// An attempt that must not be made twice is sent only once that is written down, and never after it was told to end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EarlyEnd, Executor } from '../../src/engine/ports.ts';
import { announced } from '../../src/executors/announced.ts';
import type { Attempt, AttemptEnd } from '../../src/model/attempt.ts';
import type { HttpRequest } from '../../src/model/request.ts';
import { VirtualClock } from '../../src/simulation/virtual-clock.ts';

const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve));
const STOP: EarlyEnd = { outcome: 'cancelled', error: { code: 'INTERRUPTED', message: 'stop' } };

function attempt(lane: number, method: string, headers: readonly string[] = []): Attempt<HttpRequest> {
  const request = { url: 'http://a/', method, headers, body: null, id: null, timeoutMs: null };
  return { request, index: 10 + lane, number: 1, lane, admittedMs: 0, deadlineMs: Number.POSITIVE_INFINITY };
}

function opened() {
  const log: string[] = [];
  const ends: AttemptEnd[] = [];
  const waiting: PromiseWithResolvers<boolean>[] = [];
  const inner: Executor<HttpRequest> = {
    start: ({ index }) => log.push(`start ${index}`),
    flush: () => log.push('flush'),
    cancel: lane => log.push(`cancel ${lane}`),
    close: async () => void log.push('close'),
  };
  const open = announced(
    () => inner,
    (index, number) => {
      log.push(`announce ${index} ${number}`);
      const written = Promise.withResolvers<boolean>();
      waiting.push(written);
      return written.promise;
    },
    new VirtualClock(),
  );
  return { executor: open(end => ends.push(end)), log, ends, waiting };
}

test('what may be sent twice passes through; a POST waits until it is written down', async () => {
  const { executor, log, waiting } = opened();
  executor.start(attempt(0, 'GET'));
  executor.start(attempt(1, 'POST'));
  executor.start(attempt(2, 'POST', ['idempotency-key', '"k"']));
  await turn();
  assert.deepEqual(log, ['start 10', 'announce 11 1', 'start 12']);
  waiting[0]?.resolve(true);
  await turn();
  assert.deepEqual(log.slice(3), ['start 11', 'flush']);
});

test('one that is told to end while it is written down ends at once, and is never sent', async () => {
  const { executor, log, ends, waiting } = opened();
  executor.start(attempt(1, 'POST'));
  executor.cancel(1, STOP);
  assert.deepEqual(
    ends.map(({ lane, outcome, error }) => [lane, outcome, error?.code]),
    [[1, 'cancelled', 'INTERRUPTED']],
  );
  executor.cancel(1, STOP); // free: handed on, as any executor bears it
  waiting[0]?.resolve(true);
  await turn();
  assert.equal(ends.length, 1);
  assert.ok(!log.includes('start 11'));
});

test('another attempt on the lane is not taken for the one that was told to end', async () => {
  const { executor, log, waiting } = opened();
  executor.start(attempt(1, 'POST'));
  executor.cancel(1, STOP);
  executor.start({ ...attempt(1, 'POST'), index: 99 });
  waiting[0]?.resolve(true);
  await turn();
  assert.ok(!log.includes('start 99'));
  waiting[1]?.resolve(true);
  await turn();
  assert.ok(log.includes('start 99'));
});

test('what cannot be written down is not sent', async () => {
  const { executor, ends, waiting, log } = opened();
  executor.start(attempt(1, 'POST'));
  waiting[0]?.resolve(false);
  await turn();
  assert.deepEqual([ends[0]?.outcome, ends[0]?.error?.code], ['cancelled', 'OUTPUT_LOST']);
  assert.ok(!log.includes('start 11'));
});

test('closing ends what is being written down', async () => {
  const { executor, ends } = opened();
  executor.start(attempt(1, 'POST'));
  await executor.close();
  assert.deepEqual([ends[0]?.lane, ends[0]?.error?.code], [1, 'CLOSED']);
});
