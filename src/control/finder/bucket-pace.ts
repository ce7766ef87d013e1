// Keeps starts just below the rate of a server's bucket. Below, because a rate that is a little too high is refused for
// it again and again, while what is not used gathers in the bucket, and is used when the rate is raised. It is raised
// from time to time, by little and then by more, until that is refused.
import { type BucketRates, bucketDepth, bucketRates } from './bucket.ts';
import type { StartLog } from './start-log.ts';

/** While little is known: near the middle of the rates that are not ruled out. Later the low end, and this above it. */
const AIM_ROUGH = 0.45;
const AIM = 0.1;
const ABOVE = 0.02;
/** Little is known where the highest of those is so many times the lowest, */
const WIDE = 8;
/** and for so many starts: after each few of them it is tried halfway to what is ruled out. */
const ROUGH_STARTS = 30;
const ROUGH_STEADY = 4;
const ROUGH_RAISE = 0.5;
/** Later a rate is raised after so many starts, and so long. */
const STEADY_STARTS = 50;
const STEADY_MS = 2000;
const RAISE = 0.02;
const RAISE_MAX = 0.25;
const RAISE_SHARE = 0.5;
/** Tokens that are left in the bucket after a refusal, and the part of a shallow one. */
const RESERVE = 2;
const RESERVE_SHARE = 0.25;
/** In a bucket too shallow for that any jitter is refused: then a margin of the rate does it. */
const SHALLOW = 3;
const MARGIN = 0.005;
const MARGIN_MAX = 0.3;
const MARGIN_KEPT = 0.8;
/** What has gathered is used up at no more than so many times the rate. */
const CATCH_UP = 2;
const RATE_PER_MS_MIN = 0.0001;
/** No server that counts allows so many. */
const RATE_PER_MS_MAX = 50;
/** So many unexplained refusals among the last starts are chance, and up to so many are no reason to be slower. */
const CHANCE_STARTS = 80;
const CHANCE_REFUSED = 5;
const UNEXPLAINED_MAX = 24;
/** After one by chance it is raised quickly for so many starts. */
const FORGIVEN_STARTS = 100;
/** Nothing at all was taken since the last refusal: so much less. */
const FALL_DRY = 0.8;
/** What another run found is raised sooner, and by so many times as much, until something is refused. */
const KEPT_STARTS = 30;
const KEPT_RAISE = 2;
/** It was raised, and one was refused: so much less, but no less than what was found. */
const FALL_KEPT = 0.8;
/** So many times the rate that another run found, and nothing was refused: there is no such limit any more. */
const GONE = 4;

export interface MeterRefusal {
  readonly number: number;
  readonly sentMs: number;
  /** Since the last one's wait. */
  readonly taken: number;
}

export class BucketPace {
  readonly #log: StartLog;
  #ratePerMs = Number.POSITIVE_INFINITY;
  #depth = 1;
  // Tokens at the last start; before the first one it is full.
  #tokens = 0;
  #startMs = Number.NEGATIVE_INFINITY;
  #keptPerMs = Number.POSITIVE_INFINITY;
  #steady = 0;
  #raise = 0;
  #margin = MARGIN;
  #roughUntil = 0;
  #isForgiven = false;
  // The last refusal that was the first of its burst, and how many came with it.
  #number = 0;
  #sentMs = 0;
  #others = 0;

  constructor(log: StartLog) {
    this.#log = log;
  }

  /** Infinite before it is known. */
  get ratePerMs(): number {
    return this.#ratePerMs < RATE_PER_MS_MAX ? this.#ratePerMs : Number.POSITIVE_INFINITY;
  }

  /** Requests that it takes at once after a pause. */
  get depth(): number {
    return this.#depth;
  }

  /** Another run found it. */
  keep(ratePerMs: number, depth: number): void {
    this.#keptPerMs = Math.max(RATE_PER_MS_MIN, ratePerMs);
    this.#ratePerMs = this.#keptPerMs;
    this.#depth = Math.max(1, depth);
  }

  /** It has been raised far above what another run found. */
  get isGone(): boolean {
    return this.#ratePerMs > GONE * this.#keptPerMs;
  }

  /** The first refusal since it was kept: one does not rule out a rate. It may not have been full at first. */
  correct({ number, sentMs }: MeterRefusal): void {
    this.#keptPerMs = Math.max(this.#keptPerMs, FALL_KEPT * this.#ratePerMs);
    this.#ratePerMs = this.#keptPerMs;
    this.#empty(sentMs);
    this.#noteRefusal(number, sentMs);
  }

  /** Nothing is known of the rate yet. */
  begin({ number, sentMs }: MeterRefusal): void {
    this.#roughUntil = this.#log.count + ROUGH_STARTS;
    this.#noteRefusal(number, sentMs);
  }

  /** One more of the last burst was refused. */
  refusedToo(): void {
    this.#others++;
  }

