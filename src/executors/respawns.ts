// How often workers may be replaced. A worker that dies once is replaced at once; what dies again and again
// is not repaired by one more start, and a machine without memory is not to be flooded with them.
import { Gcra } from '../control/gcra.ts';

/** Deaths of one worker without an end of an attempt in between. */
export const DEATHS_IN_A_ROW_MAX = 5;
/** Replacements of all workers together in any minute. */
export const RESPAWNS_PER_MINUTE_MAX = 60;

export class Respawns {
  // Half of the bound at once and half of it per minute: together never more than the bound in a minute.
  readonly #rate = new Gcra(
    { count: RESPAWNS_PER_MINUTE_MAX / 2, windowMs: 60_000 },
    { burst: RESPAWNS_PER_MINUTE_MAX / 2 },
  );

  /** Null when the worker may be replaced now, which counts as done; else why not. */
  refusal(deathsInARow: number, nowMs: number): string | null {
    if (deathsInARow >= DEATHS_IN_A_ROW_MAX) return `A worker died ${deathsInARow} times in a row.`;
    if (this.#rate.take(nowMs) > 0) return `Workers died more than ${RESPAWNS_PER_MINUTE_MAX / 2} times.`;
    return null;
  }
}
