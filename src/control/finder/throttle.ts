// What a server says by 429: a rate, or a number per window. One decision for each burst of them:
//
//   Retry-After of 2 s and more    a window: what was accepted in it is the quota of the next, then one is sent at a
//                                  time, to see whether it is still the quota
//   a shorter one, or none         a rate: what was accepted by the time the server wants to be left alone; raised a
//                                  little after each quiet span, ever faster, until the next 429

const WINDOW_MS_MIN = 2000;
/** Longer than this nobody is kept waiting on a 429's word alone; the host's gate may. */
const WAIT_MS_MAX = 3_600_000;
/** Without Retry-After: the first wait, doubled while nothing is accepted in between. */
const BACKOFF_MS = 250;
const BACKOFF_MS_MAX = 10_000;
/** Below what was measured: a rate that is a little too high costs a 429 and its wait. */
const RATE_SHARE = 0.97;
/** One 429 takes no more than this from a rate that held before. */
const RATE_FALL_MIN = 0.9;
const RATE_FALL_DRY = 0.8;
const RATE_PER_MS_MIN = 0.0002;
/** A rate is raised after so long, or so many requests: at first by much, once it was confirmed by little. */
const RAISE_MS = 2000;
const RAISE_REQUESTS = 30;
const RAISE_FIRST = 0.1;
const RAISE = 0.03;
const RAISE_MAX = 0.25;
/** And so many times later, the more often it was confirmed. */
const PATIENCE_MAX = 2;
/** While all that may be in flight is, another look is taken so soon; an end comes first, as a rule. */
const LOOK_MS = 50;
const SPAN_MS_MIN = 50;
/** Too few were accepted to measure a rate: one is guessed, and raised quickly until there is a measure. */
const GUESS_PER_WAIT = 1;
const GUESS_RAISE = 0.5;
const GUESS_REQUESTS = 3;

export class Throttle {
  #ratePerMs = Number.POSITIVE_INFINITY;
  #quota = Number.POSITIVE_INFINITY;
  /** The next start at this rate, and after the last 429. */
  #nextMs = Number.NEGATIVE_INFINITY;
  #gateMs = Number.NEGATIVE_INFINITY;
  // Since the last 429's wait: what was sent before says nothing about it.
  #sinceMs = Number.NaN;
  #accepted = 0;
  #sent = 0;
  #probes = 1;
  #bursts = 0;
  #dry = 0;
  #quietMs = 0;
  #raise = 0;
  #hadRetryAfter = false;
  /** The rate was never measured. */
  #isGuess = false;
  /** From the end of one window's wait to the next, on average; 0 before there were two. */
  #windowMs = 0;
  #windows = 0;
  #firstEndMs = 0;

  /** Infinite where there is none. */
  get ratePerMs(): number {
    return this.#ratePerMs;
  }

  /** Requests per window; infinite where there is none. */
  get quota(): number {
    return this.#quota;
  }

  /** Of the quota; 0 before it is known. */
  get windowMs(): number {
    return this.#windowMs;
  }

  get hadRetryAfter(): boolean {
    return this.#hadRetryAfter;
  }

  /** When the next may start. */
  dueMs(nowMs: number, inFlight: number): number {
    let dueMs = this.#gateMs;
    if (this.#ratePerMs < Number.POSITIVE_INFINITY) dueMs = Math.max(dueMs, this.#nextMs);
    if (this.#sent >= this.#quota && inFlight >= this.#probes) dueMs = Math.max(dueMs, nowMs + LOOK_MS);
    return dueMs;
  }

  started(nowMs: number): void {
    if (Number.isNaN(this.#sinceMs)) this.#sinceMs = nowMs;
    this.#sent++;
    if (this.#ratePerMs === Number.POSITIVE_INFINITY) return;
    const gapMs = 1 / this.#ratePerMs;
    this.#nextMs = Math.max(this.#nextMs, nowMs - gapMs) + gapMs;
  }

  accepted(nowMs: number, sentMs: number): void {
    if (sentMs >= this.#sinceMs && ++this.#accepted > this.#quota) {
      this.#quota = this.#accepted;
      this.#probes++;
    }
    if (this.#ratePerMs === Number.POSITIVE_INFINITY) return;
    const patience = Math.min(PATIENCE_MAX, Math.max(1, this.#bursts - 1));
    const raiseMs = patience * Math.max(RAISE_MS, RAISE_REQUESTS / this.#ratePerMs);
    if (nowMs - this.#quietMs <= (this.#isGuess ? GUESS_REQUESTS / this.#ratePerMs : raiseMs)) return;
    this.#quietMs = nowMs;
    if (this.#isGuess) {
      this.#ratePerMs *= 1 + GUESS_RAISE;
      return;
    }
    this.#raise = Math.min(RAISE_MAX, Math.max(this.#bursts > 1 ? RAISE : RAISE_FIRST, 2 * this.#raise));
    this.#ratePerMs *= 1 + this.#raise;
  }

  /** A 429. @returns whether it was the first of its burst */
  refused(nowMs: number, sentMs: number, retryAfterMs: number | undefined, inFlight: number): boolean {
    if (sentMs < this.#sinceMs) return false;
    this.#bursts++;
    this.#dry = this.#accepted > 0 ? 0 : this.#dry + 1;
    this.#hadRetryAfter = retryAfterMs !== undefined;
    const waitMs = retryAfterMs ?? Math.min(BACKOFF_MS_MAX, BACKOFF_MS * 2 ** this.#dry);
    const endMs = nowMs + Math.max(1, Math.min(WAIT_MS_MAX, waitMs));
    if (retryAfterMs !== undefined && retryAfterMs >= WINDOW_MS_MIN) {
      this.#quota = Math.max(2, this.#accepted);
      if (this.#windows++ === 0) this.#firstEndMs = endMs;
      else this.#windowMs = (endMs - this.#firstEndMs) / (this.#windows - 1);
      this.#ratePerMs = Number.POSITIVE_INFINITY;
    } else this.#fallTo(endMs, inFlight, waitMs);
    this.#gateMs = endMs;
    this.#nextMs = endMs;
    this.#quietMs = endMs;
    this.#sinceMs = endMs - 1e-6;
    this.#accepted = 0;
    this.#sent = 0;
    this.#probes = 1;
    this.#raise = 0;
    return true;
  }

  #fallTo(endMs: number, inFlight: number, waitMs: number): void {
    const before = this.#ratePerMs;
    const isFirst = before === Number.POSITIVE_INFINITY;
    if (this.#accepted < 2) {
      if (isFirst) {
        this.#ratePerMs = Math.max(RATE_PER_MS_MIN, GUESS_PER_WAIT / Math.max(1, waitMs));
        this.#isGuess = true;
      } else this.#ratePerMs = Math.max(RATE_PER_MS_MIN, RATE_FALL_DRY * before);
      return;
    }
    this.#isGuess = false;
    // What is still in flight was accepted, too, as a rule.
    const accepted = this.#accepted + (isFirst ? inFlight : 0);
    const measured = accepted / Math.max(SPAN_MS_MIN, endMs - this.#sinceMs);
    const rate = isFirst ? measured : Math.min(before, Math.max(measured, RATE_FALL_MIN * before));
    this.#ratePerMs = Math.max(RATE_PER_MS_MIN, RATE_SHARE * rate);
  }
}
