// What a server says by 429: that it counts. Two ways of counting are known, and one decision is made for each burst of
// refusals, from the starts that were taken and those that were not:
//
//   a bucket (bucket.ts)           tokens flow in at a rate: starts keep just below it, and use what has gathered
//   a quota (quota-window.ts)      a number for each window of time: more was taken than tokens can have come, as long
//                                  as they take to come by what the server has said
//
// After the first refusal nothing is known of the rate, since what was taken so far may all have been in the bucket. So
// starts come ever closer, the k-th after the cube root of k: soon at any rate, and at no more than three times the
// rate when it is met, so that few are refused for it.

import { BucketPace, type MeterRefusal } from './bucket-pace.ts';
import type { FoundBefore } from './found-before.ts';
import { WAIT_MS_MAX } from './longest-wait.ts';
import { QuotaWindow, sureWaitMs } from './quota-window.ts';
import { StartLog } from './start-log.ts';

/** Without Retry-After: the first wait, doubled while nothing is taken in between. */
const BACKOFF_MS = 250;
const BACKOFF_MS_MAX = 10_000;
/** So many refusals in a row after the wait that was asked for (`Retry-After: 0`): it is not kept, and ours counts. */
const WORD_KEPT = 3;
/** The second start of a guess comes after a quarter of this. */
const RAMP_MS = 250;
/** So many starts without a refusal: there is no such limit any more. */
const RAMP_STARTS_MAX = 2000;
/** More than a bucket would have taken, by so many: it is a window. */
const BEYOND = 1.5;
/** Tokens that come quicker than this are not told from a window. */
const TOKEN_MS_MIN = 50;

type Counting = 'unknown' | 'guessed' | 'bucket' | 'window';

export class Throttle {
  readonly #log = new StartLog();
  readonly #bucket = new BucketPace(this.#log);
  readonly #window = new QuotaWindow();
  #counting: Counting = 'unknown';
  /** Nobody starts before this: the end of the last refusal's wait. */
  #gateMs = Number.NEGATIVE_INFINITY;
  /** What was sent before this one says nothing about what comes after the wait. */
  #firstNumber = 1;
  #accepted = 0;
  #refusedMs = 0;
  /** Refusals in a row with nothing taken in between, and when the first of them was sent. */
  #dry = 0;
  #dryMs = 0;
  /** No token comes sooner than this, as the refusals say. */
  #tokenMs = 0;
  #hadRetryAfter = false;
  /** It counts as another run found, and has refused nothing yet. */
  #isKept = false;

  /** @param before what another run found: the first refusal corrects it */
  constructor({ mode, ratePerSecond = 0, depth = 1, quota = 0, windowMs = 0 }: Partial<FoundBefore> = {}) {
    if (mode === 'rate' && ratePerSecond > 0) {
      this.#counting = 'bucket';
      this.#bucket.keep(ratePerSecond / 1000, depth);
    }
    if (mode === 'quota' && quota > 0) {
      this.#counting = 'window';
      this.#window.keep(quota, windowMs);
    }
    this.#isKept = this.#counting !== 'unknown';
  }

  /** Infinite where there is none, or where it is not known yet. */
  get ratePerMs(): number {
    return this.#counting === 'bucket' ? this.#bucket.ratePerMs : Number.POSITIVE_INFINITY;
  }

  /** Some were refused, and what is allowed is not known yet. */
  get isGuessed(): boolean {
    return this.#counting === 'guessed';
  }

  get isKept(): boolean {
    return this.#isKept;
  }

  /** Requests that are taken at once after a pause, where there is a rate; 1 before it is known. */
  get depth(): number {
    return this.#bucket.depth;
  }

  /** Requests per window; infinite where there is none. */
  get quota(): number {
    return this.#counting === 'window' ? this.#window.quota : Number.POSITIVE_INFINITY;
  }

  /** Of the quota; 0 before it is known. */
  get windowMs(): number {
    return this.#window.windowMs;
  }

  /** The same, and 0 while it is a guess. */
  get knownWindowMs(): number {
    return this.#window.knownMs;
  }

  get hadRetryAfter(): boolean {
    return this.#hadRetryAfter;
  }

