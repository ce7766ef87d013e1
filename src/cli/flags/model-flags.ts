// The flags of `fetch` that describe a server to `--dry-run`; a run that sends takes the server as it is.
import { PacelineError } from '../../base/errors.ts';
import type { FlagValues } from './command-line.ts';

/** @throws ERR_OPTION_CONFLICT for a flag that describes a server which is not modelled */
export function checkModelFlags(flags: FlagValues): void {
  const given = (['delay', 'server-workers'] as const).find(name => flags[name] !== undefined);
  if (given === undefined) return;
  if (!flags['dry-run']) {
    throw new PacelineError(
      'ERR_OPTION_CONFLICT',
      `--${given} describes a server for --dry-run; a run takes the server as it is. Add --dry-run, or drop it.`,
    );
  }
  if (flags.delay !== undefined) return;
  throw new PacelineError(
    'ERR_OPTION_CONFLICT',
    '--server-workers says nothing without --delay: how long does the server take over a request?',
  );
}
