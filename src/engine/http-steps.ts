// What follows an attempt over HTTP: it is sent again, or it was the last one.
import type { Random } from '../base/random.ts';
import { decideRetry, type RetryPolicy } from '../control/retry.ts';
import { RetryBudget } from '../control/retry-budget.ts';
import { retriesOn } from '../control/retry-on.ts';
import { type HttpRequest, isRepeatable } from '../model/request.ts';
import type { DecideNextStep } from './next-step.ts';

export interface HttpSteps {
  readonly retry: RetryPolicy;
  /** Retries of the run for each of its requests. */
  readonly retryBudget: number;
}

/** @param random draws the jitter of each backoff from the request's index and the attempt's number alone */
export function httpSteps({ retry, retryBudget }: HttpSteps, random: Random): DecideNextStep<HttpRequest> {
  const budget = new RetryBudget(retryBudget);
  return ({ index, sent, tries, nowMs, deadlineMs }) => {
    if (tries.length === 1) budget.earn();
    const last = tries[tries.length - 1];
    if (last === undefined || !retriesOn(retry.on, last)) return FINAL; // nearly all, and they draw nothing
    const facts = { tries, isRepeatable: isRepeatable(sent), nowMs, deadlineMs };
    const decision = decideRetry(retry, facts, budget, random.nth(index).nth(tries.length));
    return decision.kind === 'again' ? { ...decision, request: sent } : decision;
  };
}

const FINAL = { kind: 'final' } as const;
