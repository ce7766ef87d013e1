// What tests of the library share: all outcomes of a run, in short words, and a function that waits to be told.
import type { ItemContext, MapOutcome } from '../../src/index.ts';

export async function collect<T>(outcomes: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const outcome of outcomes) all.push(outcome);
  return all;
}

/** `0 ok`, `1 cancelled`, … */
export function kinds(outcomes: readonly MapOutcome<unknown, unknown>[]): string[] {
  return outcomes.map(({ index, outcome }) => `${index} ${outcome}`);
}

/** Runs until it is told to end. */
export function listen(_item: unknown, { signal }: ItemContext): Promise<never> {
  return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
}
