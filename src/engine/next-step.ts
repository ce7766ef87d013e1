// What follows the end of an attempt: the request is final, or it is sent again. Decided by whoever built the run;
// the engine only carries it out.
import type { AttemptEnd } from '../model/attempt.ts';
import type { NoRetry } from '../model/settled.ts';
import type { EarlyEnd } from './ports.ts';

export interface EndedAttempt<R> {
  /** Place of the request in the input, from 0. */
  readonly index: number;
  /** What the attempt sent. */
  readonly sent: R;
  /** What was sent before it was sent on to somewhere else, oldest first; retries are not in it. */
  readonly before: readonly R[];
  /** All attempts, the one that ended last. */
  readonly tries: readonly AttemptEnd[];
  readonly nowMs: number;
  /** Everything must be over by then; Infinity for no bound. */
  readonly deadlineMs: number;
}

export type NextStep<R> =
  /** As its last attempt ended, or as said here. `noRetry`: why, where one might have expected another attempt. */
  | ({ readonly kind: 'final'; readonly noRetry?: NoRetry } & Partial<EarlyEnd>)
  /** Not before `dueMs`. `request` is what it sends, the same one or where it was sent on to. */
  | { readonly kind: 'again'; readonly dueMs: number; readonly request: R };

export type DecideNextStep<R> = (ended: EndedAttempt<R>) => NextStep<R>;
