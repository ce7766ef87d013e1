// The hosts of a run: what each is allowed, and how requests end that cannot be sent to theirs.

import { seededRandom } from '../base/random.ts';
import { formatDuration } from '../base/units.ts';
import { HostGate, type HostPolicy } from '../control/host-gate.ts';
import type { HostOptions } from './engine-options.ts';
import type { Running } from './running.ts';
import type { Ending } from './settling.ts';

const NO_CHANCE = seededRandom(0);

export function openHostGate<R>(
  hosts: HostOptions<R> | undefined,
  policy: HostPolicy,
  name: string,
): HostGate {
  const random = hosts?.random.split(`host ${name}`) ?? NO_CHANCE;
  return new HostGate(policy, random, hosts?.openFinder?.(name) ?? null);
}

/** How a request ends whose host has asked for a wait that nobody has the time for. */
export function turnedAway<R>({ tries }: Running<R>, waitMs: number): Ending {
  const last = tries[tries.length - 1];
  if (last) return { outcome: last.outcome, noRetry: 'wait_too_long' };
  const message =
    `Not sent: its host asked for no requests for another ${formatDuration(waitMs)}, ` +
    'longer than --retry-max-delay allows. Send the rest later.';
  return { outcome: 'cancelled', error: { code: 'HOST_CLOSED', message } };
}

/** How a request ends whose deadline passed while it waited to be sent again. */
export function outOfTime<R>({ tries }: Running<R>): Ending {
  return { outcome: tries[tries.length - 1]?.outcome ?? 'timeout', noRetry: 'deadline' };
}
