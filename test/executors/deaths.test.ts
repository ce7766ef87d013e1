// Workers that die, in every way there is: each of their attempts ends once, another worker takes the seat,
// and what runs in the other workers notices nothing (I55).
import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import { type DeterministicServer, startDeterministicServer } from '../support/deterministic-server.ts';
import { CAUSE, type DrivenExecutor } from '../support/driven-executor.ts';
import { fixture, openDrivenPool, type Place } from '../support/open-pool.ts';

let server: DeterministicServer;
before(async () => {
  server = await startDeterministicServer();
});
after(() => server.close());

let marks = 0;
type PoolOptions = Parameters<typeof openDrivenPool>[2];

/** Pools outlive the deaths in them, so most tests share the one of their place. */
const shared = new Map<Place, Promise<DrivenExecutor>>();
after(() => Promise.all([...shared.values()].map(async driven => (await driven).executor.close())));

async function open(t: TestContext, place: Place, options?: PoolOptions): Promise<DrivenExecutor> {
  const openNew = (): Promise<DrivenExecutor> =>
    openDrivenPool(place, { handler: fixture('handler-by-path') }, { onOutput: () => {}, ...options });
  if (!options) {
    const driven = shared.get(place) ?? openNew();
    shared.set(place, driven);
    return driven;
  }
  const driven = await openNew();
  t.after(() => driven.executor.close());
  return driven;
}

/** An attempt that is at the server and stays there. */
async function parked(driven: DrivenExecutor, lane: number) {
  const path = `/silent?mark=${marks++}`;
  const end = driven.run(lane, server.origin + path);
  await server.received(path);
  return { end };
}

const deaths: readonly {
  readonly deed: string;
  readonly place: Place;
  readonly says: RegExp;
  readonly options?: PoolOptions;
}[] = [
  { deed: 'uncaught', place: 'worker threads', says: /nobody catches this/ },
  { deed: 'uncaught', place: 'child processes', says: /nobody catches this/ },
  { deed: 'reject', place: 'worker threads', says: /nobody hears this/ },
  { deed: 'reject', place: 'child processes', says: /nobody hears this/ },
  { deed: 'exit', place: 'worker threads', says: /exited with code 0/ },
  { deed: 'exit', place: 'child processes', says: /exited with code 0/ },
  { deed: 'kill', place: 'child processes', says: /ended by SIGKILL/ },
  { deed: 'memory', place: 'worker threads', says: /memory/, options: { heapMibMax: 24 } },
  { deed: 'memory', place: 'child processes', says: /SIG(ABRT|TRAP|ILL)/, options: { heapMibMax: 24 } },
  { deed: 'spin', place: 'worker threads', says: /no longer answered/, options: { silenceMsMax: 1000 } },
  { deed: 'spin', place: 'child processes', says: /no longer answered/, options: { silenceMsMax: 1000 } },
  { deed: 'stop', place: 'child processes', says: /no longer answered/, options: { silenceMsMax: 1000 } },
];

for (const { deed, place, says, options } of deaths) {
  test(`H01, H02, H05, H07: ${place}: a worker dies by ${deed}`, async t => {
    const driven = await open(t, place, options);
    const neighbour = await parked(driven, 1); // in the other worker
    const innocent = await parked(driven, 2); // in the worker of lane 0
    const guilty = driven.run(0, `${server.origin}/?do=${deed}`);
    for (const end of await Promise.all([guilty, innocent.end])) {
      assert.deepEqual([end.outcome, end.status, end.worker], ['unknown', null, 0]);
      assert.equal(end.error?.code, 'WORKER_LOST');
      assert.match(end.error?.message ?? '', says);
      assert.match(end.error?.message ?? '', /may have been carried out/);
    }
    const next = await driven.run(0, `${server.origin}/?do=value`);
    assert.deepEqual([next.outcome, next.worker], ['ok', 0]);
    driven.cancel(1);
    assert.deepEqual((await neighbour.end).error, CAUSE.error);
  });
}

for (const place of ['worker threads', 'child processes'] as const) {
  for (const deed of ['spin', 'never']) {
    test(`H05: ${place}: an attempt that does not end when told to (${deed}) ends with its cause`, async t => {
      const driven = await open(t, place, { graceMs: 100 });
      const innocent = await parked(driven, 2);
      const path = `/?do=${deed}&mark=${marks++}`;
      const guilty = driven.run(0, server.origin + path);
      await server.received(path);
      driven.cancel(0);
      // It had answered or not when the cancel came: either way the cause is told, never `unknown`.
      assert.deepEqual((await guilty).error, CAUSE.error);
      const { end } = innocent;
      driven.cancel(2);
      assert.match((await end).error?.code ?? '', /^(WORKER_LOST|TEST)$/);
      assert.equal((await driven.run(0, `${server.origin}/?do=value`)).outcome, 'ok');
    });
  }

  test(`H11: ${place}: a gigabyte of print is not a death, and 64 KiB of it are handed on`, async t => {
    let printedBytes = 0;
    const driven = await open(t, place, { onOutput: chunk => (printedBytes += chunk.length) });
    const end = await driven.run(0, `${server.origin}/?do=print`);
    assert.deepEqual([end.outcome, end.value], ['ok', 'printed']);
    await driven.executor.close();
    assert.ok(printedBytes >= 64 * 1024 && printedBytes < 65 * 1024, `${printedBytes} bytes`);
  });

  test(`H11: ${place}: what a handler posts on the channel, or prints, is not heard as protocol`, async t => {
    const driven = await open(t, place);
    const end = await driven.run(0, `${server.origin}/?do=garbage`);
    assert.deepEqual([end.outcome, end.value], ['ok', 'wrote']);
    assert.equal((await driven.run(0, `${server.origin}/?do=value`)).outcome, 'ok');
  });

  test(`${place}: a handler that cannot be loaded is told before anything is sent`, async () => {
    for (const name of ['broken-handler', 'no-handler', 'missing']) {
      await assert.rejects(openDrivenPool(place, { handler: fixture(name) }, { workers: 1 }), {
        code: 'ERR_HANDLER_LOAD',
        message: new RegExp(name),
      });
    }
  });

  test(`H02: ${place}: workers that die again and again are not replaced for ever`, async t => {
    const { promise: broken, resolve } = Promise.withResolvers<string>();
    const driven = await open(t, place, { workers: 1, onBroken: cause => resolve(cause.message) });
    for (let times = 0; times < 5; times++) {
      const end = await driven.run(0, `${server.origin}/?do=exit`);
      assert.equal(end.outcome, 'unknown', `death ${times}`);
    }
    assert.match(await broken, /died 5 times in a row.*exited with code 0/);
    const end = await driven.run(0, `${server.origin}/never-sent`);
    assert.deepEqual([end.outcome, end.error?.code], ['cancelled', 'ERR_ENV_WORKERS']);
  });
}
