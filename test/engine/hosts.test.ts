// Rates, limits by host and retries in one engine: who starts, when, and who holds up nobody.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { EngineOptions } from '../../src/engine/engine-options.ts';
import { many, type Request, refusal, runHosts as run, type Script } from '../support/host-run.ts';

describe('rates', () => {
  test('starts keep to the rate over all hosts', () => {
    const { starts } = run([...many('a', 5), ...many('b', 5)], () => ({ afterMs: 1 }), {
      rate: { count: 10, windowMs: 1000 },
    });
    assert.deepEqual(
      starts.map(({ atMs }) => atMs),
      [0, 100, 200, 300, 400, 500, 600, 700, 800, 900],
    );
  });

  test('windows are counted from when attempts began, which a worker tells at their end', () => {
    const late = [300, 0, 0, 0];
    const { settled } = run(
      many('a', 4),
      ({ index }, nowMs) => ({ startedMs: nowMs + (late[index] ?? 0), afterMs: 400 }),
      { rate: { count: 2, windowMs: 1000 }, burst: 1 },
    );
    assert.deepEqual(
      settled.map(({ tries }) => tries[0]?.startedMs),
      [300, 500, 1300, 1500],
    );
  });

  test('one paced host does not hold up another', () => {
    const requests = Array.from({ length: 20 }, (_, i) => `${i % 2 === 0 ? 'a' : 'b'}${i}`);
    const { startsOf } = run(requests, ({ request }) => ({ afterMs: request[0] === 'a' ? 1 : 50 }), {
      policy: { rate: { count: 1, windowMs: 1000 } },
      limit: 1,
    });
    assert.deepEqual(startsOf('a'), [0, 1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000]);
    assert.equal(startsOf('b')[0], 1);
    assert.equal(startsOf('b').length, 10);
  });
});

describe('limits by host', () => {
  test('I02, I03: no host has more in flight than its limit, and the others fill the rest', () => {
    const { starts } = run([...many('a', 50), ...many('b', 4)], () => ({ afterMs: 100 }), {
      policy: { limit: 2 },
      limit: 4,
    });
    assert.deepEqual(
      starts.slice(0, 8).map(({ host, atMs }) => `${host} ${atMs}`),
      ['a 0', 'a 0', 'b 0', 'b 0', 'a 100', 'a 100', 'b 100', 'b 100'],
    );
  });

  test('I10: what is held back does not keep others from being read, up to a bound', () => {
    const { engine, startsOf } = run([...many('a', 9000), ...many('b', 1)], () => ({ afterMs: 1000 }), {
      policy: { limit: 1 },
      limit: 2,
    });
    assert.equal(startsOf('b')[0], 1000); // in the first second it looks only a little way ahead
    assert.equal(engine.statistics().settled, 9001);
    let readSoon = 0;
    let readThen = 0;
    run(many('a', 25_000), () => ({ afterMs: 1000 }), {
      policy: { limit: 1 },
      limit: 2,
      during: (busy, clock) => {
        while (clock.nextMs() < 1000) clock.step(); // it reads in many turns
        readSoon = busy.statistics().read;
        while (clock.nextMs() < 2000) clock.step();
        readThen = busy.statistics().read;
      },
    });
    assert.ok(readSoon >= 512 && readSoon <= 520, `${readSoon} read`);
    assert.ok(readThen >= 10_000 && readThen <= 10_010, `${readThen} read`);
  });

  test('I10: nor does a host that hangs, though nothing ends that would bring the next look', () => {
    const { startsOf } = run(
      [...many('a', 3000), ...many('b', 1)],
      ({ request }) => ({ afterMs: request.startsWith('a') ? 600_000 : 10 }),
      { policy: { limit: 4 }, limit: 100 },
    );
    assert.equal(startsOf('b')[0], 1000);
  });

  test('where all that is held would be sent within a second, nothing is read far ahead', () => {
    let mostAhead = 0;
    const { engine } = run(many('a', 60_000), () => ({ afterMs: 0.1 }), {
      policy: { limit: 4 },
      limit: 1000,
      during: (busy, clock) => {
        while (clock.nextMs() < Number.POSITIVE_INFINITY) {
          clock.step();
          const { read, settled } = busy.statistics();
          mostAhead = Math.max(mostAhead, read - settled);
        }
      },
    });
    assert.equal(engine.statistics().settled, 60_000);
    assert.ok(mostAhead <= 530, `${mostAhead} ahead`);
  });
});

