// What a server says in its headers: how many more requests it takes, and when it counts anew.

import type { ServerQuota } from '../../model/attempt.ts';
import { WAIT_MS_MAX } from './longest-wait.ts';

/** Whoever comes a little too early waits for a whole window. */
const LATE_MS = 2;
/** A look after so long, while no answer says when it counts anew. */
const LOOK_MS = 50;

export class QuotaHeaders {
  /** Infinite while there are no such headers. */
  #left = Number.POSITIVE_INFINITY;
  #resetMs = Number.POSITIVE_INFINITY;
  /** The most that was ever left, with the request that said so: what a window begins with. */
  #most = 1;

  #hasHeldUp = false;

  /** What a window begins with, as far as it is known. */
  get most(): number {
    return this.#most;
  }

  /** A start had to wait for it. */
  get hasHeldUp(): boolean {
    return this.#hasHeldUp;
  }

  noted({ remaining, resetMs }: ServerQuota, nowMs: number, inFlight: number): void {
    if (!(remaining >= 0 && remaining < Number.POSITIVE_INFINITY && resetMs >= 0)) return;
    // Those in flight may not be counted yet.
    this.#left = remaining - inFlight;
    this.#resetMs = nowMs + Math.min(WAIT_MS_MAX, resetMs) + LATE_MS;
    this.#most = Math.max(this.#most, remaining + 1);
  }

  started(): void {
    this.#left--;
  }

  /** When the next may start. */
  dueMs(nowMs: number): number {
    if (this.#resetMs <= nowMs) {
      this.#left = this.#most;
      this.#resetMs = Number.POSITIVE_INFINITY;
    }
    if (this.#left >= 1) return nowMs;
    this.#hasHeldUp = true;
    return this.#resetMs < Number.POSITIVE_INFINITY ? this.#resetMs : nowMs + LOOK_MS;
  }
}
