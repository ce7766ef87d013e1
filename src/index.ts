// The public library: re-exports, nothing else.
export { ERROR_CODES, type ErrorCode, PacelineError } from './base/errors.ts';
export { findingText } from './control/finder/finding-text.ts';
export type { Finding, FoundMode } from './control/finder/pace-finder.ts';
export {
  type LimiterEnd,
  openPaceLimiter,
  type PaceLimiter,
  type PaceLimiterOptions,
} from './control/finder/pace-limiter.ts';
export { type Permit, Semaphore, type SemaphoreStatistics } from './control/semaphore.ts';
export type { Handler, HandlerContext, HandlerResponse } from './engine/handler.ts';
export type { RunOptions } from './engine/plan.ts';
export type { Limits } from './engine/polite-plan.ts';
export { STRATEGIES, STRATEGY_NAMES, type Strategy, type StrategyName } from './engine/strategies.ts';
export type { ItemContext } from './executors/functions.ts';
export {
  type FetchAllOptions,
  type FetchRequest,
  fetchAll,
  type RequestObject,
} from './library/fetch-all.ts';
export type { FetchOutcome } from './library/fetch-outcome.ts';
export { type MapOptions, type MapOutcome, mapConcurrent } from './library/map-concurrent.ts';
export type { OutcomeIterator } from './library/run-iterator.ts';
export type { AttemptEnd, Phases, ResponseHeaders, ServerReport } from './model/attempt.ts';
export { OUTCOMES, type OutcomeError, type OutcomeKind, type TimeoutPhase } from './model/outcome.ts';
export type { PaceStart } from './model/record.ts';
