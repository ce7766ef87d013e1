// How long the line at a server was, over time: its mean and the length that it exceeded for a twentieth of the time.

export class QueueWatch {
  #sinceMs = 0;
  #length = 0;
  #areaMs = 0;
  /** By length: for how long. */
  readonly #spans = new Map<number, number>();
  #most = 0;

  /** From now on the line is so long. */
  note(nowMs: number, length: number): void {
    const spanMs = nowMs - this.#sinceMs;
    if (spanMs > 0) {
      this.#areaMs += this.#length * spanMs;
      this.#spans.set(this.#length, (this.#spans.get(this.#length) ?? 0) + spanMs);
      if (this.#length > this.#most) this.#most = this.#length;
      this.#sinceMs = nowMs;
    }
    this.#length = length;
  }

  mean(): number {
    return this.#areaMs / Math.max(this.#sinceMs, 1e-6);
  }

  get most(): number {
    return this.#most;
  }

  /** The smallest length that holds for this share of the time. */
  quantile(share: number): number {
    const lengths = [...this.#spans.keys()].sort((a, b) => a - b);
    const wantedMs = share * lengths.reduce((sumMs, length) => sumMs + (this.#spans.get(length) ?? 0), 0);
    let reachedMs = 0;
    for (const length of lengths) {
      reachedMs += this.#spans.get(length) ?? 0;
      if (reachedMs >= wantedMs) return length;
    }
    return 0;
  }
}
