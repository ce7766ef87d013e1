// The time of day, for the two places that have it: the head of a record, and dates that servers name.

/** Now, or so long ago, as ISO 8601 in UTC. */
export function timeOfDay(agoMs = 0): string {
  return new Date(Date.now() - agoMs).toISOString();
}

/** Milliseconds since 1970. It may step back; no span is measured by it. */
export function epochMs(): number {
  return Date.now();
}
