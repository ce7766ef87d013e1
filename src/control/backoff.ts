// How long to wait before a retry when the server says nothing: exponential backoff with full jitter (M. Brooker,
// "Exponential Backoff And Jitter", AWS Architecture Blog, 2015). Many clients that failed together come back spread
// over the whole span, not all at its end, which cost the fewest requests of all ways compared there.
import type { Random } from '../base/random.ts';
import { DURATION_MS_MAX } from '../base/units.ts';

export interface BackoffOptions {
  /** The longest wait before the first retry. */
  readonly baseMs: number;
  /** The longest wait before any; Infinity for ten years. */
  readonly maxMs: number;
}

/** From here on twice as much is beyond every number; doubling stops before. */
const DOUBLINGS_MAX = 1000;

/**
 * Milliseconds, drawn evenly from 0 up to but not including min(maxMs, baseMs × 2^(retryNumber − 1)); 0 when that is 0.
 * @param retryNumber 1 for the first retry, which is the second attempt
 * @param random one number is drawn from it
 */
export function backoffMs(retryNumber: number, { baseMs, maxMs }: BackoffOptions, random: Random): number {
  const doublings = Math.min(Math.max(retryNumber - 1, 0), DOUBLINGS_MAX);
  const ceilingMs = Math.min(baseMs * 2 ** doublings, maxMs, DURATION_MS_MAX);
  return random.next() * ceilingMs;
}
