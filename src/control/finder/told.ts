// What a finder is told, made sound: other programs drive it, too, and one number that is none would stay in each
// mean.
import type { ServerQuota } from '../../model/attempt.ts';
import type { FinderEnd } from './pace-finder.ts';

/** What is counted by level has a bound, also where there is no limit. */
const LEVEL_MAX = 65_536;

/** In flight: a whole number from `least`, and never more than were allowed. */
export function soundLevel(level: number, least: number, most: number): number {
  return level >= least ? Math.min(LEVEL_MAX, most, Math.floor(level)) : least;
}

/**
 * The same end with levels, spans and a quota that are numbers; a wait that is none was not asked for.
 * @param most that were ever allowed in flight
 */
export function soundEnd(end: FinderEnd, most: number): FinderEnd {
  const { retryAfterMs, quota, ...rest } = end;
  return {
    ...rest,
    startedAs: soundLevel(end.startedAs, 1, most),
    inFlight: soundLevel(end.inFlight, 0, most),
    connectMs: soundSpan(end.connectMs),
    passedOver: soundLevel(end.passedOver ?? 0, 0, most),
    ...(retryAfterMs !== undefined && !Number.isNaN(retryAfterMs) && { retryAfterMs }),
    ...(quota && isSound(quota) && { quota: { ...quota, remaining: Math.floor(quota.remaining) } }),
  };
}

function soundSpan(ms: number): number {
  return ms > 0 && ms < Number.POSITIVE_INFINITY ? ms : 0;
}

function isSound({ remaining, resetMs }: ServerQuota): boolean {
  return remaining >= 0 && remaining < Number.POSITIVE_INFINITY && resetMs >= 0;
}
