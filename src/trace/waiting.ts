// When is a stay in the server's queue a wait? Handing a request to an idle worker takes a moment too, and
// a picture that called this waiting would teach something false.
import type { Phases } from '../model/attempt.ts';

/** Shorter stays are the hand-over to a free worker. */
export const WAIT_MS_MIN = 1;
/** And so are stays that are small beside the work itself. */
export const WAIT_SHARE_MIN = 0.05;

/** True when a worker was not free at once: at least 1 ms, and 5 % of the service time. */
export function waitedAtServer(phases: Phases): boolean {
  const queueMs = phases.queue ?? 0;
  return queueMs >= WAIT_MS_MIN && queueMs >= WAIT_SHARE_MIN * (phases.service ?? 0);
}
