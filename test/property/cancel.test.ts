// Cancelled at every event: a small run with trouble in it is stopped before its step 0, 1, 2 … to its end,
// each way, and once from inside the sink. Nothing is sampled: every such run is made.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ATTEMPT_LIMITS } from '../../src/model/plan.ts';
import { InvalidInput } from '../../src/model/request.ts';
import { FAULT_KINDS } from '../../src/simulation/faults.ts';
import { drive, driveNow } from './drive.ts';
import { type Action, type ActionKind, drawScenario, request, type Scenario } from './scenario.ts';
import { TROUBLES } from './troubled-workers.ts';

const REQUESTS = 7;
/** More than any of these runs has. */
const STEPS_MAX = 120;

function smallScenario(seed: number, actions: readonly Action[]): Scenario {
  return {
    ...drawScenario(seed),
    requests: Array.from({ length: REQUESTS }, (_, index) => request(index)),
    source: 'generator',
    handler: 'none',
    limit: 1 + (seed % 3),
    order: seed % 2 === 0 ? 'input' : 'ended',
    timeoutMs: 150,
    graceMs: 20,
    limits: { ...ATTEMPT_LIMITS, connectMs: 30, headersMs: 90, bodyMs: 20 },
    rttMs: seed % 4,
    closeMs: seed % 5,
    faultShare: 0.5,
    faultKinds: FAULT_KINDS,
    faultMsMax: 60,
    workers: null,
    actions,
  };
}

function stop(kind: ActionKind, at: number, inSink: boolean): Action {
  return { kind, at, inSink, limit: 1 };
}

for (const kind of ['abort', 'drain'] as const) {
  test(`A03: ${kind} before every step of a run`, () => {
    for (let seed = 1; seed <= 12; seed++) {
      for (let at = 0; at < STEPS_MAX; at++) {
        const { invariants } = driveNow(smallScenario(seed, [stop(kind, at, false)]));
        assert.equal(invariants.broken, undefined, `seed ${seed}, ${kind} before step ${at}`);
        if (invariants.stoppedMs === Number.POSITIVE_INFINITY) break; // the run was over before
      }
    }
  });

  test(`${kind} from inside the sink, at every outcome`, () => {
    for (let seed = 1; seed <= 12; seed++) {
      for (let at = 1; at <= REQUESTS; at++) {
        const { invariants } = driveNow(smallScenario(seed, [stop(kind, at, true)]));
        assert.equal(invariants.broken, undefined, `seed ${seed}, ${kind} at outcome ${at}`);
      }
    }
  });
}

test('drain, then abort at every later step', () => {
  for (let seed = 1; seed <= 4; seed++) {
    for (let at = 2; at < 40; at++) {
      const { invariants } = driveNow(
        smallScenario(seed, [stop('drain', 2, false), stop('abort', at, false)]),
      );
      assert.equal(invariants.broken, undefined, `seed ${seed}, abort before step ${at}`);
    }
  }
});

test('abort before every step while the source and the handler are asynchronous', async () => {
  for (let seed = 1; seed <= 3; seed++) {
    for (let at = 0; at < 60; at++) {
      const scenario = smallScenario(seed, [stop('abort', at, false)]);
      const { invariants } = await drive({ ...scenario, source: 'async slow', handler: 'slow' });
      assert.equal(invariants.broken, undefined, `seed ${seed}, abort before step ${at}`);
    }
  }
});

test('abort before every step while attempts run in workers that come to harm', async () => {
  const drawn = { count: 2, messageMs: 1, startUpMs: 20, share: 0.5, lifeMsMax: 60, silenceMsMax: 100 };
  for (let seed = 1; seed <= 4; seed++) {
    for (let at = 0; at < STEPS_MAX; at++) {
      const scenario = smallScenario(seed, [stop('abort', at, false)]);
      const { invariants } = await drive({ ...scenario, workers: { ...drawn, troubles: TROUBLES } });
      assert.equal(invariants.broken, undefined, `seed ${seed}, abort before step ${at}`);
    }
  }
});

test('the limit is raised from inside the sink while the engine reads ahead: the next starts at once', () => {
  const bad = new InvalidInput({ code: 'ERR_INPUT_URL', message: 'line 2: not a URL' });
  const raise: Action = { kind: 'resize', at: 1, inSink: true, limit: 2 };
  const requests = [request(0), request(1), bad];
  const scenario = { ...smallScenario(1, [raise]), polite: null, stop: null, limit: 1, requests };
  assert.equal(driveNow(scenario).invariants.broken, undefined);
});

test('drained at each of the outcomes of one long turn: no timer that would have gone on with it is left', () => {
  const bad = new InvalidInput({ code: 'ERR_INPUT_URL', message: 'not a URL' });
  const requests = new Array<InvalidInput>(600).fill(bad);
  for (let at = 500; at < 530; at++) {
    const scenario = { ...smallScenario(1, [stop('drain', at, true)]), polite: null, stop: null, requests };
    assert.equal(driveNow(scenario).invariants.broken, undefined, `drain at outcome ${at}`);
  }
});

test('a request that was settled by force is not settled again by an abort', () => {
  for (let at = 0; at < 10; at++) {
    const { invariants } = driveNow({
      ...smallScenario(1, [stop('abort', at, false)]),
      requests: [request(0, 10), request(1), request(2)],
      limit: 2,
      timeoutMs: 400,
      limits: ATTEMPT_LIMITS,
      faultShare: 1,
      faultKinds: ['deaf'],
    });
    assert.equal(invariants.broken, undefined, `abort before step ${at}`);
  }
});
