// Pauses: what a host asks for by 429, Retry-After and quotas, and how it is filled again.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Answer, many, refusal, runHosts as run } from '../support/host-run.ts';

describe('pauses', () => {
  test('a 429 with a wait pauses its whole host, in full, and no other', () => {
    let refused = false;
    const { startsOf } = run(
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
    const { startsOf } = run(many('a', 40), ({ index }, nowMs) =>
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
  test('a shorter wait, asked for by a later answer, does not cut a longer one short (I30)', () => {
    const answers = [refusal(3000), { ...refusal(1000), afterMs: 30 }];
    const { startsOf } = run(many('a', 3), ({ index, number }) => (number === 1 && answers[index]) || {}, {
      limit: 2,
    });
    const third = startsOf('a')[2] ?? 0;
    assert.ok(third >= 3010 && third <= 3310, `${third}`);
  });

  test('a refusal without a wait pauses for longer each time, not for each of those in flight', () => {
    const { startsOf } = run(many('a', 4), () => refusal(), { limit: 2 });
    const [, , third = 0, fourth = 0] = startsOf('a');
    assert.ok(third >= 110 && third <= 120 + 1e-9, `${third}`); // two refusals of one moment count once
    assert.ok(fourth >= third + 210 && fourth <= third + 230 + 1e-9, `${fourth}`);
  });

  test('a host that asks for too long a wait is left alone, and all of its requests are told so', () => {
    const { settled, startsOf } = run([...many('a', 30), ...many('b', 3)], ({ request }) =>
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
    const quotaOf: Record<string, Answer> = {
      a0: { afterMs: 10, quota: { remaining: 0, resetMs: 5000 } },
      a1: { afterMs: 20, quota: { remaining: 1, resetMs: 5000 } },
    };
    const { startsOf } = run(many('a', 3), ({ request }) => quotaOf[request] ?? { afterMs: 1 }, {
      policy: { rate: { count: 2, windowMs: 1000 }, burst: 2 },
      limit: 2,
    });
    assert.deepEqual(startsOf('a'), [0, 0, 500]);
  });

  test('a quota that the host names is not overrun, and starts go on when it counts anew', () => {
    let left = 5;
    const { startsOf } = run(
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
