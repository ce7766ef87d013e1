// A server that meters its clients: a bucket of tokens that fills evenly, or windows of time with so many requests
// each.
import type { ScenarioRateLimit } from './scenario.ts';

/** What its headers say. */
export interface SaidQuota {
  readonly limit: number;
  readonly remaining: number;
  readonly resetMs: number;
}

export class RateLimiter {
  readonly #limit: ScenarioRateLimit;
  #tokens: number;
  #filledMs = 0;
  #windowMs = 0;
  #used = 0;

  constructor(limit: ScenarioRateLimit) {
    this.#limit = limit;
    this.#tokens = limit.most;
  }

  /** A request comes. @returns 0 where it is taken, else how long until one would be */
  take(nowMs: number): number {
    const { kind, most, perSecond, windowMs } = this.#limit;
    this.#turn(nowMs);
    if (kind === 'bucket') {
      if (this.#tokens < 1) return ((1 - this.#tokens) / perSecond) * 1000;
      this.#tokens--;
      return 0;
    }
    if (this.#used >= most) return this.#windowMs + windowMs - nowMs;
    this.#used++;
    return 0;
  }

  quota(nowMs: number): SaidQuota | null {
    const { kind, most, perSecond, windowMs, headers } = this.#limit;
    if (!headers) return null;
    this.#turn(nowMs);
    if (kind === 'window')
      return { limit: most, remaining: most - this.#used, resetMs: this.#windowMs + windowMs - nowMs };
    const resetMs = ((most - this.#tokens) / perSecond) * 1000;
    return { limit: most, remaining: Math.floor(this.#tokens), resetMs };
  }

  /** How a 429 names a wait. */
  asked(waitMs: number): number | null {
    const { retryAfter } = this.#limit;
    if (retryAfter === 'none') return null;
    return retryAfter === 'exact' ? waitMs : Math.max(1, Math.ceil(waitMs / 1000)) * 1000;
  }

  /** Lets time pass. */
  #turn(nowMs: number): void {
    const { kind, most, perSecond, windowMs } = this.#limit;
    if (kind === 'bucket') {
      this.#tokens = Math.min(most, this.#tokens + ((nowMs - this.#filledMs) / 1000) * perSecond);
      this.#filledMs = nowMs;
      return;
    }
    const startMs = Math.floor(nowMs / windowMs) * windowMs;
    if (startMs === this.#windowMs) return;
    this.#windowMs = startMs;
    this.#used = 0;
  }
}