const again: EngineOptions<Request>['nextStep'] = ({ tries, nowMs, sent }) =>
  tries.at(-1)?.status === 500 && tries.length < 3
    ? { kind: 'again', dueMs: nowMs + 1000, request: sent }
    : { kind: 'final', ...(tries.length === 3 && { noRetry: 'attempts' as const }) };
const failing: Script = ({ request }) =>
  request.endsWith('!') ? { outcome: 'http_error', status: 500 } : {};

describe('again', () => {
  test('I08: a request in backoff holds neither permit nor lane, and comes back ahead of what was read later', () => {
    const { starts, settled } = run(['a!', ...many('a', 20)], failing, { limit: 1, nextStep: again });
    const first = starts.filter(({ index }) => index === 0).map(({ atMs }) => atMs);
    assert.deepEqual(first, [0, 1100, 2200]); // due at 1100, when the lane is free again anyway
    assert.equal(starts.length, 23);
    const one = settled.find(({ index }) => index === 0);
    assert.equal(one?.outcome, 'http_error');
    assert.equal(one?.noRetry, 'attempts');
    assert.deepEqual(
      one?.tries.map(({ phasesMs }) => phasesMs),
      [{ permit: 0 }, { backoff: 1000, permit: 0 }, { backoff: 1000, permit: 0 }],
    );
  });

  test('A11: the only request left is one in backoff: it wakes, and the run ends', () => {
    const { engine, settled, clock } = run(['a!'], failing, { nextStep: again });
    assert.equal(settled.length, 1);
    assert.equal(engine.statistics().waiting, 0);
    assert.equal(clock.now(), 2300);
  });

  test('I33: no attempt is due after the deadline: final at once, with the reason', () => {
    const { settled, clock } = run(['a!'], failing, { nextStep: again, timeoutMs: 1050 });
    assert.deepEqual([settled[0]?.noRetry, clock.now()], ['deadline', 100]);
  });

  test('one whose deadline passes while its host is paused is settled on time', () => {
    const { settled } = run(
      ['a!', 'ax'],
      attempt => (attempt.request === 'ax' ? { ...refusal(30_000), afterMs: 150 } : failing(attempt, 0)),
      { nextStep: again, timeoutMs: 5000 },
    );
    const one = settled.find(({ index }) => index === 0);
    assert.equal(one?.noRetry, 'deadline');
    assert.equal(one?.tries.length, 1);
  });
});

describe('again, or ended', () => {
  test('a drain cancels what is in backoff, and keeps what was tried', () => {
    const { settled } = run(['a!', 'a1'], attempt => ({ ...failing(attempt, 0), afterMs: 200 }), {
      nextStep: again,
      during: (engine, clock) => {
        clock.schedule(300, () => engine.drain({ code: 'INTERRUPTED', message: 'stop' }));
      },
    });
    const one = settled.find(({ index }) => index === 0);
    assert.deepEqual([one?.outcome, one?.error?.code, one?.tries.length], ['cancelled', 'INTERRUPTED', 1]);
    assert.equal(one?.endedMs, 300);
  });

  test('a drain tells what was waiting in the order of the input, whatever it waited for', () => {
    const requests = ['b0!', 'b1', 'a2!', 'b3', 'a4', 'b5'];
    const { settled } = run(requests, failing, {
      ...{ limit: 1, nextStep: again },
      during: (engine, clock) => {
        for (let i = 0; i < 3; i++) clock.step(); // one has ended, two are in backoff, one is under way
        engine.drain({ code: 'INTERRUPTED', message: '' });
      },
    });
    const told = settled.map(({ index }) => index);
    assert.deepEqual(told, [1, 0, 2, 4, 5, 3]);
  });

  test('an attempt that ends while the run stops is not sent again, and says why', () => {
    const { settled, starts } = run(['a!'], attempt => ({ ...failing(attempt, 0), afterMs: 200 }), {
      nextStep: again,
      during: (engine, clock) => {
        clock.schedule(100, () => engine.drain({ code: 'INTERRUPTED', message: 'stop' }));
      },
    });
    assert.deepEqual(
      [settled[0]?.outcome, settled[0]?.noRetry, starts.length],
      ['http_error', 'stopping', 1],
    );
  });
});
