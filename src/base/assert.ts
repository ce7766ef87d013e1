// Invariants that stay on in production: a broken one is our bug and stops the run.
import { PacelineError } from './errors.ts';

export function assert(condition: unknown, claim: string): asserts condition {
  if (!condition)
    throw new PacelineError('ERR_BUG', `Broken invariant: ${claim}. Please report it, with the seed.`);
}

/** The end of an exhaustive `switch`. */
export function unreachable(value: never): never {
  throw new PacelineError('ERR_BUG', `Unexpected value: ${JSON.stringify(value)}. Please report it.`);
}
