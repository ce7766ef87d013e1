// The time of day, for the one place that has it: the head of a record.

/** Now, as ISO 8601 in UTC. */
export function timeOfDay(): string {
  return new Date().toISOString();
}
