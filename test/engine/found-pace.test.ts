// Hosts whose pace is found: what the finder allows is kept, what it is told is true, and it alone decides.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { seededRandom } from '../../src/base/random.ts';
import type { EngineOptions } from '../../src/engine/engine-options.ts';
import { many, type Request, refusal, runHosts, type Script } from '../support/host-run.ts';
import { ScriptedFinder } from '../support/scripted-finder.ts';

function runFound(
  requests: readonly Request[],
  script: Script,
  {
    allowed = 3,
    limit = 1000,
    prepare = () => {},
    policy = {},
    ...rest
  }: Partial<EngineOptions<Request>> & {
    readonly allowed?: number;
    readonly prepare?: (finder: ScriptedFinder) => void;
    readonly policy?: Partial<NonNullable<EngineOptions<Request>['hosts']>['policy']>;
  } = {},
) {
  const finders = new Map<string, ScriptedFinder>();
  const run = runHosts(requests, script, {
    limit,
    ...rest,
    hosts: {
      nameOf: request => request[0] ?? '',
      policy: {
        ...{ limit: Number.POSITIVE_INFINITY, rate: null, burst: 1 },
        pauses: { pauseMs: 100, waitMsMax: 60_000 },
        ...policy,
      },
      random: seededRandom(1),
      openFinder: host => {
        const finder = new ScriptedFinder(allowed);
        prepare(finder);
        finders.set(host, finder);
        return finder;
      },
      keyOf: request => `kind ${request.length}`,
    },
  });
  const finderOf = (host: string): ScriptedFinder => {
    const finder = finders.get(host);
    assert.ok(finder);
    return finder;
  };
  return { ...run, finders, finderOf };
}

describe('what a finder allows', () => {
  test('so many are in flight for each host, and each has a finder of its own', () => {
    const { finders, finderOf, startsOf } = runFound([...many('a', 7), ...many('b', 7)], () => ({}));
    assert.deepEqual([...finders.keys()], ['a', 'b']);
    for (const host of ['a', 'b']) {
      assert.deepEqual(startsOf(host), [0, 0, 0, 100, 100, 100, 200]);
      assert.ok(finderOf(host).starts.every(({ inFlight }) => inFlight <= 3));
    }
  });

  test('a fraction or less than one is still one', () => {
    for (const allowed of [1.9, 0, -3, Number.NaN])
      assert.deepEqual(runFound(many('a', 3), () => ({}), { allowed }).startsOf('a'), [0, 100, 200]);
  });

  test('no start is earlier than it says, whatever the limit', () => {
    const { startsOf } = runFound(many('a', 4), () => ({ afterMs: 10 }), {
      prepare: finder => {
        finder.nextMs = 50;
        finder.onEnd = ({ nowMs }) => {
          finder.nextMs = nowMs + 500;
        };
      },
    });
    assert.deepEqual(startsOf('a'), [50, 50, 50, 560]);
  });

  test('a limit that rises is used at once, one that falls stops nothing in flight', () => {
    const { finderOf } = runFound(many('a', 30), ({ index }) => ({ afterMs: 100 + index }), {
      prepare: finder => {
        finder.onEnd = () => {
          finder.allowed = finder.ends.length === 1 ? 8 : 2;
        };
      },
    });
    const { starts } = finderOf('a');
    assert.equal(starts.filter(({ nowMs }) => nowMs === 100).length, 6); // 2 of 3 were left, 8 may be
    assert.ok(starts.filter(({ nowMs }) => nowMs > 210).every(({ inFlight }) => inFlight <= 2));
  });

  test('one that never allows a start again does not stall the run', () => {
    const { settled } = runFound(many('a', 5), () => ({}), {
      prepare: finder => {
        finder.onEnd = () => {
          finder.nextMs = Number.POSITIVE_INFINITY;
        };
      },
    });
    assert.equal(settled.length, 5);
  });

  test('the limit of the run, of the host and its rate stay bounds', () => {
    assert.deepEqual(runFound(many('a', 3), () => ({}), { limit: 1 }).startsOf('a'), [0, 100, 200]);
    assert.deepEqual(
      runFound(many('a', 3), () => ({}), { policy: { limit: 1 } }).startsOf('a'),
      [0, 100, 200],
    );
    const rate = { count: 1, windowMs: 1000 };
    assert.deepEqual(runFound(many('a', 3), () => ({}), { policy: { rate } }).startsOf('a'), [0, 1000, 2000]);
  });
});

describe('what a server asks for, with a finder', () => {
  test('a wait is kept in full, nothing is added, and nothing starts slowly afterwards', () => {
    const { startsOf } = runFound(many('a', 6), (_, nowMs) => (nowMs === 0 ? refusal(5000) : {}));
    assert.deepEqual(startsOf('a'), [0, 0, 0, 5010, 5010, 5010]);
  });

  test('a refusal without a wait and a quota are left to the finder', () => {
    const quota = { remaining: 0, resetMs: 60_000 };
    const { startsOf, finderOf } = runFound(many('a', 4), ({ index }) =>
      index === 0 ? refusal() : { afterMs: 10, quota },
    );
    assert.deepEqual(startsOf('a'), [0, 0, 0, 10]);
    assert.deepEqual(
      finderOf('a').ends.map(({ kind, quota: told }) => [kind, told?.remaining]),
      [
        ['throttled', undefined],
        ['served', 0],
        ['served', 0],
        ['served', 0],
      ],
    );
  });

  test('a host that asks for too long a wait is left alone', () => {
    const { settled } = runFound(many('a', 6), () => refusal(3_600_000));
    assert.equal(settled.filter(({ error }) => error?.code === 'HOST_CLOSED').length, 3);
  });
});

describe('what a finder is told', () => {
  test('each start and each end once, with what it gave', () => {
    const { finderOf } = runFound(['a1', 'a22', 'a3'], () => ({ afterMs: 40 }), { allowed: 2 });
    const { starts, ends } = finderOf('a');
    assert.deepEqual(starts, [
      { nowMs: 0, inFlight: 1, key: 'kind 2' },
      { nowMs: 0, inFlight: 2, key: 'kind 3' },
      { nowMs: 40, inFlight: 1 + 1, key: 'kind 2' },
    ]);
    assert.deepEqual(
      ends.map(({ nowMs, startedMs, startedAs, inFlight, key, token, isOk }) => [
        ...[nowMs, startedMs, startedAs, inFlight],
        ...[key, token, isOk],
      ]),
      [
        [40, 0, 1, 1, 'kind 2', 1, true],
        [40, 0, 2, 1, 'kind 3', 2, true],
        [80, 40, 2, 0, 'kind 2', 3, true],
      ],
    );
  });
});
