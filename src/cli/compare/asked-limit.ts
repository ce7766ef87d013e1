// How many attempts may be in flight in each program of a comparison or a simulation: as many as were asked for, or as
// many as its server is found to bear.
import { PacelineError } from '../../base/errors.ts';
import { limitFor } from '../../engine/plan.ts';
import type { Strategy } from '../../engine/strategies.ts';
import type { FlagValues } from '../flags/command-line.ts';
import { givenLimit } from '../flags/limit-flag.ts';

export interface AskedLimit {
  /** Attempts in flight at most; null for no limit. */
  readonly limit: number | null;
  /** Their number is found while the program runs. */
  readonly findsPace: boolean;
}

/**
 * @param fallback for `-c` where it is left out
 * @throws ERR_OPTION_CONFLICT, ERR_OPTION_INVALID
 */
export function askedLimit(
  strategy: Strategy,
  flags: Pick<FlagValues, 'concurrency' | 'max-concurrency' | 'pace-from'>,
  fallback: number,
): AskedLimit {
  const { concurrency, 'max-concurrency': most } = flags;
  if (most !== undefined && concurrency === undefined)
    throw new PacelineError(
      'ERR_OPTION_CONFLICT',
      '--max-concurrency bounds what -c auto finds: give -c auto too.',
    );
  if (flags['pace-from'] !== undefined && concurrency !== 'auto')
    throw new PacelineError('ERR_OPTION_CONFLICT', '--pace-from is where -c auto begins: give -c auto too.');
  const { limit, findsUpTo } = limitFor(strategy, {
    concurrency: concurrency === 'auto' ? 'auto' : (givenLimit(flags) ?? fallback),
    ...(most !== undefined && { concurrencyMax: most }),
  });
  return { limit: Number.isFinite(limit) ? limit : null, findsPace: findsUpTo !== null };
}
