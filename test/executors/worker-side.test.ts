// The worker's side of the conversation, on ground of its own: what it starts, what it ends early, what it tells.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EarlyEnd, OnAttemptEnd } from '../../src/engine/ports.ts';
import { packStart } from '../../src/executors/crossing.ts';
import type { FromWorker } from '../../src/executors/protocol.ts';
import { WorkerSide } from '../../src/executors/worker-side.ts';
import type { Attempt } from '../../src/model/attempt.ts';
import type { HttpRequest } from '../../src/model/request.ts';
import { attemptPlan, CAUSE } from '../support/driven-executor.ts';

const request: HttpRequest = {
  ...{ url: 'http://127.0.0.1/', method: 'GET', headers: [], body: null, id: null, timeoutMs: null },
};

function openSide() {
  const told: FromWorker[] = [];
  const cancelled: number[] = [];
  const turns: (() => void)[] = [];
  let onEnd: OnAttemptEnd = () => {};
  const side = new WorkerSide(
    message => told.push(message),
    () => {},
    {
      openExecutor(_, { onAttemptEnd }) {
        onEnd = onAttemptEnd;
        return {
          start() {},
          flush() {},
          cancel: (lane: number, _cause: EarlyEnd) => cancelled.push(lane),
          close: async () => {},
        };
      },
      afterTurn: run => turns.push(run),
    },
  );
  side.receive({ paceline: 'open', plan: attemptPlan(), clockOriginMs: 0, worker: 0 });
  const start = (lane: number, number: number): unknown[] => {
    const attempt: Attempt<HttpRequest> = {
      ...{ lane, number, index: 7, request, admittedMs: 0, deadlineMs: Number.POSITIVE_INFINITY },
    };
    const starts: unknown[] = [];
    packStart(starts, attempt);
    return starts;
  };
  const end = (lane: number): void =>
    onEnd({ lane, outcome: 'ok', status: 200, startedMs: 0, endedMs: 1, phasesMs: {}, bytes: 0 });
  return { side, told, cancelled, turns, start, end };
}

test('a cancel that comes with the start of a later attempt on its lane does not hit that one', () => {
  const { side, cancelled, start } = openSide();
  const cancelOf = (number: number) => ({ lane: 3, index: 7, number, cause: CAUSE });
  side.receive({ paceline: 'work', starts: start(3, 2), cancels: [cancelOf(1)] });
  assert.deepEqual(cancelled, []);
  side.receive({ paceline: 'work', starts: [], cancels: [cancelOf(2)] });
  assert.deepEqual(cancelled, [3]);
});

test('ends of one turn are told in one message', () => {
  const { side, told, turns, start, end } = openSide();
  side.receive({ paceline: 'work', starts: [...start(0, 1), ...start(1, 1)], cancels: [] });
  end(0);
  end(1);
  for (const turn of turns) turn();
  assert.deepEqual(
    told.map(({ paceline }) => paceline),
    ['ready', 'ends'],
  );
});
