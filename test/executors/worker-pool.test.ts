// The parent's side of the pool, with workers that do only as they are told, on the virtual clock.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock } from '../../src/base/clock.ts';
import { WorkerPool, type WorkerPoolOptions } from '../../src/executors/worker-pool.ts';
import type { AttemptEnd } from '../../src/model/attempt.ts';
import type { OutcomeError } from '../../src/model/outcome.ts';
import { VirtualClock } from '../../src/simulation/virtual-clock.ts';
import { attemptPlan, CAUSE, DrivenExecutor } from '../support/driven-executor.ts';
import { FakeWorker } from '../support/fake-worker.ts';

const GRACE_MS = 100;
const SILENCE_MS_MAX = 5000;
const URL_ANY = 'http://127.0.0.1/';

function openPool(options: Partial<WorkerPoolOptions> = {}) {
  const clock = new VirtualClock();
  const workers: FakeWorker[] = [];
  const broken: OutcomeError[] = [];
  const pool = new WorkerPool({
    workers: 2,
    areProcesses: true,
    plan: attemptPlan(),
    clock,
    clockOriginMs: 0,
    openChannel: (open, events) => {
      const worker = new FakeWorker(open, events);
      workers.push(worker);
      return worker;
    },
    graceMs: GRACE_MS,
    silenceMsMax: SILENCE_MS_MAX,
    onBroken: cause => broken.push(cause),
    ...options,
  });
  const driven = new DrivenExecutor(clock, onAttemptEnd => pool.attach(onAttemptEnd));
  const worker = (place: number): FakeWorker => workers[place] as FakeWorker;
  return { clock, workers, worker, broken, pool, driven };
}

/** Fires all that is due by then, and lets promises run in between. */
async function runUntil(clock: VirtualClock, atMs: number): Promise<void> {
  while (clock.nextMs() <= atMs) {
    clock.step();
    await new Promise(setImmediate);
  }
}

const causeOf = ({ outcome, error }: AttemptEnd): string => `${outcome} ${error?.code}`;

test('workers start at once; what is started before they are ready is handed over in one message', () => {
  const { workers, worker, driven } = openPool();
  assert.deepEqual(
    workers.map(({ open }) => open.worker),
    [0, 1],
  );
  for (const lane of [0, 1, 2, 3, 4]) driven.start(lane, URL_ANY);
  driven.executor.flush();
  assert.deepEqual(worker(0).heard, []);
  worker(0).ready();
  worker(1).ready();
  assert.deepEqual(worker(0).starts, [[0, 2, 4]]);
  assert.deepEqual(worker(1).starts, [[1, 3]]);
});

test('a message of ends is answered by one message of starts', () => {
  const clock = new VirtualClock();
  let fake: FakeWorker | undefined;
  const pool = new WorkerPool({
    ...{ workers: 1, areProcesses: false, plan: attemptPlan(), clock, clockOriginMs: 0 },
    ...{ graceMs: GRACE_MS, silenceMsMax: SILENCE_MS_MAX, onBroken: () => {} },
    openChannel: (open, events) => {
      fake = new FakeWorker(open, events);
      return fake;
    },
  });
  const start = (lane: number): void => {
    const request = { url: URL_ANY, method: 'GET', headers: [], body: null, id: null, timeoutMs: null };
    const deadlineMs = Number.POSITIVE_INFINITY;
    pool.start({ request, index: 0, number: 1, lane, admittedMs: 0, deadlineMs });
    pool.flush();
  };
  pool.attach(({ lane }) => start(lane));
  fake?.ready();
  start(0);
  start(1);
  fake?.end(0, 1);
  assert.deepEqual(fake?.starts, [[0], [1], [0, 1]]);
});

test('cancelled before it was handed over, an attempt ends at once and is never sent', async () => {
  const { worker, driven } = openPool({ workers: 1 });
  const end = driven.run(0, URL_ANY);
  driven.cancel(0);
  assert.equal(causeOf(await end), 'cancelled TEST');
  worker(0).ready();
  assert.deepEqual(worker(0).starts, []);
});

