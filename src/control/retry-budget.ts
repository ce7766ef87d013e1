// How many retries a run may make in all. When everything fails, retrying everything multiplies the load on a server
// that has too much already; a budget lets single failures be retried and stops the multiplication (the idea of
// Finagle's retry budget, and of gRPC's retry throttling, proposal A6).

/** Retries that a run may always make: few requests must not be left without any. */
const FREE_RETRIES = 10;

export class RetryBudget {
  readonly #share: number;
  #requests = 0;
  #taken = 0;

  /** @param share retries for each request of the run, 0.2 for one in five; Infinity for no bound */
  constructor(share: number) {
    this.#share = share;
  }

  /** A request was sent for the first time. */
  earn(): void {
    this.#requests++;
  }

  /** Takes one retry, if there is one. */
  take(): boolean {
    if (this.#taken >= FREE_RETRIES + this.#share * this.#requests) return false;
    this.#taken++;
    return true;
  }
}
