// What follows an attempt over HTTP: it is sent on to where the answer says, or again, or it was the last one.
import type { Random } from '../base/random.ts';
import { nextHop } from '../control/redirect.ts';
import { decideRetry, type RetryPolicy } from '../control/retry.ts';
import { RetryBudget } from '../control/retry-budget.ts';
import { retriesOn } from '../control/retry-on.ts';
import type { AttemptEnd } from '../model/attempt.ts';
import { originOf } from '../model/origin.ts';
import { type HttpRequest, isRepeatable } from '../model/request.ts';
import type { DecideNextStep, EndedAttempt, NextStep } from './next-step.ts';

export interface HttpSteps {
  readonly retry: RetryPolicy;
  /** Retries of the run for each of its requests. */
  readonly retryBudget: number;
  /** Redirects followed for one request at most; 0 follows none. */
  readonly redirsMax: number;
}

/** @param random draws the jitter of each backoff from the request's index and the attempt's number alone */
export function httpSteps(
  { retry, retryBudget, redirsMax }: HttpSteps,
  random: Random,
): DecideNextStep<HttpRequest> {
  const budget = new RetryBudget(retryBudget);
  return ended => {
    const { index, sent, tries, nowMs, deadlineMs } = ended;
    if (tries.length === 1) budget.earn();
    const last = tries[tries.length - 1];
    const hop = last?.location === undefined ? null : followed(ended, last, redirsMax);
    if (hop) return hop;
    if (last === undefined || !retriesOn(retry.on, last)) return FINAL; // nearly all, and they draw nothing
    const facts = { tries, isRepeatable: isRepeatable(sent), nowMs, deadlineMs };
    const decision = decideRetry(retry, facts, budget, random.nth(index).nth(tries.length));
    return decision.kind === 'again' ? { ...decision, request: sent } : decision;
  };
}

const FINAL = { kind: 'final' } as const;

/** Null where the answer is no redirect. A hop is a start like any other, and waits at the gate like any other. */
function followed(
  { sent, before, nowMs }: EndedAttempt<HttpRequest>,
  { status, location }: AttemptEnd,
  redirsMax: number,
): NextStep<HttpRequest> | null {
  if (status === null) return null;
  const origin0 = originOf((before[0] ?? sent).url);
  const hop = { request: sent, status, location, hops: before.length, origin0, before };
  const next = nextHop(hop, { redirsMax });
  if (next?.kind === 'follow') return { kind: 'again', dueMs: nowMs, request: next.request };
  if (next === null) return null;
  const { code, message } = next;
  return { kind: 'final', outcome: 'protocol_error', error: { code, message } };
}
