// Again, or not: decided from how the attempts of one request ended, without a clock and without a socket. What
// stands against another attempt is named, so that a record can say why a request was left as it is.
import type { Random } from '../base/random.ts';
import type { AttemptEnd } from '../model/attempt.ts';
import type { NoRetry } from '../model/settled.ts';
import { backoffMs } from './backoff.ts';
import type { RetryBudget } from './retry-budget.ts';
import { type RetryOn, retriesOn } from './retry-on.ts';

export interface RetryPolicy {
  /** Attempts after the first, at most. */
  readonly retriesMax: number;
  readonly on: RetryOn;
  /** The first backoff is drawn from 0 up to this, the next from twice as much, … */
  readonly delayMs: number;
  /** No backoff is longer, and a server that asks for a longer wait is not asked again. */
  readonly delayMsMax: number;
  /** Sends again also what may have been carried out already and must not be twice. */
  readonly unsafe: boolean;
}

/** What the decision depends on. */
export interface RetryFacts {
  /** All attempts of the request, the one that has just ended last. */
  readonly tries: readonly AttemptEnd[];
  /** Sending it twice does no harm: its method is idempotent (RFC 9110 section 9.2.2), or it has a key. */
  readonly isRepeatable: boolean;
  readonly nowMs: number;
  readonly deadlineMs: number;
}

export type RetryDecision =
  | { readonly kind: 'final'; readonly noRetry?: NoRetry }
  | { readonly kind: 'again'; readonly dueMs: number };

const FINAL: RetryDecision = { kind: 'final' };

/** The wait is the longer of what the server asks for and the backoff, never a part of it. */
export function decideRetry(
  policy: RetryPolicy,
  { tries, isRepeatable, nowMs, deadlineMs }: RetryFacts,
  budget: RetryBudget,
  random: Random,
): RetryDecision {
  const end = tries[tries.length - 1];
  if (end === undefined || policy.retriesMax === 0 || !retriesOn(policy.on, end)) return FINAL;
  const retryNumber = tries.filter(one => retriesOn(policy.on, one)).length;
  if (retryNumber > policy.retriesMax) return { kind: 'final', noRetry: 'attempts' };
  if (!isRepeatable && !policy.unsafe && mayHaveArrived(end)) return { kind: 'final', noRetry: 'unsafe' };
  const askedMs = end.retryAfterMs ?? 0;
  if (askedMs > policy.delayMsMax) return { kind: 'final', noRetry: 'wait_too_long' };
  const delay = { baseMs: policy.delayMs, maxMs: policy.delayMsMax };
  const dueMs = nowMs + Math.max(askedMs, backoffMs(retryNumber, delay, random));
  if (dueMs >= deadlineMs) return { kind: 'final', noRetry: 'deadline' };
  if (!budget.take()) return { kind: 'final', noRetry: 'budget' };
  return { kind: 'again', dueMs };
}

/** A response proves that the request has arrived; without one, whoever ran the attempt says whether it may have. */
function mayHaveArrived({ status, mayHaveArrived }: AttemptEnd): boolean {
  return status !== null || mayHaveArrived === true;
}
