// What an earlier run found of an origin, as the start of another run: how many are in flight at once from the first
// request on, and a pace that is kept below until the server says something about it itself.
import type { PaceStart } from '../../model/record.ts';
import { withMargin } from './margin.ts';

/** Of one origin. */
export type FoundBefore = Omit<PaceStart, 'origin'>;

export const FOUND_BEFORE = 'found before';

/** How many are in flight at the beginning: what suits the capacity, where it was known, else what was allowed. */
export function startLevel({ mode, limit, capacity }: FoundBefore): number {
  const isHeld = mode === 'in flight' && capacity !== undefined;
  return Math.max(1, Math.floor(isHeld ? withMargin(capacity) : limit) || 1);
}

/** What of it a run begins with. */
export type StartedFrom = Pick<FoundBefore, 'limit' | 'ratePerSecond' | 'quota'>;

/** @param most attempts in flight, whatever was found */
export function startedFrom(before: FoundBefore, most: number): StartedFrom {
  const { mode, ratePerSecond, quota } = before;
  return {
    limit: Math.min(most, startLevel(before)),
    ...(mode === 'rate' && ratePerSecond !== undefined && { ratePerSecond }),
    ...(mode === 'quota' && quota !== undefined && { quota }),
  };
}
