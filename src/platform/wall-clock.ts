// The time of day, for the one place that has it: the head of a record.

/** Now, or so long ago, as ISO 8601 in UTC. */
export function timeOfDay(agoMs = 0): string {
  return new Date(Date.now() - agoMs).toISOString();
}
