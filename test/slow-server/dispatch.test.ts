import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../src/base/random.ts';
import { Dispatcher, type DispatchRules, type Ticket } from '../../src/slow-server/dispatch.ts';
import { WaitingLine } from '../../src/slow-server/waiting-line.ts';

/** A dispatcher of requests named by text, and the log of who got which worker. */
function open(rules: Partial<DispatchRules> = {}) {
  const log: string[] = [];
  const full = { workers: 3, perWorker: 1, backlog: Number.POSITIVE_INFINITY, ...rules };
  const dispatcher = new Dispatcher<string>(full, ticket => log.push(`${ticket.request}→${ticket.worker}`));
  for (let worker = 0; worker < full.workers; worker++) dispatcher.workerUp(worker);
  const arrive = (name: string): Ticket<string> => {
    const ticket = dispatcher.arrive(name);
    assert.ok(ticket, `${name} was refused`);
    return ticket;
  };
  return { dispatcher, log, arrive };
}

test('three workers take three, and each that ends calls the one who has waited longest', () => {
  const { dispatcher, log, arrive } = open();
  const tickets = ['a', 'b', 'c', 'd', 'e', 'f'].map(arrive);
  assert.deepEqual(log, ['a→0', 'b→1', 'c→2']);
  assert.deepEqual(dispatcher.statistics(), { inFlight: { now: 3, max: 3 }, queue: { now: 3, max: 3 } });
  for (const i of [1, 2, 0]) dispatcher.finish(tickets[i] as Ticket<string>);
  assert.deepEqual(log.slice(3), ['d→1', 'e→2', 'f→0']);
});

test('async workers take all, the least loaded first', () => {
  const { dispatcher, log, arrive } = open({ workers: 2, perWorker: Number.POSITIVE_INFINITY });
  const [a] = ['a', 'b', 'c', 'd'].map(arrive);
  dispatcher.finish(a as Ticket<string>);
  arrive('e');
  assert.deepEqual(log, ['a→0', 'b→1', 'c→0', 'd→1', 'e→0']);
  assert.equal(dispatcher.statistics().queue.max, 0);
});

test('a full line refuses; a place that comes free is given again', () => {
  const { dispatcher, arrive } = open({ workers: 1, backlog: 1 });
  arrive('a');
  const b = arrive('b');
  assert.equal(dispatcher.arrive('c'), null);
  assert.equal(dispatcher.abandon(b), true);
  arrive('d');
});

test('a backlog of 0 serves or refuses', () => {
  const { dispatcher, arrive } = open({ workers: 1, backlog: 0 });
  const a = arrive('a');
  assert.equal(dispatcher.arrive('b'), null);
  dispatcher.finish(a);
  arrive('c');
});

test('who gives up leaves the line at once, and is not served', () => {
  const { dispatcher, log, arrive } = open({ workers: 1 });
  const a = arrive('a');
  const b = arrive('b');
  arrive('c');
  assert.equal(dispatcher.abandon(b), true);
  assert.equal(dispatcher.abandon(b), false);
  assert.equal(dispatcher.abandon(a), false, 'a worker at work does not look up');
  assert.equal(dispatcher.statistics().queue.now, 1);
  dispatcher.finish(a);
  assert.deepEqual(log, ['a→0', 'c→0']);
});

test('a lost worker gives back what it held; the line waits for the next one', () => {
  const { dispatcher, log, arrive } = open({ workers: 1 });
  const a = arrive('a');
  arrive('b');
  assert.deepEqual(dispatcher.workerDown(0), [a]);
  assert.equal(a.state, 'over');
  assert.deepEqual(dispatcher.statistics(), { inFlight: { now: 0, max: 1 }, queue: { now: 1, max: 1 } });
  assert.throws(() => dispatcher.finish(a), { code: 'ERR_BUG' });
  dispatcher.workerUp(0);
  assert.deepEqual(log, ['a→0', 'b→0']);
});

test('before any worker is up, all wait', () => {
  const log: string[] = [];
  const rules = { workers: 2, perWorker: 1, backlog: 9 };
  const dispatcher = new Dispatcher<string>(rules, ticket => log.push(`${ticket.request}→${ticket.worker}`));
  for (const name of ['a', 'b']) dispatcher.arrive(name);
  assert.deepEqual(log, []);
  dispatcher.workerUp(1);
  dispatcher.workerUp(0);
  assert.deepEqual(log, ['a→1', 'b→0']);
});

test('whatever happens in whatever order, none is lost, doubled or overtaken', () => {
  for (let seed = 0; seed < 300; seed++) {
    const random = seededRandom(seed);
    const below = (n: number): number => Math.floor(random.next() * n);
    const rules = { workers: 1 + below(4), perWorker: 1 + below(2), backlog: below(6) };
    const served: number[] = [];
    const serving = new Set<Ticket<number>>();
    const live = new Set<Ticket<number>>();
    const up = new Set<number>();
    const ends = { refused: 0, finished: 0, abandoned: 0, lost: 0 };
    const dispatcher = new Dispatcher<number>(rules, ticket => {
      served.push(ticket.request);
      serving.add(ticket);
    });
    let arrived = 0;
    for (let step = 0; step < 200; step++) {
      const worker = below(rules.workers);
      const [any] = [...live].slice(below(live.size || 1));
      const [busy] = [...serving].slice(below(serving.size || 1));
      const what = below(6);
      if (what < 2) {
        const ticket = dispatcher.arrive(arrived++);
        if (ticket) live.add(ticket);
        else ends.refused++;
      } else if (what === 2 && busy) {
        serving.delete(busy);
        live.delete(busy);
        ends.finished++;
        dispatcher.finish(busy);
      } else if (what === 3 && any && dispatcher.abandon(any)) {
        live.delete(any);
        ends.abandoned++;
      } else if (what === 4 && up.delete(worker)) {
        for (const ticket of dispatcher.workerDown(worker)) {
          serving.delete(ticket);
          live.delete(ticket);
          ends.lost++;
        }
      } else if (what === 5 && !up.has(worker)) {
        up.add(worker);
        dispatcher.workerUp(worker);
      }
      const { inFlight, queue } = dispatcher.statistics();
      const over = ends.refused + ends.finished + ends.abandoned + ends.lost;
      assert.equal(inFlight.now, serving.size, `seed ${seed}`);
      assert.equal(arrived, over + inFlight.now + queue.now, `seed ${seed}`);
      assert.ok(
        queue.max <= rules.backlog && inFlight.max <= rules.workers * rules.perWorker,
        `seed ${seed}`,
      );
      assert.ok(
        queue.now === 0 || inFlight.now === up.size * rules.perWorker,
        `seed ${seed}: idle while some wait`,
      );
    }
    assert.deepEqual(
      served,
      [...new Set(served)].sort((a, b) => a - b),
      `seed ${seed}`,
    );
  }
});

test('a line can be left from its ends and its middle', () => {
  const line = new WaitingLine<string>();
  const places = ['a', 'b', 'c', 'd'].map(name => line.join(name));
  for (const i of [0, 2, 2]) line.leave(places[i] as (typeof places)[0]);
  assert.equal(line.length, 2);
  assert.deepEqual([line.call(), line.call(), line.call()], ['b', 'd', undefined]);
  line.join('e');
  assert.equal(line.call(), 'e');
});
