import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServerModel, type ServerModelPlan, type ServerVisit } from '../../src/simulation/server-model.ts';
import { VirtualClock } from '../../src/simulation/virtual-clock.ts';

const PLAN: ServerModelPlan = {
  workers: 2,
  workerClass: 'sync',
  serviceTime: { kind: 'constant', ms: 100 },
  backlog: Number.POSITIVE_INFINITY,
  rateLimit: null,
  seed: 1,
};

function opened(plan: Partial<ServerModelPlan> = {}) {
  const clock = new VirtualClock();
  const server = new ServerModel(clock, { ...PLAN, ...plan });
  const log: string[] = [];
  const visits: (ServerVisit | undefined)[] = [];
  const arrive = (name: string, atMs = 0): void => {
    const client = {
      onAnswer: (status: number, timing?: { queueMs?: number | undefined; worker?: string | undefined }) =>
        log.push(`${clock.now()} ${name} ${status} by ${timing?.worker} after ${timing?.queueMs}`),
    };
    clock.schedule(atMs, () => visits.push(server.arrive(client)));
  };
  return { clock, server, log, arrive, visits };
}

test('first come, first served, by the free worker with the smallest number', () => {
  const { clock, log, arrive, server } = opened();
  for (const name of ['a', 'b', 'c', 'd', 'e']) arrive(name);
  arrive('f', 250);
  while (clock.step());
  assert.deepEqual(log, [
    '100 a 200 by 1 after 0',
    '100 b 200 by 2 after 0',
    '200 c 200 by 1 after 100',
    '200 d 200 by 2 after 100',
    '300 e 200 by 1 after 200',
    '350 f 200 by 2 after 0',
  ]);
  assert.equal(server.statistics().queueMax, 3);
});

test('a full backlog answers 503, a rate that is passed 429, at once', () => {
  const full = opened({ workers: 1, backlog: 1 });
  for (const name of ['a', 'b', 'c']) full.arrive(name);
  while (full.clock.step());
  assert.equal(full.log[0], '0 c 503 by undefined after undefined');
  const limited = opened({ rateLimit: { count: 1, windowMs: 100 } });
  limited.arrive('a');
  limited.arrive('b', 99);
  limited.arrive('c', 101);
  while (limited.clock.step());
  assert.equal(limited.log[0], '99 b 429 by undefined after undefined');
  assert.equal(limited.server.statistics().refused, 1);
});

test('who leaves the line makes room; who leaves a worker leaves it at work', () => {
  const { clock, log, arrive, visits, server } = opened({ workers: 1, backlog: 1 });
  arrive('a');
  arrive('b');
  clock.step();
  clock.step();
  const [served, waiting] = visits;
  assert.ok(served && waiting);
  server.abandon(served);
  server.abandon(waiting);
  server.abandon(waiting); // twice is harmless
  arrive('c');
  while (clock.step());
  assert.deepEqual(log, ['200 c 200 by 1 after 100']);
  assert.deepEqual(
    { ...server.statistics() },
    { seen: 3, served: 1, refused: 0, gone: 2, queueMax: 1, inFlightMax: 1 },
  );
});

test('class async serves as many as come, each by the worker with the least to do', () => {
  const { clock, log, arrive } = opened({ workerClass: 'async' });
  for (const name of ['a', 'b', 'c', 'd']) arrive(name);
  while (clock.step());
  assert.deepEqual(
    log.map(line => line.slice(0, 14)),
    ['100 a 200 by 1', '100 b 200 by 2', '100 c 200 by 1', '100 d 200 by 2'],
  );
});

test('draws follow from the seed and the number of arrival, not from what became of others', () => {
  const ends = (backlog: number, seed: number): Map<string, string> => {
    const { clock, log, arrive } = opened({
      seed,
      backlog,
      workers: 1,
      serviceTime: { kind: 'exponential', meanMs: 50 },
    });
    for (let i = 0; i < 6; i++) arrive(`r${i}`, i * 10_000);
    while (clock.step());
    return new Map(log.map(line => [line.split(' ')[1] ?? '', line]));
  };
  assert.deepEqual(ends(0, 1), ends(5, 1));
  assert.notDeepEqual(ends(0, 1), ends(0, 2));
});
