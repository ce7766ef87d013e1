// An executor driven by hand: attempts go in lane by lane, each gives a promise of its end, and an end that
// nobody waits for, or that comes twice, fails the test.
import assert from 'node:assert/strict';
import type { Clock } from '../../src/base/clock.ts';
import type { EarlyEnd, Executor, OnAttemptEnd } from '../../src/engine/ports.ts';
import type { Attempt, AttemptEnd } from '../../src/model/attempt.ts';
import {
  ATTEMPT_LIMITS,
  type AttemptLimits,
  type AttemptPlan,
  PLAIN_CONNECTION,
} from '../../src/model/plan.ts';
import type { HttpRequest } from '../../src/model/request.ts';

export type PlanOptions = Partial<Pick<AttemptPlan, 'handler' | 'keepHeaders' | 'keepLocation'>> & {
  readonly limits?: Partial<AttemptLimits>;
};

export function attemptPlan({ limits, ...options }: PlanOptions = {}): AttemptPlan {
  return {
    limits: { ...ATTEMPT_LIMITS, ...limits },
    connection: PLAIN_CONNECTION,
    keepHeaders: false,
    keepLocation: false,
    keepBody: true,
    keepBodyBytesMax: Number.POSITIVE_INFINITY,
    handler: null,
    ...options,
  };
}

export const CAUSE: EarlyEnd = {
  outcome: 'cancelled',
  error: { code: 'TEST', message: 'The test has seen enough.' },
};

export class DrivenExecutor {
  readonly executor: Executor<HttpRequest>;
  readonly clock: Clock;
  readonly #waiting = new Map<number, (end: AttemptEnd) => void>();
  #started = 0;

  constructor(clock: Clock, open: (onAttemptEnd: OnAttemptEnd) => Executor<HttpRequest>) {
    this.clock = clock;
    this.executor = open(end => {
      const resolve = this.#waiting.get(end.lane);
      assert.ok(resolve, `an end on lane ${end.lane}, where nothing is in flight`);
      this.#waiting.delete(end.lane);
      resolve(end);
    });
  }

  /** Starts without flushing. */
  start(
    lane: number,
    url: string,
    options: Partial<HttpRequest> & Partial<Pick<Attempt<unknown>, 'deadlineMs' | 'index'>> = {},
  ): Promise<AttemptEnd> {
    const { deadlineMs = Number.POSITIVE_INFINITY, index = this.#started, ...request } = options;
    assert.ok(!this.#waiting.has(lane), 'one attempt on a lane');
    this.#started++;
    const { promise, resolve } = Promise.withResolvers<AttemptEnd>();
    this.#waiting.set(lane, resolve);
    this.executor.start({
      request: { url, method: 'GET', headers: [], body: null, id: null, timeoutMs: null, ...request },
      index,
      number: 1,
      lane,
      admittedMs: this.clock.now(),
      deadlineMs,
    });
    return promise;
  }

  run(...start: Parameters<DrivenExecutor['start']>): Promise<AttemptEnd> {
    const end = this.start(...start);
    this.executor.flush();
    return end;
  }

  cancel(lane: number, cause: EarlyEnd = CAUSE): void {
    this.executor.cancel(lane, cause);
    this.executor.flush();
  }
}