test('a cancel names its attempt, so that a later one on the same lane is not hit', async () => {
  const { worker, driven } = openPool({ workers: 1 });
  worker(0).ready();
  const first = driven.run(0, URL_ANY, { index: 5 });
  driven.executor.cancel(0, CAUSE);
  worker(0).end(0); // on its way when the cancel was given; the cancel crosses now
  assert.equal((await first).outcome, 'ok');
  const cancels = worker(0).heard.flatMap(message => (message.paceline === 'work' ? message.cancels : []));
  assert.deepEqual(cancels, [{ lane: 0, index: 5, number: 1, cause: CAUSE }]);
});

test('an attempt that does not end when told to: its worker is ended, the cause is told', async () => {
  const { clock, worker, workers, driven } = openPool({ workers: 1 });
  worker(0).ready();
  const guilty = driven.run(0, URL_ANY);
  const innocent = driven.run(1, URL_ANY);
  driven.cancel(0);
  await runUntil(clock, GRACE_MS - 1);
  assert.ok(!worker(0).terminated);
  await runUntil(clock, GRACE_MS);
  assert.ok(worker(0).terminated);
  assert.equal(causeOf(await guilty), 'cancelled TEST');
  assert.equal(causeOf(await innocent), 'unknown WORKER_LOST');
  assert.equal(workers.length, 2, 'replaced');
});

test('a worker that cannot even be ended is given up after the grace period', async () => {
  const { clock, worker, workers, driven } = openPool({ workers: 1 });
  worker(0).ready();
  worker(0).stubborn = true;
  const end = driven.run(0, URL_ANY);
  driven.cancel(0);
  await runUntil(clock, 2 * GRACE_MS);
  assert.equal(causeOf(await end), 'cancelled TEST');
  assert.equal(workers.length, 2);
  worker(0).end(0); // it wakes up after all: nobody listens
  worker(0).die('late');
  assert.equal(workers.length, 2);
});

test('a silent worker with attempts is asked, then ended; one that answers is left alone', async () => {
  const { clock, worker, driven } = openPool();
  for (const place of [0, 1]) worker(place).ready();
  const silent = driven.run(0, URL_ANY);
  void driven.run(1, URL_ANY);
  const answer = (atMs: number): void => {
    clock.schedule(atMs, () => worker(1).events.onMessage({ paceline: 'pong' }));
  };
  for (let atMs = 500; atMs < 3 * SILENCE_MS_MAX; atMs += 500) answer(atMs);
  await runUntil(clock, SILENCE_MS_MAX / 2);
  assert.ok(worker(0).heard.some(({ paceline }) => paceline === 'ping'));
  assert.ok(!worker(0).terminated);
  await runUntil(clock, SILENCE_MS_MAX);
  assert.match((await silent).error?.message ?? '', /no longer answered/);
  assert.ok(!worker(1).terminated);
});

test('a worker that took the place of a dead one and has no attempts is not asked for its silence', async () => {
  const { clock, worker, workers, driven } = openPool();
  for (const place of [0, 1]) worker(place).ready();
  const lost = driven.run(0, URL_ANY);
  void driven.run(1, URL_ANY);
  worker(0).die('It was killed.');
  await lost;
  worker(2).ready();
  for (let atMs = 500; atMs < 3 * SILENCE_MS_MAX; atMs += 500)
    clock.schedule(atMs, () => worker(1).events.onMessage({ paceline: 'pong' }));
  await runUntil(clock, 2 * SILENCE_MS_MAX);
  assert.equal(workers.length, 3);
  assert.deepEqual(worker(2).heard, []);
});

test('a machine that was asleep does not count as silence of the workers', async () => {
  const machine = new VirtualClock();
  let asleepMs = 0;
  const clock: Clock = {
    now: () => machine.now() + asleepMs,
    schedule: (atMs, fire) => machine.schedule(atMs - asleepMs, fire),
  };
  const { worker, driven } = openPool({ workers: 1, clock });
  worker(0).ready();
  void driven.run(0, URL_ANY);
  await runUntil(machine, SILENCE_MS_MAX / 2);
  asleepMs = 24 * 3_600_000;
  await runUntil(machine, SILENCE_MS_MAX * 0.7);
  assert.ok(!worker(0).terminated);
});

