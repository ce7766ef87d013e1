// When a run ends before its input does: at its time limit, or because too much of it fails. Options resolved once,
// as the rest of the plan.
import { invalidOption } from '../base/errors.ts';
import { DURATION_MS_MAX, formatDuration } from '../base/units.ts';
import { type ErrorsMax, parseErrorsMax, TooManyFailures } from '../control/too-many-failures.ts';
import type { OutcomeError } from '../model/outcome.ts';
import type { EngineOptions } from './engine-options.ts';

/**
 * What ends a run early. Outcomes then go on to their end without an exception: what was read and not started is
 * `cancelled`, with `RUN_DEADLINE` or `RUN_FAILED`; what was not yet read is left unread.
 */
export interface StopOptions {
  /**
   * The whole run in ms, from its first request; what is in flight then is told to end, and is counted as ended 2 s
   * later in any case. @default Infinity
   */
  readonly maxDurationMs?: number;
  /** The first request that does not end ok ends the run; what is in flight goes on to its own end. @default false */
  readonly failEarly?: boolean;
  /**
   * More requests than this that do not end ok end the run likewise: a number of them, or a share such as `'5%'` of
   * those that have ended, which is judged from 100 of them on and at the end. @default no bound
   */
  readonly maxErrors?: number | string;
}

export interface StopPlan {
  /** Infinity for no bound. */
  readonly maxDurationMs: number;
  readonly failEarly: boolean;
  /** Null for no bound. */
  readonly maxErrors: ErrorsMax | null;
}

export const STOP_OPTIONS: readonly (keyof StopOptions)[] = ['maxDurationMs', 'failEarly', 'maxErrors'];

/** @throws ERR_OPTION_INVALID */
export function resolveStop(options: StopOptions): StopPlan {
  const { maxDurationMs = Number.POSITIVE_INFINITY, failEarly = false, maxErrors } = options;
  const isSpan = maxDurationMs === Number.POSITIVE_INFINITY || isDuration(maxDurationMs);
  if (!isSpan) throw invalidOption('maxDurationMs', 'milliseconds above 0 up to ten years', maxDurationMs);
  if (typeof failEarly !== 'boolean') throw invalidOption('failEarly', 'true or false', failEarly);
  return { maxDurationMs, failEarly, maxErrors: errorsMaxOf(maxErrors) };
}

function isDuration(ms: unknown): boolean {
  return typeof ms === 'number' && ms > 0 && ms <= DURATION_MS_MAX;
}

function errorsMaxOf(given: number | string | undefined): ErrorsMax | null {
  if (given === undefined || given === Number.POSITIVE_INFINITY) return null;
  if (typeof given === 'string') return parseErrorsMax(given, 'maxErrors');
  if (Number.isSafeInteger(given) && given >= 0) return { count: given };
  throw invalidOption('maxErrors', "a whole number from 0, or a share such as '5%'", given);
}

/** The engine's options that follow from the plan. */
export function stopEngine({
  maxDurationMs,
  failEarly,
  maxErrors,
}: StopPlan): Pick<EngineOptions<never>, 'maxDurationMs' | 'failures'> {
  const failures = failEarly || maxErrors !== null;
  return {
    maxDurationMs,
    ...(failures && { failures: new TooManyFailures({ failEarly, errorsMax: maxErrors }) }),
  };
}

/** Why a run ends at its time limit. */
export function runDeadline(maxDurationMs: number): OutcomeError {
  const message = `The run reached its time limit of ${formatDuration(maxDurationMs)} (--max-duration).`;
  return { code: 'RUN_DEADLINE', message };
}
