// `-c` where it is a number of attempts in flight.
import { PacelineError } from '../../base/errors.ts';
import type { FlagValues } from './command-line.ts';

/** @throws ERR_OPTION_INVALID for `-c oracle`, which needs a server whose every number is known */
export function givenLimit({ concurrency }: Pick<FlagValues, 'concurrency'>): number | undefined {
  if (typeof concurrency !== 'string') return concurrency;
  throw new PacelineError(
    'ERR_OPTION_INVALID',
    `-c ${concurrency} is for simulate --scenario. Give a number here, auto, or unlimited.`,
  );
}
