// The flags that say how a run treats its servers, as options of the run.
import { parseRate } from '../../control/gcra.ts';
import { parseRetryOn } from '../../control/retry-on.ts';
import type { PoliteOptions } from '../../engine/polite-plan.ts';
import type { FlagValues } from './command-line.ts';

/** As curl's, which follows 50, and browsers', which follow 20: a chain of more than ten is a mistake. */
const REDIRECTS = 10;

/** @throws ERR_OPTION_INVALID, naming the flag */
export function politeOptions(flags: FlagValues): PoliteOptions {
  const { rate, burst, retries } = flags;
  const hostRate = flags['host-rate'];
  const retryOn = flags['retry-on'];
  if (retryOn !== undefined) parseRetryOn(retryOn, '--retry-on'); // refused under the name that was typed
  return {
    ...(rate !== undefined && { rate: parseRate(rate, '--rate') }),
    ...(hostRate !== undefined && { hostRate: parseRate(hostRate, '--host-rate') }),
    ...(burst !== undefined && { burst }),
    ...(flags['per-host'] !== undefined && { perHost: flags['per-host'] }),
    ...(retries !== undefined && { retries }),
    ...(retryOn !== undefined && { retryOn }),
    ...(flags['retry-delay'] !== undefined && { retryDelayMs: flags['retry-delay'] }),
    ...(flags['retry-max-delay'] !== undefined && { retryDelayMsMax: flags['retry-max-delay'] }),
    ...(flags.location && { redirects: flags['max-redirs'] ?? REDIRECTS }),
    ...(flags['retry-unsafe'] && { retryUnsafe: true }),
    ...(flags['retry-budget'] !== undefined && { retryBudget: flags['retry-budget'] }),
  };
}
