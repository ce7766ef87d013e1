// The spans of one exchange, from the instants that were seen and from what the server says of itself.
//
//   started ──network──▶ sent ──────── wait ────────▶ headers ──download──▶ last byte
//                             ├ queue ┬ service ┤
//                        way out                 way back          (counted as network)
import type { Phases, ServerReport } from '../model/attempt.ts';
import type { ServerTiming } from '../model/server-timing.ts';

export interface Instants {
  readonly startedMs: number;
  /** NaN where it was not reached, as for the two below. */
  readonly sentMs: number;
  readonly headersMs: number;
  readonly lastByteMs: number;
}

/** A server's spans may exceed the wait that we saw by so much: its rounding and ours. */
const ROUNDING_MS = 1;

/**
 * @param clockOriginMs the machine's monotonic clock at the run's zero, to place a server on the same
 *   host exactly; undefined where that means nothing
 */
export function measurePhases(
  at: Instants,
  timing: ServerTiming | undefined,
  clockOriginMs: number | undefined,
): { phasesMs: Phases; server?: ServerReport } {
  const phasesMs: Phases = {};
  if (Number.isNaN(at.sentMs)) return { phasesMs };
  phasesMs.network = at.sentMs - at.startedMs;
  if (Number.isNaN(at.headersMs)) return { phasesMs };
  if (!Number.isNaN(at.lastByteMs)) phasesMs.download = at.lastByteMs - at.headersMs;
  const waitMs = at.headersMs - at.sentMs;
  const restMs = waitMs - (timing?.queueMs ?? 0) - (timing?.serviceMs ?? 0);
  if (!timing || restMs < -ROUNDING_MS) {
    phasesMs.ttfb = waitMs; // nothing reported, or more than there was: then it is not believed
    return { phasesMs };
  }
  return { phasesMs, server: splitWait(phasesMs, at, timing, Math.max(0, restMs), clockOriginMs) };
}

/** Divides the wait as the server says, and finds where on our clock its part began. */
function splitWait(
  phasesMs: Phases,
  at: Instants,
  timing: ServerTiming,
  restMs: number,
  clockOriginMs: number | undefined,
): ServerReport {
  const { queueMs, serviceMs, worker, workers } = timing;
  if (queueMs !== undefined) phasesMs.queue = queueMs;
  if (serviceMs !== undefined) phasesMs.service = serviceMs;
  // Only with both parts known is the rest the way there and back; else it may hide the missing part.
  const whole = queueMs !== undefined && serviceMs !== undefined;
  if (whole) phasesMs.network = (phasesMs.network ?? 0) + restMs;
  else phasesMs.ttfb = restMs;
  const exactMs =
    timing.t0Ms !== undefined && clockOriginMs !== undefined ? timing.t0Ms - clockOriginMs : Number.NaN;
  const inside = exactMs >= at.sentMs - ROUNDING_MS && exactMs <= at.sentMs + restMs + ROUNDING_MS;
  const arrivedMs = inside ? exactMs : at.sentMs + restMs / 2;
  const doubtMs = inside ? 0 : restMs / 2;
  if (worker !== undefined && workers !== undefined) return { worker, workers, arrivedMs, doubtMs };
  return {
    ...(worker === undefined ? undefined : { worker }),
    ...(workers === undefined ? undefined : { workers }),
    arrivedMs,
    doubtMs,
  };
}
