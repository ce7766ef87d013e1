// Limits by host, pauses and retries: the engine on the virtual clock, with an executor that answers as a script says.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { EngineOptions } from '../../src/engine/engine-options.ts';
import {
  many,
  refusal,
  runScripted,
  type Script,
  type ScriptedAnswer,
  type ScriptedRequest,
} from '../support/scripted-engine.ts';

describe('rates', () => {
  test('starts keep to the rate over all hosts', () => {
    const { starts } = runScripted([...many('a', 5), ...many('b', 5)], () => ({ afterMs: 1 }), {
      rate: { count: 10, windowMs: 1000 },
    });
    assert.deepEqual(
      starts.map(({ atMs }) => atMs),
      [0, 100, 200, 300, 400, 500, 600, 700, 800, 900],
    );
  });

  test('one paced host does not hold up another', () => {
    const requests = Array.from({ length: 20 }, (_, i) => `${i % 2 === 0 ? 'a' : 'b'}${i}`);
    const { startsOf } = runScripted(requests, ({ request }) => ({ afterMs: request[0] === 'a' ? 1 : 50 }), {
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
    const { starts } = runScripted([...many('a', 50), ...many('b', 4)], () => ({ afterMs: 100 }), {
      policy: { limit: 2 },
      limit: 4,
    });
    assert.deepEqual(
      starts.slice(0, 8).map(({ host, atMs }) => `${host} ${atMs}`),
      ['a 0', 'a 0', 'b 0', 'b 0', 'a 100', 'a 100', 'b 100', 'b 100'],
    );
  });

  test('I10: what is held back does not keep others from being read, up to a bound', () => {
    const { engine, startsOf } = runScripted(
      [...many('a', 9000), ...many('b', 1)],
      () => ({ afterMs: 1000 }),
      {
        policy: { limit: 1 },
        limit: 2,
      },
    );
    assert.equal(startsOf('b')[0], 0);
    assert.equal(engine.statistics().settled, 9001);
  });
});

describe('pauses', () => {
  test('a 429 with a wait pauses its whole host, in full, and no other', () => {
    let refused = false;
    const { startsOf } = runScripted(
      [...many('a', 6), ...many('b', 6)],
      ({ request }) => {
        if (request !== 'a0') return { afterMs: 100 };
        refused = true;
        return refusal(5000);
      },
      { limit: 2 },
    );
    assert.ok(refused);
    const after = startsOf('a').filter(ms => ms > 10);
    assert.ok(
      after.every(ms => ms >= 5010),
      `${after}`,
    );
    assert.ok(
      startsOf('b').every(ms => ms < 2000),
      `${startsOf('b')}`,
    );
  });

  test('after a pause a host is filled step by step, not at once', () => {
    const { startsOf } = runScripted(many('a', 40), ({ index }, nowMs) =>
      nowMs === 0 && index < 10 ? refusal(1000) : { afterMs: 100 },
    );
    const [first = 0, ...later] = startsOf('a').filter(ms => ms > 0);
    assert.ok(first >= 1010 && first <= 1110 + 1e-9, `${first}`);
    const rounds = new Map<number, number>();
    for (const ms of [first, ...later]) rounds.set(ms, (rounds.get(ms) ?? 0) + 1);
    assert.deepEqual([...rounds.values()].slice(0, 5), [1, 2, 4, 8, 10]);
  });
});

describe('pauses of other kinds', () => {
  test('a refusal without a wait pauses for longer each time, not for each of those in flight', () => {
    const { startsOf } = runScripted(many('a', 4), () => refusal(), { limit: 2 });
    const [, , third = 0, fourth = 0] = startsOf('a');
    assert.ok(third >= 110 && third <= 120 + 1e-9, `${third}`); // two refusals of one moment count once
    assert.ok(fourth >= third + 210 && fourth <= third + 230 + 1e-9, `${fourth}`);
  });

  test('a host that asks for too long a wait is left alone, and all of its requests are told so', () => {
    const { settled, startsOf } = runScripted([...many('a', 30), ...many('b', 3)], ({ request }) =>
      request[0] === 'a' ? refusal(3_600_000) : {},
    );
    assert.equal(startsOf('a').length, 10);
    const told = settled.filter(({ request }) => String(request).startsWith('a'));
    assert.equal(told.filter(({ outcome }) => outcome === 'http_error').length, 10);
    const left = told.filter(({ outcome }) => outcome === 'cancelled');
    assert.equal(left.length, 20);
    assert.equal(left[0]?.error?.code, 'HOST_CLOSED');
    assert.equal(settled.filter(({ outcome }) => outcome === 'ok').length, 3);
  });

  test('I03: a host that wants us back sooner than it said before gets its start then', () => {
    const quotaOf: Record<string, ScriptedAnswer> = {
      a0: { afterMs: 10, quota: { remaining: 0, resetMs: 5000 } },
      a1: { afterMs: 20, quota: { remaining: 1, resetMs: 5000 } },
    };
    const { startsOf } = runScripted(many('a', 3), ({ request }) => quotaOf[request] ?? { afterMs: 1 }, {
      policy: { rate: { count: 2, windowMs: 1000 }, burst: 2 },
      limit: 2,
    });
    assert.deepEqual(startsOf('a'), [0, 0, 500]);
  });

  test('a quota that the host names is not overrun, and starts go on when it counts anew', () => {
    let left = 5;
    const { startsOf } = runScripted(
      many('a', 12),
      (_attempt, nowMs) => {
        if (nowMs >= 1000) left = Math.max(left, 100);
        left--;
        const quota = { remaining: Math.max(0, left), resetMs: Math.max(0, 1000 - nowMs) };
        return {
          afterMs: 0,
          ...(nowMs < 1000 && { quota }),
          ...(left < 0 && { outcome: 'http_error', status: 429 }),
        };
      },
      { limit: 1 },
    );
    assert.deepEqual(startsOf('a').filter(ms => ms < 1000).length, 5);
    assert.deepEqual(startsOf('a').filter(ms => ms >= 1000).length, 7);
  });
});

describe('again', () => {
  const again: EngineOptions<ScriptedRequest>['nextStep'] = ({ tries, nowMs, sent }) =>
    tries.at(-1)?.status === 500 && tries.length < 3
      ? { kind: 'again', dueMs: nowMs + 1000, request: sent }
      : { kind: 'final', ...(tries.length === 3 && { noRetry: 'attempts' as const }) };
  const failing: Script = ({ request }) =>
    request.endsWith('!') ? { outcome: 'http_error', status: 500 } : {};

  test('I08: a request in backoff holds neither permit nor lane, and comes back ahead of what was read later', () => {
    const { starts, settled } = runScripted(['a!', ...many('a', 20)], failing, { limit: 1, nextStep: again });
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
    const { engine, settled, clock } = runScripted(['a!'], failing, { nextStep: again });
    assert.equal(settled.length, 1);
    assert.equal(engine.statistics().waiting, 0);
    assert.equal(clock.now(), 2300);
  });

  test('I33: no attempt is due after the deadline: final at once, with the reason', () => {
    const { settled, clock } = runScripted(['a!'], failing, { nextStep: again, timeoutMs: 1050 });
    assert.deepEqual([settled[0]?.noRetry, clock.now()], ['deadline', 100]);
  });

  test('one whose deadline passes while its host is paused is settled on time', () => {
    const { settled } = runScripted(
      ['a!', 'ax'],
      attempt => (attempt.request === 'ax' ? { ...refusal(30_000), afterMs: 150 } : failing(attempt, 0)),
      { nextStep: again, timeoutMs: 5000 },
    );
    const one = settled.find(({ index }) => index === 0);
    assert.equal(one?.noRetry, 'deadline');
    assert.equal(one?.tries.length, 1);
  });

  test('a drain cancels what is in backoff, and keeps what was tried', () => {
    const { settled } = runScripted(['a!', 'a1'], attempt => ({ ...failing(attempt, 0), afterMs: 200 }), {
      nextStep: again,
      during: (engine, clock) => {
        clock.schedule(300, () => engine.drain({ code: 'INTERRUPTED', message: 'stop' }));
      },
    });
    const one = settled.find(({ index }) => index === 0);
    assert.deepEqual([one?.outcome, one?.error?.code, one?.tries.length], ['cancelled', 'INTERRUPTED', 1]);
    assert.equal(one?.endedMs, 300);
  });

  test('an attempt that ends while the run stops is not sent again, and says why', () => {
    const { settled, starts } = runScripted(['a!'], attempt => ({ ...failing(attempt, 0), afterMs: 200 }), {
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
