// What a published limiter is made of, and how it stands in the place of a finder: a limit, and what an end makes of
// it.
import type { PaceFinder } from '../../src/control/finder/pace-finder.ts';

export interface LimiterEnd {
  readonly nowMs: number;
  readonly rttMs: number;
  readonly startedMs: number;
  /** In flight when it was started, itself included. */
  readonly startedAs: number;
  readonly isOk: boolean;
  /** Refused, throttled or timed out. */
  readonly isDrop: boolean;
}

export interface Limiter {
  /** Attempts in flight at most. */
  limit: number;
  ended(end: LimiterEnd): void;
}

/** All begin with four in flight. */
export const FIRST_LIMIT = 4;
export const LIMIT_MAX = 1000;

export function asFinder(limiter: Limiter): PaceFinder {
  const unknown = { capacity: null, ratePerSecond: null, serviceMs: null, proofs: 0, isFilled: false };
  return {
    limit: () => limiter.limit,
    nextStartMs: () => 0,
    started: () => undefined,
    ended: ({ nowMs, startedMs, startedAs, isOk, kind }) => {
      const isDrop = kind === 'throttled' || kind === 'refused' || kind === 'timeout';
      limiter.ended({ nowMs, startedMs, startedAs, isOk, isDrop, rttMs: nowMs - startedMs });
    },
    finding: () => ({ mode: 'in flight', limit: limiter.limit, ...unknown, reason: 'a published algorithm' }),
  };
}

/** The base-10 logarithm of a limit as a whole number from 1, by which several of them scale their steps. */
export function log10Of(limit: number): number {
  return Math.max(1, Math.floor(Math.log10(Math.max(1, limit))));
}