  dueMs(): number {
    const tokenMs = Math.max(0, 1 - this.#tokens) / this.#ratePerMs;
    return this.#startMs + Math.max(tokenMs, 1 / (CATCH_UP * this.#ratePerMs));
  }

  started(nowMs: number): void {
    const flown = this.#ratePerMs * Math.max(0, nowMs - this.#startMs);
    this.#tokens = Math.min(this.#depth - this.#reserve, this.#tokens + flown) - 1;
    this.#startMs = nowMs;
    const starts = this.#isUnrefused ? KEPT_STARTS : STEADY_STARTS;
    const steady = this.#isRough ? ROUGH_STEADY : Math.max(starts, STEADY_MS * this.#ratePerMs);
    if (++this.#steady >= steady) this.#raiseRate();
  }

  /** @returns the rates that are not ruled out; null where nothing can be told */
  rates({ number, sentMs }: MeterRefusal): BucketRates | null {
    const rates = bucketRates(this.#log.seen(number), this.#depth);
    if (!rates) return null;
    // Two refusals are enough for this, however long ago the first was: what was taken in between has flown in.
    const taken = number - this.#number - 1 - this.#others;
    const between = (taken - 1) / Math.max(1, sentMs - this.#sentMs);
    return { lower: Math.max(rates.lower, between), upper: rates.upper, isUnexplained: rates.isUnexplained };
  }

  /** Takes a rate of those. */
  follow({ lower, upper }: BucketRates, { number, sentMs, taken }: MeterRefusal): void {
    const width = Math.max(0, upper - lower);
    const isKept = this.#keptPerMs >= lower && this.#keptPerMs <= upper;
    if (!isKept && this.#keptPerMs < Number.POSITIVE_INFINITY) {
      this.#keptPerMs = Number.POSITIVE_INFINITY;
      this.#roughUntil = this.#log.count + ROUGH_STARTS;
    }
    const isRough = this.#isRough || upper > WIDE * lower;
    const above = isRough ? AIM_ROUGH * width : Math.min(AIM * width, ABOVE * lower);
    const aim = isKept ? this.#keptPerMs : lower + above;
    if (this.#depth < SHALLOW && this.#ratePerMs <= upper)
      this.#margin = Math.min(MARGIN_MAX, 2 * this.#margin);
    const rate = taken === 0 ? Math.min(aim, FALL_DRY * this.#ratePerMs) : aim;
    this.#ratePerMs = Math.max(RATE_PER_MS_MIN, (1 - this.#margin) * rate);
    this.#isForgiven = false;
    const seen = this.#log.seen(number);
    if (seen.isFromTheStart) this.#depth = bucketDepth(seen, this.#ratePerMs);
    this.#empty(sentMs);
    this.#noteRefusal(number, sentMs);
  }

  #empty(sentMs: number): void {
    this.#tokens = -this.#reserve;
    this.#startMs = sentMs;
    this.#steady = 0;
    this.#raise = 0;
  }

  /**
   * For a refusal that no bucket explains. Where those are few they are chance, and what was ruled out may be right;
   * where they are more the rate stays as it is. @returns whether they are so few that one of the two was done
   */
  forgive({ number, sentMs }: MeterRefusal): boolean {
    const { isRefused } = this.#log.seen(number);
    const refused = isRefused.slice(-CHANCE_STARTS).filter(Boolean).length;
    if (refused > UNEXPLAINED_MAX) return false;
    this.#ratePerMs = Math.min(RATE_PER_MS_MAX, this.#ratePerMs);
    if (refused <= CHANCE_REFUSED) {
      this.#roughUntil = this.#log.count + FORGIVEN_STARTS;
      this.#isForgiven = true;
    }
    this.#noteRefusal(number, sentMs);
    return true;
  }

  get #reserve(): number {
    return Math.min(RESERVE, RESERVE_SHARE * (this.#depth - 1));
  }

  /** Another run found it, and none was refused in this one. */
  get #isUnrefused(): boolean {
    return this.#keptPerMs < Number.POSITIVE_INFINITY && this.#number === 0;
  }

  get #isRough(): boolean {
    return this.#log.count < this.#roughUntil;
  }

  #noteRefusal(number: number, sentMs: number): void {
    this.#number = number;
    this.#sentMs = sentMs;
    this.#others = 0;
  }

  #raiseRate(): void {
    this.#steady = 0;
    this.#margin = Math.max(MARGIN, MARGIN_KEPT * this.#margin);
    const rates = this.#isForgiven ? null : bucketRates(this.#log.seen(this.#log.count), this.#depth);
    const upper = rates?.upper ?? Number.POSITIVE_INFINITY;
    const times = this.#isUnrefused ? KEPT_RAISE : 1;
    const raise = Math.min(times * RAISE_MAX, Math.max(times * RAISE, 2 * this.#raise));
    this.#raise = this.#isRough ? ROUGH_RAISE : raise;
    const before = this.#ratePerMs;
    const most = before + RAISE_SHARE * (upper - before);
    this.#ratePerMs = Math.max(before, Math.min((1 + this.#raise) * before, most, RATE_PER_MS_MAX));
  }
}
