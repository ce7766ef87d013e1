// What an engine is given, and what it says of itself while it runs.
import type { Clock } from '../base/clock.ts';
import type { Settled } from '../model/settled.ts';

export interface EngineOptions<R> {
  readonly clock: Clock;
  /** Attempts in flight at most; Infinity for no limit. */
  readonly limit: number;
  /** Outcomes as they end, or in the order of the input. */
  readonly order: 'ended' | 'input';
  /** Span from its first start in which a request must be final, all attempts together; Infinity for none. */
  readonly timeoutMs: number;
  /** The request's own such span, where it has one. */
  readonly timeoutMsOf?: (request: R) => number | null;
  /** How long an attempt that was told to end may take to do so before it is counted as ended. */
  readonly graceMs: number;
  /** Told of each final outcome, once. Calls `hold` when it can take no more for now. */
  readonly onSettled: (settled: Settled<R>) => void;
  /** Everything is final and nothing is in flight. `failure` holds what the source threw, if it did. */
  readonly onFinished: (failure: { readonly cause: unknown } | undefined) => void;
}

export interface EngineStatistics {
  /** Taken from the source. */
  readonly read: number;
  readonly waiting: number;
  readonly inFlight: number;
  readonly inFlightMax: number;
  readonly settled: number;
  /** Settled with another outcome than `ok`. */
  readonly notOk: number;
  readonly limit: number;
  /** Ends that came after their request had been settled by force; they changed nothing. */
  readonly late: number;
  readonly lanes: number;
}
