// The gate: the cases that once broke other people's semaphores by name, and then every order of events there
// is in a small world.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PacelineError } from '../../src/base/errors.ts';
import { checkedLimit, type Permit, Semaphore } from '../../src/control/semaphore.ts';

/** All promise reactions of this turn have run. */
const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

test('nobody overtakes a waiter, not even one who only tries', async () => {
  const semaphore = new Semaphore(1);
  const first = semaphore.tryAcquire();
  const second = semaphore.acquire();
  assert.equal(semaphore.tryAcquire(), undefined);
  first?.release();
  assert.equal(semaphore.tryAcquire(), undefined);
  (await second).release();
  assert.deepEqual(semaphore.statistics(), { limit: 1, held: 0, waiting: 0 });
});

test('A01: woken and cancelled in one turn, a waiter holds the permit; its neighbour is not forgotten', async () => {
  const semaphore = new Semaphore(1);
  const holder = semaphore.tryAcquire();
  const cancelled = new AbortController();
  const b = semaphore.use(() => 'b', cancelled.signal);
  const c = semaphore.use(() => 'c');
  holder?.release();
  cancelled.abort(new Error('too late'));
  assert.deepEqual(await Promise.allSettled([b, c]), [
    { status: 'fulfilled', value: 'b' },
    { status: 'fulfilled', value: 'c' },
  ]);
  assert.deepEqual(semaphore.statistics(), { limit: 1, held: 0, waiting: 0 });
});

test('a waiter who gives up leaves at once and takes no permit', async () => {
  const semaphore = new Semaphore(1);
  const holder = semaphore.tryAcquire();
  const leaving = new AbortController();
  const reason = new Error('enough');
  const waiter = semaphore.acquire(leaving.signal);
  leaving.abort(reason);
  assert.equal(semaphore.statistics().waiting, 0);
  await assert.rejects(waiter, reason);
  holder?.release();
  assert.equal(semaphore.statistics().held, 0);
  await assert.rejects(semaphore.acquire(leaving.signal), reason);
});

test('one signal for many waiters keeps no listener', async () => {
  const semaphore = new Semaphore(1);
  const { signal } = new AbortController();
  let listeners = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...given: Parameters<typeof add>) => {
    listeners++;
    add(...given);
  };
  signal.removeEventListener = (...given: Parameters<typeof remove>) => {
    listeners--;
    remove(...given);
  };
  const all = Array.from({ length: 50 }, () => semaphore.use(() => undefined, signal));
  assert.equal(listeners, 49);
  await Promise.all(all);
  assert.equal(listeners, 0);
});

test('a permit is given back even when its holder throws, and never twice', async () => {
  const semaphore = new Semaphore(1);
  const thrown = new Error('body');
  await assert.rejects(
    semaphore.use(() => {
      throw thrown;
    }),
    thrown,
  );
  const permit = semaphore.tryAcquire();
  permit?.release();
  assert.throws(() => permit?.release(), { code: 'ERR_BUG' });
  assert.equal(semaphore.statistics().held, 0);
});

test('growing wakes as many as there is room for, shrinking stops nobody', async () => {
  const semaphore = new Semaphore(1);
  const held = [semaphore.tryAcquire()];
  const woken: number[] = [];
  for (let i = 0; i < 4; i++) void semaphore.acquire().then(permit => woken.push(i) && held.push(permit));
  semaphore.resize(3);
  assert.deepEqual(semaphore.statistics(), { limit: 3, held: 3, waiting: 2 });
  await turn();
  assert.deepEqual(woken, [0, 1]);
  semaphore.resize(1);
  held[0]?.release();
  held[1]?.release();
  assert.deepEqual(semaphore.statistics(), { limit: 1, held: 1, waiting: 2 });
  held[2]?.release();
  assert.deepEqual(semaphore.statistics(), { limit: 1, held: 1, waiting: 1 });
});

test('a limit is a whole number from 1 to a million, or Infinity', () => {
  for (const limit of [1, 1_000_000, Number.POSITIVE_INFINITY]) assert.equal(checkedLimit(limit), limit);
  for (const limit of [0, -1, 1.5, 1_000_001, Number.NaN, Number.NEGATIVE_INFINITY])
    assert.throws(() => checkedLimit(limit), PacelineError, String(limit));
});

// A small world: up to four who acquire, two who give up, three sizes, releases. Each event of a word is done in
// turn; what a queue and a counter say must happen is compared with what happened, after every event.
const EVENTS = ['acquire', 'release', 'cancel first', 'cancel last', 'resize 1', 'resize 3'] as const;
type Event = (typeof EVENTS)[number];
const WORD_LENGTH = 5;

class World {
  readonly #semaphore = new Semaphore(2);
  readonly #permits: { readonly name: number; readonly permit: Permit }[] = [];
  readonly #aborts = new Map<number, AbortController>();
  readonly #model = { limit: 2, held: [] as number[], waiting: [] as number[] };
  #acquirers = 0;
  #cancels = 0;

  async do(event: Event): Promise<void> {
    const { held, waiting } = this.#model;
    if (event === 'acquire') {
      if (this.#acquirers === 4) return;
      const name = this.#acquirers++;
      const abort = new AbortController();
      this.#aborts.set(name, abort);
      this.#semaphore.acquire(abort.signal).then(
        permit => this.#permits.push({ name, permit }),
        () => undefined,
      );
      waiting.push(name);
    } else if (event === 'release') {
      this.#permits.shift()?.permit.release();
      held.shift();
    } else if (event === 'cancel first' || event === 'cancel last') {
      if (this.#cancels++ === 2) return;
      const name = event === 'cancel first' ? waiting.shift() : waiting.pop();
      if (name !== undefined) this.#aborts.get(name)?.abort();
    } else {
      this.#model.limit = event === 'resize 1' ? 1 : 3;
      this.#semaphore.resize(this.#model.limit);
    }
    while (held.length < this.#model.limit && waiting.length > 0) held.push(waiting.shift() as number);
    const seen = this.#semaphore.statistics();
    assert.ok(
      seen.limit === this.#model.limit && seen.held === held.length && seen.waiting === waiting.length,
      `${JSON.stringify(seen)}, expected ${JSON.stringify(this.#model)}`,
    );
    for (let i = 0; i < 4; i++) await undefined;
    const names = this.#permits.map(({ name }) => name).join();
    assert.ok(names === held.join(), `${names} hold permits, expected ${held.join()}`);
  }
}

test('A01: every word of five events does what a queue and a counter would', async () => {
  const words = EVENTS.length ** WORD_LENGTH;
  for (let number = 0; number < words; number++) {
    const world = new World();
    const word: Event[] = [];
    let rest = number;
    for (let place = 0; place < WORD_LENGTH; place++) {
      const event = EVENTS[rest % EVENTS.length] as Event;
      rest = Math.floor(rest / EVENTS.length);
      word.push(event);
      try {
        await world.do(event);
      } catch (cause) {
        throw new Error(`after ${word.join(', ')}`, { cause });
      }
    }
  }
});
