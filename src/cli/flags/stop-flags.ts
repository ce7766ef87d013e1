// The flags that end a run before its input does, as options of the run, and the checks that judge it.
import { type Check, parseCheck } from '../../control/checks.ts';
import { parseErrorsMax } from '../../control/too-many-failures.ts';
import type { StopOptions } from '../../engine/stop-plan.ts';
import type { FlagValues } from './command-line.ts';

/** @throws ERR_OPTION_INVALID, naming the flag */
export function stopOptions(flags: FlagValues): StopOptions {
  const maxDurationMs = flags['max-duration'];
  const maxErrors = flags['max-errors'];
  if (maxErrors !== undefined) parseErrorsMax(maxErrors, '--max-errors'); // refused under the name that was typed
  return {
    ...(maxDurationMs !== undefined && { maxDurationMs }),
    ...(flags['fail-early'] && { failEarly: true }),
    ...(maxErrors !== undefined && { maxErrors }),
  };
}

/** @throws ERR_OPTION_INVALID with a mark under what is out of place */
export function checksOf(flags: FlagValues): readonly Check[] {
  return (flags.check ?? []).map(text => parseCheck(text, '--check'));
}
