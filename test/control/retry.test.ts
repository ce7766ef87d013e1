// Again, or not: the decision by itself, without a run around it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { seededRandom } from '../../src/base/random.ts';
import { decideRetry, type RetryFacts, type RetryPolicy } from '../../src/control/retry.ts';
import { RetryBudget } from '../../src/control/retry-budget.ts';
import { RETRY_ON_DEFAULT } from '../../src/control/retry-on.ts';
import type { AttemptEnd } from '../../src/model/attempt.ts';

const POLICY: RetryPolicy = {
  ...{ retriesMax: 2, on: RETRY_ON_DEFAULT, delayMs: 100, delayMsMax: 5000, unsafe: false },
};
const failed: AttemptEnd = {
  ...{ lane: 0, outcome: 'http_error', status: 503, startedMs: 0, endedMs: 10, phasesMs: {}, bytes: 0 },
};
const lost: AttemptEnd = { ...failed, outcome: 'network_error', status: null };

function decide(facts: Partial<RetryFacts>, policy: Partial<RetryPolicy> = {}, budget = new RetryBudget(1)) {
  const all = { tries: [failed], isRepeatable: true, nowMs: 10, deadlineMs: Number.POSITIVE_INFINITY };
  return decideRetry({ ...POLICY, ...policy }, { ...all, ...facts }, budget, seededRandom(1));
}

describe('decideRetry', () => {
  test('C06: the wait is what the server asks for where that is longer, and in full', () => {
    for (const retryAfterMs of [100, 2000, 5000])
      assert.deepEqual(decide({ tries: [{ ...failed, retryAfterMs }] }), {
        kind: 'again',
        dueMs: 10 + retryAfterMs,
      });
  });

  test('the wait is the backoff where the server asks for less', () => {
    const asked = decide({ tries: [failed, { ...failed, retryAfterMs: 1 }] }, { delayMs: 5000 });
    const unasked = decide({ tries: [failed, failed] }, { delayMs: 5000 });
    assert.deepEqual(asked, unasked);
    assert.ok(asked.kind === 'again' && asked.dueMs > 11, JSON.stringify(asked));
  });

  test('a wait that is longer than any is not waited for', () => {
    const tries = [{ ...failed, retryAfterMs: 5001 }];
    assert.deepEqual(decide({ tries }), { kind: 'final', noRetry: 'wait_too_long' });
  });

  test('I27: as many retries as are allowed, and no more', () => {
    assert.equal(decide({ tries: [failed, failed] }).kind, 'again');
    assert.deepEqual(decide({ tries: [failed, failed, failed] }), { kind: 'final', noRetry: 'attempts' });
    assert.deepEqual(decide({}, { retriesMax: 0 }), { kind: 'final' });
  });

  test('I29: what may have arrived and is not repeatable is not sent again, unless told to', () => {
    const arrived: AttemptEnd = { ...lost, mayHaveArrived: true };
    const unsafe = { kind: 'final', noRetry: 'unsafe' };
    assert.deepEqual(decide({ tries: [arrived], isRepeatable: false }), unsafe);
    assert.deepEqual(decide({ tries: [failed], isRepeatable: false }), unsafe);
    assert.equal(decide({ tries: [lost], isRepeatable: false }).kind, 'again');
    assert.equal(decide({ tries: [arrived] }).kind, 'again');
    assert.equal(decide({ tries: [arrived], isRepeatable: false }, { unsafe: true }).kind, 'again');
  });

  test('I33: none that would be due at the deadline or later', () => {
    const tries = [{ ...failed, retryAfterMs: 500 }];
    const late = { kind: 'final', noRetry: 'deadline' };
    assert.deepEqual(decide({ tries, deadlineMs: 510 }), late);
    assert.equal(decide({ tries, deadlineMs: 510.5 }).kind, 'again');
  });

  test('a budget that is spent ends it, and is not spent by what is final anyway', () => {
    const budget = new RetryBudget(0);
    for (let i = 0; i < 20; i++) decide({ tries: [failed, failed, failed] }, {}, budget);
    for (let i = 0; i < 10; i++) assert.equal(decide({}, {}, budget).kind, 'again');
    assert.deepEqual(decide({}, {}, budget), { kind: 'final', noRetry: 'budget' });
  });
});

test('I27: a retry budget is ten, and a share of the requests', () => {
  const budget = new RetryBudget(0.2);
  for (let i = 0; i < 50; i++) budget.earn();
  let taken = 0;
  while (budget.take()) taken++;
  assert.equal(taken, 20);
  for (let i = 0; i < 4; i++) budget.earn();
  assert.equal(budget.take(), true);
  assert.equal(budget.take(), false);
});
