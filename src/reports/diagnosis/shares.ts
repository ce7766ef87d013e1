// For which part of a run something was so, from its curves over time. Shares are from 0 to 1, of the time from the
// first start to the last: what comes before and after is no one's limit.
import type { Summary } from '../../model/record.ts';
import { HANDLING, IN_FLIGHT, PAUSED, type RunFacts, SERVED, SERVER_QUEUE, WAITING } from './facts.ts';

/** So full is a limit called full, and a server busy: hand-overs take a moment too. */
export const FULL = 0.9;
/** Fewer waiting than this on average in a column are nobody. */
const NOBODY = 0.1;
const SOMEBODY = 0.5;
/** In flight for a share of the limit that is called little. */
const LITTLE = 0.5;

export interface RunShares {
  /** Somebody waited, and all that may be in flight was. */
  readonly full: number;
  /** Somebody waited, and less was in flight than may be. */
  readonly held: number;
  /** Nobody waited, and at most half of what may be in flight was. */
  readonly idle: number;
  /** Of the whole run: the server had asked to be left alone. */
  readonly paused: number;
  /** Of the whole run: some handler was at work. */
  readonly handling: number;
  /** From the first that was served to the last wait in the server's queue, in ms. */
  readonly queuedMs: number;
  /** How many its workers served on average in that time. */
  readonly servedWhileQueued: number;
}

/** @param limit attempts in flight at most; null for no limit */
export function sharesOf(facts: RunFacts, { makespanMs }: Summary, limit: number | null): RunShares {
  const { curves, firstAdmittedMs, lastAdmittedMs } = facts;
  const first = Math.floor(firstAdmittedMs / curves.columnMs);
  const inFlight = curves.levels(IN_FLIGHT, lastAdmittedMs).slice(first);
  const waiting = curves.levels(WAITING, lastAdmittedMs).slice(first);
  const most = limit ?? Number.POSITIVE_INFINITY;
  const count = (isSo: (flying: number, waits: number) => boolean): number => {
    let columns = 0;
    for (let i = 0; i < inFlight.length; i++)
      if (isSo(inFlight[i] as number, waiting[i] as number)) columns++;
    return inFlight.length === 0 ? 0 : columns / inFlight.length;
  };
  return {
    full: count((flying, waits) => waits >= SOMEBODY && flying >= FULL * most),
    held: count((flying, waits) => waits >= SOMEBODY && flying < FULL * most),
    idle: count((flying, waits) => waits < NOBODY && flying <= LITTLE * most),
    paused: covered(curves.levels(PAUSED, makespanMs)),
    handling: covered(curves.levels(HANDLING, makespanMs)),
    ...whileQueued(facts, makespanMs),
  };
}

function whileQueued(
  { curves }: RunFacts,
  makespanMs: number,
): Pick<RunShares, 'queuedMs' | 'servedWhileQueued'> {
  const queue = curves.levels(SERVER_QUEUE, makespanMs);
  const served = curves.levels(SERVED, makespanMs);
  const first = served.findIndex(level => level >= SOMEBODY);
  const last = queue.findLastIndex(level => level >= SOMEBODY);
  if (first < 0 || last < first) return { queuedMs: 0, servedWhileQueued: 0 };
  let sum = 0;
  for (let column = first; column <= last; column++) sum += served[column] as number;
  const columns = last + 1 - first;
  return { queuedMs: columns * curves.columnMs, servedWhileQueued: sum / columns };
}

/** Of these columns, the part in which there was at least one. */
function covered(levels: readonly number[]): number {
  if (levels.length === 0) return 0;
  return levels.reduce((sum, level) => sum + Math.min(1, level), 0) / levels.length;
}
