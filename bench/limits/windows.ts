// What instants of starts say about a rate, and requests that come in a wave after a quiet time.
export function span(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms));
}

/** Most starts in any half-open window of that length. */
export function most(startsMs: Iterable<number>, windowMs: number): number {
  const sorted = Float64Array.from(startsMs).sort();
  let first = 0;
  let found = 0;
  for (let last = 0; last < sorted.length; last++) {
    // Instants have microseconds; less than one is the noise of adding them up.
    while ((sorted[last] ?? 0) - (sorted[first] ?? 0) >= windowMs - 0.001) first++;
    found = Math.max(found, last - first + 1);
  }
  return found;
}

/**
 * Starts over those that the rate allowed from the first to the last of them, where work was always there. More than
 * 1 is a burst: a whole window at once at the beginning, for instance.
 */
export function deliveredShare(
  startsMs: Iterable<number>,
  { count, windowMs }: { readonly count: number; readonly windowMs: number },
): number {
  const sorted = Float64Array.from(startsMs).sort();
  const tookMs = (sorted.at(-1) ?? 0) - (sorted[0] ?? 0);
  return (sorted.length - 1) / ((tookMs * count) / windowMs);
}

/** One, a quiet time, and all others at once. */
export async function* floodAfterQuiet<T>(items: readonly T[], quietMs: number): AsyncGenerator<T> {
  const [first, ...others] = items;
  if (first !== undefined) yield first;
  await span(quietMs);
  yield* others;
}
