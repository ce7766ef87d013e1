// `-c` for commands that take a number of attempts in flight and nothing else.
import { PacelineError } from '../../base/errors.ts';
import type { FlagValues } from './command-line.ts';

/** @throws ERR_OPTION_INVALID for `-c auto` and the like, which the command has no use for */
export function givenLimit({ concurrency }: Pick<FlagValues, 'concurrency'>): number | undefined {
  if (typeof concurrency !== 'string') return concurrency;
  const where = concurrency === 'auto' ? 'fetch and simulate --scenario' : 'simulate --scenario';
  throw new PacelineError(
    'ERR_OPTION_INVALID',
    `-c ${concurrency} is for ${where}. Give a number here, or unlimited.`,
  );
}
