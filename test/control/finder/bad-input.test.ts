// Servers and clocks that behave badly: the limit stays within its floor and ceiling, and nothing spins or stalls.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { seededRandom } from '../../../src/base/random.ts';
import { openPaceFinder } from '../../../src/control/finder/open-pace-finder.ts';
import type { EndKind } from '../../../src/control/finder/pace-finder.ts';
import { runToy, type ToyAnswer, type ToyOptions } from './toy-server.ts';

const MAX = 50;

const check = (options: Omit<ToyOptions, 'finder'> & Partial<ToyOptions>): ReturnType<typeof runToy> => {
  const run = runToy({ finder: openPaceFinder({ maxLimit: MAX }), ...options });
  assert.equal(run.ended, options.requests);
  assert.ok(
    run.limits.every(limit => Number.isInteger(limit) && limit >= 1 && limit <= MAX),
    `${run.limits}`,
  );
  return run;
};

const always = (answer: ToyAnswer) => (): ToyAnswer => answer;

describe('a server that', () => {
  const world = { requests: 300, workers: () => 8, serviceMs: () => 100 };

  test('answers only errors', () =>
    void check({ ...world, answer: always({ kind: 'served', isOk: false }) }));

  test('is unreachable', () => {
    const finder = openPaceFinder({ maxLimit: MAX });
    const run = check({ ...world, finder, answer: always({ kind: 'refused', isOk: false, isAtOnce: true }) });
    assert.ok(run.inFlightMax <= 4);
    assert.equal(finder.finding().reason, 'requests are refused, and none is done');
  });

  test('resets every other connection', () =>
    void check({
      ...world,
      answer: (_, request) =>
        request % 2 === 0 ? { kind: 'served', isOk: true } : { kind: 'refused', isOk: false },
    }));

  test('hangs', () =>
    void check({ ...world, serviceMs: () => 30_000, answer: always({ kind: 'timeout', isOk: false }) }));

  test('answers 429 for ever', () => {
    const run = check({
      ...world,
      requests: 60,
      answer: always({ kind: 'throttled', isOk: false, isAtOnce: true }),
    });
    assert.ok(run.endMs > 100_000, 'it does not hammer');
    assert.ok(run.looks < 1000);
  });

  for (const retryAfterMs of [0, 1, 50])
    test(`answers 429 for ever, with a wait of ${retryAfterMs} ms`, () => {
      const run = check({
        ...world,
        requests: 60,
        answer: always({ kind: 'throttled', isOk: false, isAtOnce: true, retryAfterMs }),
      });
      assert.ok(run.endMs > 100_000, `it does not hammer: ${run.endMs}`);
      assert.ok(run.looks < 1000);
    });

  test('asks to come back in an hour, each time, is asked once an hour', () => {
    const anHour = { kind: 'throttled', isOk: false, isAtOnce: true, retryAfterMs: 3_600_000 } as const;
    const run = check({ ...world, requests: 10, answer: always(anHour) });
    assert.ok(run.endMs >= 6 * 3_600_000 && run.endMs <= 7 * 3_600_000, `${run.endMs}`);
  });

  test('gets one request', () => void check({ ...world, requests: 1 }));

  test('needs between one ms and a second', () => {
    const run = check({ ...world, requests: 2000, serviceMs: request => (request % 10 === 0 ? 1000 : 1) });
    assert.ok(run.endMs < 1.3 * (2000 / 8) * 100.9);
  });

  test('answers at once', () =>
    void check({ ...world, answer: always({ kind: 'served', isOk: true, isAtOnce: true }) }));
});

describe('a clock that', () => {
  const world = { requests: 400, workers: () => 5, serviceMs: () => 100 };

  test('goes back by a day', () => {
    const run = check({ ...world, clock: nowMs => (nowMs < 3000 ? nowMs : nowMs - 86_400_000) });
    assert.ok(run.endMs < 20_000, `${run.endMs}`);
  });

  test('goes back while a rate is kept', () => {
    const run = check({
      ...world,
      requests: 100,
      clock: nowMs => (nowMs < 3000 ? nowMs : nowMs - 86_400_000),
      answer: (_, request) =>
        request % 25 === 24
          ? { kind: 'throttled', isOk: false, isAtOnce: true, retryAfterMs: 500 }
          : { kind: 'served', isOk: true },
    });
    assert.ok(run.endMs < 60_000, `${run.endMs}`);
  });

  test('jumps ahead by a day', () => {
    const run = check({ ...world, clock: nowMs => (nowMs < 3000 ? nowMs : nowMs + 86_400_000) });
    assert.ok(run.endMs < 20_000, `${run.endMs}`);
  });
});

describe('whatever happens', () => {
  const KINDS: readonly EndKind[] = ['served', 'served', 'served', 'throttled', 'refused', 'timeout', 'void'];

  for (let seed = 1; seed <= 20; seed++) {
    test(`it keeps its bounds, ${seed}`, () => {
      const random = seededRandom(seed);
      const finder = openPaceFinder({ maxLimit: MAX });
      let nowMs = 0;
      let shownMs = 0;
      const open: { startedMs: number; startedAs: number; token: unknown }[] = [];
      for (let i = 0; i < 3000; i++) {
        nowMs += random.next() < 0.3 ? 0 : 200 * random.next() ** 3;
        shownMs = random.next() < 0.01 ? nowMs + 20_000 * (random.next() - 0.5) : Math.max(shownMs, nowMs);
        const dueMs = finder.nextStartMs(shownMs);
        assert.ok(Number.isFinite(dueMs), `due at ${dueMs}`);
        assert.ok(dueMs - shownMs <= 3_600_002 + 1 / 0.0002);
        const limit = finder.limit();
        assert.ok(Number.isInteger(limit) && limit >= 1 && limit <= MAX, `a limit of ${limit}`);
        if (random.next() < 0.5 && open.length < limit) {
          const startedAs = open.length + 1;
          open.push({ startedMs: shownMs, startedAs, token: finder.started(shownMs, startedAs, `${i % 3}`) });
        } else if (open.length > 0) {
          const [ended] = open.splice(Math.floor(random.next() * open.length), 1);
          assert.ok(ended);
          const kind = KINDS[Math.floor(random.next() * KINDS.length)] as EndKind;
          finder.ended({
            ...ended,
            nowMs: shownMs,
            inFlight: open.length,
            kind,
            isOk: kind === 'served' && random.next() < 0.8,
            key: `${i % 3}`,
            connectMs: random.next() < 0.1 ? 500 * random.next() : 0,
            ...(random.next() < 0.3 ? { retryAfterMs: 5000 * random.next() } : {}),
            ...(random.next() < 0.2
              ? { quota: { remaining: Math.floor(20 * random.next()), resetMs: 3000 * random.next() } }
              : {}),
          });
        }
      }
      const { capacity, limit, reason } = finder.finding();
      assert.ok(capacity === null || capacity >= 1);
      assert.equal(limit, finder.limit());
      assert.notEqual(reason, '');
    });
  }

  test('an end without its start says nothing', () => {
    const finder = openPaceFinder({ maxLimit: MAX });
    finder.ended({
      nowMs: 5,
      startedMs: 0,
      startedAs: 1,
      inFlight: 0,
      kind: 'served',
      isOk: true,
      key: '',
      connectMs: 0,
      token: undefined,
    });
    assert.equal(finder.limit(), 4);
  });
});
