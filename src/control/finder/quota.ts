// What a server says in its headers: how many more requests it takes, and when it counts anew.
import type { ServerQuota } from '../../model/attempt.ts';

/** Whoever asks a little too early is told to wait for a whole window. */
const LATE_MS = 2;

export class QuotaHeaders {
  #known = false;
  #left = 0;
  #resetMs = 0;
  /** The most that was ever left, with the request that said so: what a window begins with. */
  #most = 0;

  noted({ remaining, resetMs }: ServerQuota, nowMs: number, inFlight: number): void {
    if (!(remaining >= 0) || !(resetMs >= 0)) return;
    this.#known = true;
    this.#left = remaining - inFlight;
    this.#resetMs = nowMs + resetMs + LATE_MS;
    this.#most = Math.max(this.#most, remaining + 1);
  }

  started(): void {
    this.#left--;
  }

  dueMs(nowMs: number): number {
    if (!this.#known) return nowMs;
    if (this.#resetMs <= nowMs) {
      this.#left = Math.max(1, this.#most);
      this.#resetMs = Number.POSITIVE_INFINITY;
    }
    if (this.#left >= 1) return nowMs;
    return this.#resetMs < Number.POSITIVE_INFINITY ? this.#resetMs : nowMs + 50;
  }
}
