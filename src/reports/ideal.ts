// The shortest time a workload can take, and the longest that a sensible schedule may. Sending in order to whoever is
// free is list scheduling; R. L. Graham, "Bounds on Multiprocessing Timing Anomalies" (1969), proved how far
// off it can be.

/** n like requests on a server. Spans in ms. */
export interface IdealLoad {
  readonly requests: number;
  /** Requests the server serves side by side; Infinity for no bound. */
  readonly serverWorkers: number;
  /** Attempts in flight at most; null for no limit. */
  readonly limit: number | null;
  /** What one request takes a worker. */
  readonly serviceMs: number;
}

/** Makespan of a perfect client on a perfect network: rounds of as many as may run side by side. */
export function idealMakespanMs({ requests, serverWorkers, limit, serviceMs }: IdealLoad): number {
  if (requests === 0) return 0;
  const sideBySide = Math.max(1, Math.min(serverWorkers, limit ?? Number.POSITIVE_INFINITY, requests));
  return Math.ceil(requests / sideBySide) * serviceMs;
}

/**
 * Graham's bounds for unlike service times on `workers` workers, all requests known at the start: no schedule beats
 * `lowerMs` = max(total / m, longest), and list scheduling never exceeds `upperMs` = total / m + (1 − 1/m) × longest.
 */
export function grahamBounds(
  servicesMs: Iterable<number>,
  workers: number,
): { readonly lowerMs: number; readonly upperMs: number } {
  let totalMs = 0;
  let longestMs = 0;
  for (const serviceMs of servicesMs) {
    totalMs += serviceMs;
    longestMs = Math.max(longestMs, serviceMs);
  }
  return {
    lowerMs: Math.max(totalMs / workers, longestMs),
    upperMs: totalMs / workers + (1 - 1 / workers) * longestMs,
  };
}
