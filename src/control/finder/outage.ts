// A server that is gone for a while: restarted, deployed anew. All of a long list would be refused in those seconds,
// each request as often as it may be sent again. So when even one alone is refused, twice in a row, the next waits, and
// longer each time. Not for ever: one that does not come back is not waited for with each of ten thousand requests.

/** One alone may be refused by chance. */
const CHANCE = 1;
const WAIT_MS = 500;
const WAIT_MS_MAX = 2000;
/** So long it is waited for. */
const OUTAGE_MS_MAX = 10_000;

export class Outage {
  #hasServed = false;
  #alone = 0;
  #sinceMs = 0;
  #gateMs = Number.NEGATIVE_INFINITY;

  /** The next must not start earlier. */
  get dueMs(): number {
    return this.#gateMs;
  }

  /** @returns whether it is back */
  served(): boolean {
    const isBack = this.#alone > CHANCE;
    this.#hasServed = true;
    this.#alone = 0;
    return isBack;
  }

  /** One was refused that was sent when `level` were in flight, itself included. */
  refused(nowMs: number, level: number): void {
    // Whoever has never been there is not awaited.
    if (!this.#hasServed || level > 1) return;
    if (this.#alone++ === 0) this.#sinceMs = nowMs;
    if (this.#alone <= CHANCE || nowMs - this.#sinceMs > OUTAGE_MS_MAX) return;
    this.#gateMs = nowMs + Math.min(WAIT_MS_MAX, WAIT_MS * 2 ** (this.#alone - CHANCE - 1));
  }
}