test('what was not handed over when its worker died is taken by the next one', async () => {
  const { worker, driven } = openPool({ workers: 1 });
  const end = driven.run(0, URL_ANY);
  worker(0).die('It fell over at start.');
  worker(1).ready();
  assert.deepEqual(worker(1).starts, [[0]]);
  worker(1).end(0);
  assert.equal((await end).outcome, 'ok');
});

test('after five deaths in a row nothing is started any more, and all that waits ends as never sent', async () => {
  const { workers, worker, broken, driven } = openPool({ workers: 1 });
  const waiting = [driven.run(0, URL_ANY), driven.run(1, URL_ANY)];
  for (let death = 0; death < 5; death++) worker(death).die('No memory.');
  assert.equal(workers.length, 5);
  assert.equal(broken.length, 1);
  assert.match(broken[0]?.message ?? '', /5 times in a row.*No memory/);
  for (const end of await Promise.all(waiting)) assert.equal(causeOf(end), 'cancelled ERR_ENV_WORKERS');
  assert.equal(causeOf(await driven.run(2, URL_ANY)), 'cancelled ERR_ENV_WORKERS');
});

test('when the pool breaks, workers that live end what they have; one that dies then is not replaced', async () => {
  const { workers, worker, driven } = openPool();
  worker(1).ready();
  const alive = [driven.run(1, URL_ANY), driven.run(3, URL_ANY)];
  worker(0).die('x');
  for (let death = 2; death < 6; death++) worker(death).die('x');
  worker(1).end(1);
  assert.equal((await alive[0])?.outcome, 'ok');
  worker(1).die('y');
  assert.equal(causeOf((await alive[1]) as AttemptEnd), 'unknown WORKER_LOST');
  assert.equal(workers.length, 6);
});

test('an end in between forgives deaths, but not more of them in a minute than the bound', async () => {
  const { workers, broken, driven, worker } = openPool({ workers: 1 });
  let deaths = 0;
  while (broken.length === 0) {
    assert.ok(deaths < 100, 'replaced for ever');
    const newest = worker(workers.length - 1);
    newest.ready();
    const end = driven.run(0, URL_ANY);
    newest.end(0);
    await end;
    newest.die('x');
    deaths++;
  }
  assert.equal(deaths, 31);
});

test('workers do not keep the process alive before the first start, and do from then on', () => {
  const { worker, driven } = openPool({ workers: 1 });
  assert.equal(worker(0).alive, false);
  void driven.run(0, URL_ANY);
  assert.equal(worker(0).alive, true);
});

test('H13: close: polite, forced after the grace period, given up after another; all in flight has ended', async () => {
  const { clock, worker, pool, driven } = openPool();
  for (const place of [0, 1]) worker(place).ready();
  worker(1).stubborn = true;
  const ends = [driven.run(0, URL_ANY), driven.run(1, URL_ANY)];
  const closed = pool.close();
  assert.deepEqual(worker(0).heard.at(-1), { paceline: 'close' });
  worker(0).events.onMessage({ paceline: 'usage', userMs: 30, sysMs: 3, peakMemoryBytes: 300 });
  worker(0).die('It exited.');
  await runUntil(clock, 2 * GRACE_MS);
  await closed;
  assert.ok(worker(1).terminated);
  for (const end of await Promise.all(ends)) assert.equal(causeOf(end), 'cancelled CLOSED');
  assert.deepEqual(pool.usage(), { userMs: 30, sysMs: 3, peakMemoryBytes: 300, processes: 2, threads: 2 });
});

test('a machine that cannot start workers at all', async () => {
  const clock = new VirtualClock();
  const pool = new WorkerPool({
    ...{ workers: 1, areProcesses: true, plan: attemptPlan(), clock, clockOriginMs: 0 },
    ...{ graceMs: GRACE_MS, silenceMsMax: SILENCE_MS_MAX, onBroken: () => {} },
    openChannel: () => {
      throw new Error('EAGAIN');
    },
  });
  const opened = assert.rejects(pool.opened(), { code: 'ERR_ENV_WORKERS', message: /EAGAIN/ });
  await runUntil(clock, 0);
  await opened;
  await pool.close();
});
