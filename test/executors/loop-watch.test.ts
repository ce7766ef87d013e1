// What becomes of readings of event loops; and that real ones are read: this thread's, a thread's, a process's.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { LoopWatch } from '../../src/executors/loop-watch.ts';
import { openWorkers } from '../../src/executors/open-workers.ts';
import type { AttemptEnd } from '../../src/model/attempt.ts';
import type { EventLoop } from '../../src/model/record.ts';
import { monotonicMs, systemClock } from '../../src/platform/system-clock.ts';
import { startDeterministicServer } from '../support/deterministic-server.ts';
import { attemptPlan, DrivenExecutor } from '../support/driven-executor.ts';
import { fixture, type Place } from '../support/open-pool.ts';

const server = await startDeterministicServer();
after(() => server.close());

/** A watch over loops that are as busy as the test says. */
function watchByHand() {
  let nowMs = 0;
  const watch = new LoopWatch(() => nowMs);
  after(() => watch.stop());
  const loopOf = (name: Pick<EventLoop, 'of' | 'worker'>) => {
    const reading = { busyMs: 0, knownMs: 0 };
    return { reading, leave: watch.watch(name, () => ({ ...reading })) };
  };
  const later = (ms: number): void => {
    nowMs += ms;
  };
  const pass = (ms: number): void => {
    later(ms);
    watch.look();
  };
  return { watch, loopOf, later, pass };
}

test('each reading tells of the time since the one before it', () => {
  const { watch, loopOf, pass } = watchByHand();
  const { reading } = loopOf({ of: 'main' });
  Object.assign(reading, { busyMs: 5, knownMs: 20 });
  pass(20);
  Object.assign(reading, { busyMs: 25, knownMs: 40 });
  pass(20);
  assert.deepEqual(watch.loops(), [{ of: 'main', everyMs: 20, busy: [0.25, 1] }]);
});

test('nothing is said of the time before a worker’s loop turns, and after it is gone', () => {
  const { watch, loopOf, pass } = watchByHand();
  const { reading, leave } = loopOf({ of: 'thread', worker: 0 });
  pass(30);
  assert.deepEqual(watch.loops(), []);
  Object.assign(reading, { busyMs: 8, knownMs: 10 });
  pass(20);
  assert.deepEqual(watch.loops(), [{ of: 'thread', worker: 0, everyMs: 20, busy: [null, null, 0.8] }]);
  Object.assign(reading, { busyMs: 0, knownMs: 0 }); // what Node says of a thread that has ended
  pass(20);
  leave();
  Object.assign(reading, { busyMs: 99, knownMs: 99 });
  pass(20);
  leave();
  assert.deepEqual(watch.loops()[0]?.busy, [null, null, 0.8]);
});

test('it is read a last time before it goes', () => {
  const { watch, loopOf, later } = watchByHand();
  const { reading, leave } = loopOf({ of: 'thread', worker: 0 });
  Object.assign(reading, { busyMs: 20, knownMs: 20 });
  later(20);
  leave();
  assert.deepEqual(watch.loops()[0]?.busy, [1]);
});

test('a worker that takes the place of another goes on in its strip, from nothing', () => {
  const { watch, loopOf, pass } = watchByHand();
  const first = loopOf({ of: 'thread', worker: 1 });
  Object.assign(first.reading, { busyMs: 20, knownMs: 20 });
  pass(20);
  first.leave();
  pass(20);
  const second = loopOf({ of: 'thread', worker: 1 });
  Object.assign(second.reading, { busyMs: 0, knownMs: 20 });
  pass(20);
  assert.deepEqual(watch.loops(), [{ of: 'thread', worker: 1, everyMs: 20, busy: [1, null, 0] }]);
});

test('the main loop comes first, then workers in their order, those that told their own among them', () => {
  const { watch, loopOf, pass } = watchByHand();
  const turns = { busyMs: 20, knownMs: 20 };
  for (const name of [{ of: 'process', worker: 2 } as const, { of: 'main' } as const])
    Object.assign(loopOf(name).reading, turns);
  pass(20);
  watch.tell({ of: 'process', worker: 1 }, { everyMs: 40, busy: [0.5] });
  watch.tell({ of: 'process', worker: 0 }, { everyMs: 40, busy: [] });
  assert.deepEqual(
    watch.loops().map(({ of, worker, everyMs }) => [of, worker, everyMs]),
    [
      ['main', undefined, 20],
      ['process', 1, 40],
      ['process', 2, 20],
    ],
  );
});

/** Mean share over the columns that lie within. */
function meanWithin(loop: EventLoop | undefined, fromMs: number, toMs: number): number {
  assert.ok(loop, 'the loop was watched');
  const within = loop.busy.filter(
    (_, place) => place * loop.everyMs >= fromMs && (place + 1) * loop.everyMs <= toMs,
  );
  assert.ok(within.length > 5, `${within.length} columns of ${loop.busy.length}`);
  return within.reduce<number>((sum, share) => sum + (share ?? Number.NaN), 0) / within.length;
}

function handlerSpan({ endedMs, phasesMs }: AttemptEnd): [fromMs: number, toMs: number] {
  return [endedMs - (phasesMs.handler ?? 0), endedMs];
}

test('this thread’s own loop, while it computes, is busy', async () => {
  await new Promise(setImmediate); // nothing is known of a loop before its first turn
  const originMs = monotonicMs();
  const now = () => monotonicMs() - originMs;
  const watch = new LoopWatch(now).watchOwn({ of: 'main' });
  while (now() < 300);
  watch.stop();
  assert.ok(meanWithin(watch.loops()[0], 0, 300) > 0.95);
});

for (const place of ['worker threads', 'child processes'] satisfies Place[]) {
  test(`in ${place}: one whose handler computes is busy all that time, and its idle neighbour is not`, async t => {
    const clockOriginMs = monotonicMs();
    const clock = systemClock(clockOriginMs);
    const watch = new LoopWatch(clock.now);
    const plan = attemptPlan({ handler: fixture('handler-by-path') });
    const pool = await openWorkers({ place, workers: 2, plan, clock, clockOriginMs, watch });
    t.after(() => pool.close());
    const driven = new DrivenExecutor(clock, onAttemptEnd => pool.attach(onAttemptEnd));
    const end = await driven.run(0, `${server.origin}/a?do=burn`);
    await pool.close();
    watch.stop();
    const [fromMs, toMs] = handlerSpan(end);
    const loops = watch.loops();
    assert.deepEqual(
      loops.map(({ worker }) => worker),
      [0, 1],
    );
    const [busy, idle] = loops.map(loop => meanWithin(loop, fromMs, toMs));
    assert.ok((busy ?? 0) > 0.8 && (idle ?? 1) < 0.5, `${busy} and ${idle}`);
  });
}