  /** When the next may start. */
  dueMs(nowMs: number, inFlight: number): number {
    if (this.#counting === 'guessed') return this.#gateMs + this.#rampMs(this.#sent);
    if (this.#counting === 'bucket') return Math.max(this.#gateMs, this.#bucket.dueMs());
    if (this.#counting === 'window') return Math.max(this.#gateMs, this.#window.dueMs(nowMs, inFlight));
    return this.#gateMs;
  }

  /** @returns its number */
  started(nowMs: number): number {
    const number = this.#log.started(nowMs);
    this.#window.started(nowMs, number);
    if (this.#counting === 'bucket') this.#bucket.started(nowMs);
    if (this.#counting === 'guessed' && this.#sent > RAMP_STARTS_MAX) this.#counting = 'unknown';
    return number;
  }

  accepted(nowMs: number, number: number, sentMs: number): void {
    this.#window.accepted(number, sentMs);
    if (number < this.#firstNumber) return;
    this.#accepted++;
    if (this.#isKept && (this.#bucket.isGone || this.#window.isGone)) this.#forget();
    if (this.#tokenMs < TOKEN_MS_MIN || this.#window.isRefuted) return;
    if (this.#accepted > 1 + BEYOND + (nowMs - this.#refusedMs) / this.#tokenMs) this.#counting = 'window';
  }

  /** A 429. @returns whether it was the first of its burst */
  refused(nowMs: number, number: number, tookMs: number, retryAfterMs: number | undefined): boolean {
    this.#log.refused(number, tookMs);
    if (number < this.#firstNumber) {
      this.#bucket.refusedToo();
      return false;
    }
    const askedMs = retryAfterMs === undefined ? undefined : Math.max(0, Math.min(WAIT_MS_MAX, retryAfterMs));
    const refusal = { number, sentMs: nowMs - tookMs, taken: number - this.#firstNumber };
    this.#noteDry(refusal);
    this.#tokenMs = Math.max(refusal.sentMs - this.#dryMs, askedMs === undefined ? 0 : sureWaitMs(askedMs));
    this.#refusedMs = refusal.sentMs;
    this.#hadRetryAfter = askedMs !== undefined;
    this.#window.refused(nowMs, refusal, askedMs);
    this.#count(refusal);
    this.#isKept = false;
    const ownMs = askedMs === undefined ? this.#backoffMs(this.#dry) : this.#backoffMs(this.#dry - WORD_KEPT);
    this.#gateMs = nowMs + Math.max(1, askedMs ?? 0, ownMs);
    this.#firstNumber = this.#log.count + 1;
    this.#accepted = 0;
    return true;
  }

  #forget(): void {
    this.#isKept = false;
    this.#counting = 'unknown';
  }

  /** Since the last refusal's wait. */
  get #sent(): number {
    return this.#log.count - this.#firstNumber + 1;
  }

  /** From the end of the wait until so many have started. */
  #rampMs(starts: number): number {
    return RAMP_MS * (Math.cbrt(starts + 1) - 1);
  }

  #noteDry({ taken, sentMs }: MeterRefusal): void {
    this.#dry = taken > 0 ? 0 : this.#dry + 1;
    if (this.#dry === 0) this.#dryMs = sentMs;
  }

  /** @param dry none where it is less than 0 */
  #backoffMs(dry: number): number {
    if (dry < 0) return 0;
    const firstMs =
      this.#counting === 'bucket' ? Math.min(BACKOFF_MS, 1 / this.#bucket.ratePerMs) : BACKOFF_MS;
    return Math.min(BACKOFF_MS_MAX, firstMs * 2 ** Math.min(30, dry));
  }

  /** Which way of counting explains the refusal. */
  #count(refusal: MeterRefusal): void {
    if (this.#counting === 'window' && !this.#window.isRefuted) return;
    if (this.#counting === 'unknown' || (this.#counting === 'guessed' && refusal.taken === 0)) {
      this.#counting = 'guessed';
      this.#bucket.begin(refusal);
      return;
    }
    if (this.#isKept) {
      this.#bucket.correct(refusal);
      return;
    }
    const rates = this.#bucket.rates(refusal);
    if (!rates) return;
    this.#counting =
      this.#tokenMs * rates.lower > 1 + BEYOND && !this.#window.isRefuted ? 'window' : 'bucket';
    if (this.#counting === 'window') return;
    if (!rates.isUnexplained || !this.#bucket.forgive(refusal)) this.#bucket.follow(rates, refusal);
  }
}
