// What follows an attempt over HTTP, for many requests of one run: a budget for all, a jitter for each.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../src/base/random.ts';
import { RETRY_ON_DEFAULT } from '../../src/control/retry-on.ts';
import { httpSteps } from '../../src/engine/http-steps.ts';
import type { AttemptEnd } from '../../src/model/attempt.ts';
import type { HttpRequest } from '../../src/model/request.ts';

const sent: HttpRequest = {
  ...{ url: 'http://127.0.0.1/', method: 'GET', headers: [], body: null, id: null, timeoutMs: null },
};
const failed: AttemptEnd = {
  ...{ lane: 0, outcome: 'http_error', status: 503, startedMs: 0, endedMs: 1, phasesMs: {}, bytes: 0 },
};

/** When each of `count` requests that fail at once is due again; null for one that is not. */
function duesOf(count: number, retryBudget: number): (number | null)[] {
  const retry = { retriesMax: 1, on: RETRY_ON_DEFAULT, delayMs: 1000, delayMsMax: 5000, unsafe: false };
  const decide = httpSteps({ retry, retryBudget, redirsMax: 0 }, seededRandom(7));
  return Array.from({ length: count }, (_, index) => {
    const ended = {
      index,
      sent,
      before: [],
      tries: [failed],
      nowMs: 1,
      deadlineMs: Number.POSITIVE_INFINITY,
    };
    const step = decide(ended);
    return step.kind === 'again' ? step.dueMs : null;
  });
}

test('I27: each request adds its share to the retry budget of the run', () => {
  assert.equal(duesOf(40, 0.5).filter(due => due !== null).length, 30);
  assert.equal(duesOf(40, 0).filter(due => due !== null).length, 10);
});

test('C14: requests that fail together come back spread over the whole backoff, the same for each seed', () => {
  const dues = duesOf(200, Number.POSITIVE_INFINITY).map(due => (due ?? 0) - 1);
  assert.equal(new Set(dues).size, 200);
  const perQuarter = [0, 1, 2, 3].map(
    quarter => dues.filter(due => Math.floor(due / 250) === quarter).length,
  );
  assert.ok(Math.min(...perQuarter) > 30, `${perQuarter}`);
  assert.deepEqual(duesOf(200, Number.POSITIVE_INFINITY), duesOf(200, Number.POSITIVE_INFINITY));
});
