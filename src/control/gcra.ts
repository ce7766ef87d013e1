// The rate limit as one number: the generic cell rate algorithm. It keeps the instant at which the
// next start would be exactly on pace (the theoretical arrival time, TAT) and lets a start run ahead
// of it by the burst:
//
//   interval  = window / count            one start costs this much time
//   tolerance = interval × (burst − 1)    how far ahead of pace a start may be
//   start may happen at  max(now, TAT − tolerance);  then  TAT = max(TAT, now) + interval
//
// In every half-open window of w ms at most ⌈burst + w / interval⌉ starts happen. It is a token bucket
// of `burst` tokens without the timer that fills it. Source: ITU-T I.371, annex A.
import { PacelineError } from '../base/errors.ts';
import { DURATION_MS_MAX, parseDuration } from '../base/units.ts';

/** `count` starts in `windowMs`: `{ count: 5, windowMs: 15000 }` for `5/15s`. */
export interface Rate {
  readonly count: number;
  readonly windowMs: number;
}

/**
 * How late a start that was waited for may come and still keep its place. Timers are late by one or two ms, and a turn
 * of the event loop that has much to do by a few more. Where starts are due more often than that, those that were due
 * meanwhile happen together; polling the clock in between would spread them, and cost a whole core.
 */
const LATE_MS_MAX = 10;

const RATE = /^(\d+(?:\.\d+)?|\.\d+)(?:\s*\/\s*(\d*\.?\d*\s*[A-Za-zµ]+))?$/;
const COUNT_MAX = 1e9;

/**
 * Reads `10/s`, `100/min`, `5/15s`; a bare number means per second.
 * @param name what the rate is for, as the user wrote it (`--rate-limit`); used in the message
 * @throws ERR_OPTION_INVALID for anything else, zero included
 */
export function parseRate(text: string, name: string): Rate {
  const match = RATE.exec(text.trim());
  const count = match ? Number(match[1]) : Number.NaN;
  if (match && count === 0)
    throw new PacelineError(
      'ERR_OPTION_INVALID',
      `${name}: a rate of 0 never starts. Leave it out for no limit.`,
    );
  if (!match || count > COUNT_MAX) {
    throw new PacelineError(
      'ERR_OPTION_INVALID',
      `${name}: expected a rate such as 10/s, 100/min or 5/15s, got '${text}'.`,
    );
  }
  const per = match[2] ?? 's';
  const windowMs = parseDuration(/^[\d.]/.test(per) ? per : `1${per}`, name);
  if (windowMs === 0 || windowMs / count > DURATION_MS_MAX)
    throw new PacelineError('ERR_OPTION_INVALID', `${name}: '${text}' is no rate that can be kept.`);
  return { count, windowMs };
}

/** Decides when the next start may be. Owns no clock: `nowMs` is from any clock, always the same one. */
export class Gcra {
  readonly #intervalMs: number;
  readonly #toleranceMs: number;
  readonly #lateMsMax: number;
  #tatMs = Number.NEGATIVE_INFINITY;
  /** The instant that somebody was last told to wait for. */
  #awaitedMs = Number.NEGATIVE_INFINITY;

  /** `burst` is how many starts may happen at once after a quiet time, from 1. */
  constructor(rate: Rate, { burst }: { readonly burst: number }) {
    this.#intervalMs = rate.windowMs / rate.count;
    this.#toleranceMs = this.#intervalMs * (burst - 1);
    this.#lateMsMax = Math.max(this.#intervalMs, LATE_MS_MAX);
  }

  /** For one that will wait: reserves a start and says when it may happen; `nowMs` means at once. */
  reserve(nowMs: number): number {
    const startMs = Math.max(nowMs, this.#tatMs - this.#toleranceMs);
    this.start(startMs);
    return startMs;
  }

  /** For one that waits: when the next start may be; at most `nowMs` means at once. */
  dueMs(nowMs: number): number {
    const dueMs = this.#tatMs - this.#toleranceMs;
    if (dueMs > nowMs) this.#awaitedMs = dueMs;
    return dueMs;
  }

  /** A start happens. One that was waited for and comes a little late counts as on time. */
  start(nowMs: number): void {
    const lateMs = nowMs - this.#awaitedMs;
    const isOnGrid = lateMs < this.#lateMsMax && this.#awaitedMs === this.#tatMs - this.#toleranceMs;
    this.#tatMs = (isOnGrid ? this.#tatMs : Math.max(this.#tatMs, nowMs)) + this.#intervalMs;
    // The timer that was late for this one was late for those, too, that have become due since.
    const nextMs = this.#tatMs - this.#toleranceMs;
    if (isOnGrid && nextMs <= nowMs) this.#awaitedMs = nextMs;
  }

  /** For one that refuses: 0 takes a start now; else how many ms until one could be taken, and none is. */
  take(nowMs: number): number {
    const waitMs = this.#tatMs - this.#toleranceMs - nowMs;
    if (waitMs > 0) return waitMs;
    this.start(nowMs);
    return 0;
  }
}
