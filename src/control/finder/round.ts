// A round: about as many requests end in it as may be in flight, and one of them was sent in it. Limits are decided
// from round to round, so that each decision sees what the last one did.

export class Round {
  readonly startMs: number;
  /** What may be in flight when it begins. */
  readonly limit: number;
  readonly #need: number;
  ends = 0;
  /** Of them, those that took a worker. */
  served = 0;
  /** A request near the limit proved that the server holds more. */
  isClear = false;
  latencies = 0;
  latencySumMs = 0;
  latencySquares = 0;

  constructor(startMs: number, limit: number, inFlight: number) {
    this.startMs = startMs;
    this.limit = limit;
    this.#need = Math.max(2, Math.min(inFlight + 1, limit));
  }

  noteLatency(tookMs: number): void {
    this.latencies++;
    this.latencySumMs += tookMs;
    this.latencySquares += tookMs * tookMs;
  }

  /** Whether it is over with the end of a request that was sent at `sentMs`. */
  isOver(sentMs: number): boolean {
    return this.ends >= this.#need && sentMs >= this.startMs;
  }
}
