// What is said when the machine allows a run less than it asked for: before the run if it asked for a number,
// after it if it asked for no limit, and then only if it came to that.
import { formatCount } from '../../base/units.ts';
import type { HeldBack } from '../../engine/descriptor-room.ts';

export function warningBefore(heldBack: HeldBack | null): string | null {
  if (heldBack === null || !Number.isFinite(heldBack.asked.limit)) return null;
  return `${why(heldBack)}: ${sizes(heldBack)}. Allow more: ulimit -n ${enough(heldBack)}`;
}

/** @param inFlightMax as it was in the run */
export function warningAfter(heldBack: HeldBack | null, inFlightMax: number): string | null {
  if (heldBack === null || Number.isFinite(heldBack.asked.limit)) return null;
  if (inFlightMax < heldBack.given.limit && heldBack.given.workers === heldBack.asked.workers) return null;
  return `${why(heldBack)}: ${sizes(heldBack)}. Allow more: ulimit -n, or give a limit with -c`;
}

function why({ allowed, open }: HeldBack): string {
  return `this process may hold ${formatCount(allowed)} file descriptors (ulimit -n), ${open} are in use`;
}

function sizes({ asked, given }: HeldBack): string {
  const inFlight = Number.isFinite(asked.limit)
    ? `${formatCount(given.limit)} in place of ${formatCount(asked.limit)}`
    : `${formatCount(given.limit)}`;
  const parts = given.limit === asked.limit ? [] : [`at most ${inFlight} in flight`];
  if (given.workers !== asked.workers) parts.push(`workers: ${given.workers} in place of ${asked.workers}`);
  return parts.join(', ');
}

/** A power of two that surely is: the sockets of all, and ten for each worker. */
function enough({ asked, open }: HeldBack): number {
  const needed = open + asked.limit + 10 * asked.workers + 40;
  return 2 ** Math.ceil(Math.log2(needed));
}
