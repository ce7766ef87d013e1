// Errors that are nobody's but ours. undici catches all that its handlers throw, and hands it on as if a
// connection had failed; these must not become the outcome of a request.
import { PacelineError } from '../base/errors.ts';

/** An error that no server can cause: thrown by the code that listens to us. */
export function isBug(error: Error): boolean {
  if (error instanceof PacelineError) return true;
  return (error instanceof TypeError || error instanceof ReferenceError) && !('code' in error);
}

/** undici catches what its handlers throw; a bug of ours must stop the run all the same. */
export function throwLater(error: Error): void {
  queueMicrotask(() => {
    throw error;
  });
}
