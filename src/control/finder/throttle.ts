// What a server says by 429: a rate, or a number per window. One decision for each burst of refusals.

export class Throttle {
  #ratePerMs = Number.POSITIVE_INFINITY;
  #nextMs = Number.NEGATIVE_INFINITY;
  #gateMs = Number.NEGATIVE_INFINITY;
  #cycleMs = Number.NEGATIVE_INFINITY;
  #accepted = 0;
  #dry = 0;
  #seen = 0;
  #calmMs = 0;
  #raise = 0;
  #quota = Number.POSITIVE_INFINITY;
  #used = 0;
  #width = 1;

  get ratePerMs(): number {
    return this.#ratePerMs;
  }
  get quota(): number {
    return this.#quota;
  }

  dueMs(nowMs: number, inFlight: number): number {
    let dueMs = this.#gateMs;
    if (this.#ratePerMs < Number.POSITIVE_INFINITY) dueMs = Math.max(dueMs, this.#nextMs);
    if (this.#used >= this.#quota && inFlight >= this.#width) dueMs = Math.max(dueMs, nowMs + 50);
    return dueMs;
  }

  started(nowMs: number): void {
    if (this.#ratePerMs < Number.POSITIVE_INFINITY) {
      const gap = 1 / this.#ratePerMs;
      this.#nextMs = Math.max(this.#nextMs, nowMs - gap) + gap;
    }
    this.#used++;
  }

  accepted(nowMs: number, sentMs: number): void {
    if (sentMs >= this.#cycleMs) {
      this.#accepted++;
      if (this.#accepted > this.#quota) {
        this.#quota = this.#accepted;
        this.#width++;
      }
    }
    if (this.#ratePerMs < Number.POSITIVE_INFINITY) this.#maybeRaise(nowMs);
  }

  #maybeRaise(nowMs: number): void {
    const spanMs = Math.max(2000, 30 / this.#ratePerMs);
    if (nowMs - this.#calmMs <= spanMs) return;
    this.#calmMs = nowMs;
    this.#raise = Math.min(0.25, Math.max(this.#seen > 1 ? 0.03 : 0.1, 2 * this.#raise));
    this.#ratePerMs *= 1 + this.#raise;
  }

  /** @returns whether it was the first of its burst */
  refused(nowMs: number, sentMs: number, retryAfterMs: number | undefined, inFlight: number): boolean {
    if (sentMs < this.#cycleMs) return false;
    this.#seen++;
    this.#dry = this.#accepted > 0 ? 0 : this.#dry + 1;
    const waitMs = retryAfterMs ?? Math.min(10_000, 250 * 2 ** this.#dry);
    const endMs = nowMs + waitMs;
    const wasUnlimited = this.#ratePerMs === Number.POSITIVE_INFINITY;
    if (retryAfterMs !== undefined && retryAfterMs >= 2000) {
      this.#quota = Math.max(2, this.#accepted);
      this.#ratePerMs = Number.POSITIVE_INFINITY;
    } else if (this.#accepted >= 2) {
      const got = this.#accepted + (wasUnlimited ? inFlight : 0);
      const start = Math.max(this.#cycleMs, this.#firstMs);
      const measured = got / Math.max(50, endMs - start);
      this.#ratePerMs =
        0.97 *
        (wasUnlimited ? measured : Math.min(this.#ratePerMs, Math.max(measured, 0.9 * this.#ratePerMs)));
    } else if (!wasUnlimited) this.#ratePerMs *= 0.8;
    this.#ratePerMs = Math.max(0.0002, this.#ratePerMs);
    this.#gateMs = endMs;
    this.#cycleMs = endMs - 1e-6;
    this.#nextMs = endMs;
    this.#calmMs = endMs;
    this.#accepted = 0;
    this.#used = 0;
    this.#width = 1;
    this.#raise = 0;
    return true;
  }

  #firstMs = 0;
  begin(nowMs: number): void {
    this.#firstMs = nowMs;
  }
}
