// What an engine is given, and what it says of itself while it runs.
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { PaceFinder } from '../control/finder/pace-finder.ts';
import type { Rate } from '../control/gcra.ts';
import type { HostPolicy } from '../control/host-gate.ts';
import type { TooManyFailures } from '../control/too-many-failures.ts';
import type { Settled } from '../model/settled.ts';
import type { DecideNextStep } from './next-step.ts';

/** What is asked of every host alike, and how to tell hosts apart. */
export interface HostOptions<R> {
  /** The host that a request goes to, as a name: an origin. */
  readonly nameOf: (request: R) => string;
  readonly policy: HostPolicy;
  /** Puts off the ends of pauses. */
  readonly random: Random;
  /**
   * Finds how much a host can bear, one finder for each host. It then decides what the host's own slow start, put-offs
   * and quota counting decide otherwise; the policy's limit and rate stay bounds. @default none
   */
  readonly openFinder?: (host: string) => PaceFinder;
  /** A short name for requests that cost about the same, for the finder. @default all are alike */
  readonly keyOf?: (request: R) => string;
}

/** What can be changed while a run goes on; what is left out stays. */
export interface LimitChange {
  /** Attempts in flight at most. Raising it starts more at once; lowering it stops nothing in flight. */
  readonly limit?: number;
  /** Null for no bound. Starts before the change count no more. */
  readonly rate?: Rate | null;
  readonly hostRate?: Rate | null;
  /** Starts at once after a quiet time, for both rates. */
  readonly burst?: number;
  /** Attempts in flight for one host at most. */
  readonly perHost?: number;
}

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
  /** Starts in a time over all hosts, retries included. @default no bound */
  readonly rate?: Rate | null;
  /** Starts at once after a quiet time, for `rate`. @default 1 */
  readonly burst?: number;
  /** @default one host without limits that is never paused */
  readonly hosts?: HostOptions<R>;
  /** What follows the end of an attempt. @default the request is final */
  readonly nextStep?: DecideNextStep<R>;
  /** From `start` on, in ms: then the run ends, and what is in flight is told to. @default Infinity */
  readonly maxDurationMs?: number;
  /** Told of each final outcome; ends the run when it says so. @default none */
  readonly failures?: TooManyFailures;
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
  /** Known and not in flight; those in backoff are among them. */
  readonly waiting: number;
  /** Waiting until they are due to be sent again. */
  readonly inBackoff: number;
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
