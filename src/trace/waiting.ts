// When is a stay in a queue, the server's or our own, a wait? Handing a request to an idle worker takes a moment too,
// and a picture that called this waiting would teach something false.
import type { Phases } from '../model/attempt.ts';

/** Shorter stays are the hand-over to a free worker. */
const WAIT_MS_MIN = 1;
/** And so are stays that are small beside the work itself. */
const WAIT_SHARE_MIN = 0.05;

/** True when a worker was not free at once: at least 1 ms, and 5 % of the service time. */
export function waitedAtServer(phases: Phases): boolean {
  const queueMs = phases.queue ?? 0;
  return queueMs >= WAIT_MS_MIN && queueMs >= WAIT_SHARE_MIN * (phases.service ?? 0);
}

/** True when an attempt waited for a permit of ours, by the same measure: 1 ms, and 5 % of its time in flight. */
export function waitedHere(permitMs: number, inFlightMs: number): boolean {
  return permitMs >= WAIT_MS_MIN && permitMs >= WAIT_SHARE_MIN * inFlightMs;
}
