// A number of requests for each window of time. What was taken before a 429 is the quota of the next window; when a
// second window has ended with as many, its length is known too, and from then on nobody has to be refused to know when
// to stop and when to go on. When a window ends is said by the 429's wait; without one it is asked, by one request at a
// time, and lies between the last that was refused and the first that was not.

import type { MeterRefusal } from './bucket-pace.ts';

/** Waits of whole seconds were rounded up, as a rule. */
const SECOND_MS = 1000;
/** Other waits are exact but for what the network adds. */
const JITTER_MS = 25;
/** Whoever comes a little too early is refused. */
const LATE_MS = 3;
/** Clocks of timers differ by less. */
const SAME_MS = 0.5;
/** While all that may be in flight is, another look is taken so soon; an end comes first, as a rule. */
const LOOK_MS = 50;
/** A settled quota is tried again after so many windows, and then ever more rarely. */
const TRY_AFTER = 16;
const TRY_AFTER_MAX = 256;
/** So many times the quota that another run found, and nothing was refused: there is no such quota any more. */
const GONE = 2;
/** A length that is known to such a share is known. */
const KNOWN_SHARE = 0.05;
/** Lengths that people choose, in seconds; others are told without them. */
const USUAL_S: readonly number[] = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600];
/** Quotas are alike that differ by less; so many in a row that are not refute that there is a window. */
const ALIKE = 2;
const ALIKE_SHARE = 0.1;
const OTHERS_MAX = 3;
const ENDS_KEPT = 8;

/** Windows are counted; this one ended at that instant, or up to so much earlier. */
interface WindowEnd {
  readonly index: number;
  readonly atMs: number;
  readonly slackMs: number;
}

/** The wait that is surely meant: what may have been rounded up is taken off. */
export function sureWaitMs(retryAfterMs: number): number {
  return Math.max(0, retryAfterMs - slackOf(retryAfterMs));
}

function slackOf(retryAfterMs: number): number {
  return retryAfterMs % SECOND_MS === 0 ? SECOND_MS : JITTER_MS;
}

export class QuotaWindow {
  #quota = Number.POSITIVE_INFINITY;
  #windowMs = 0;
  #ends: WindowEnd[] = [];
  // Bounds of the length.
  #leastMs = 0;
  #mostMs = Number.POSITIVE_INFINITY;
  /** The usual length within them was wrong. */
  #isUnusual = false;
  // The window that is now.
  #index = 0;
  #endMs = Number.POSITIVE_INFINITY;
  #firstNumber = 1;
  #sent = 0;
  #accepted = 0;
  #probes = 1;
  /** It is only foretold that it has begun: one goes first. */
  #isForetold = false;
  /** Nobody said when it ends: the last start that was refused, while it is being asked; 0 otherwise. */
  #askedNumber = 0;
  #askedMs = 0;
  /** Taken since then: the first may have been left over. */
  #taken: { readonly number: number; readonly sentMs: number } | null = null;
  #isConfirmed = false;
  #others = 0;
  #quiet = 0;
  #tryAfter = TRY_AFTER;
  #kept = Number.POSITIVE_INFINITY;

  /** Another run found it. @param windowMs 0 where that is not known */
  keep(quota: number, windowMs: number): void {
    this.#quota = Math.max(1, Math.floor(quota));
    this.#kept = this.#quota;
    this.#isConfirmed = true;
    this.#windowMs = windowMs;
    if (windowMs <= 0) return;
    this.#leastMs = windowMs * (1 - KNOWN_SHARE / 4);
    this.#mostMs = windowMs * (1 + KNOWN_SHARE / 4);
  }

  /** Twice what another run found was taken. */
  get isGone(): boolean {
    return this.#quota < Number.POSITIVE_INFINITY && this.#quota >= GONE * this.#kept;
  }

  /** Requests per window; infinite where there is none. */
  get quota(): number {
    return this.#quota;
  }

  /** It has been another number each time: there is no such window. */
  get isRefuted(): boolean {
    return this.#others >= OTHERS_MAX;
  }

  /** Of the quota; 0 before it is known. */
  get windowMs(): number {
    return this.#windowMs;
  }

  /** The same, and 0 while it is a guess. */
  get knownMs(): number {
    return this.#isLengthKnown ? this.#windowMs : 0;
  }

  /** When the next may start, as far as the quota goes. */
  dueMs(nowMs: number, inFlight: number): number {
    this.#roll(nowMs);
    if (this.#askedNumber > 0 && this.#isLengthKnown) return this.#endMs;
    const isFirst = this.#askedNumber > 0 || (this.#isForetold && this.#accepted === 0);
    if (isFirst && this.#sent > 0) return inFlight === 0 ? nowMs : nowMs + LOOK_MS;
    if (this.#sent < this.#quota) return nowMs;
    if (this.#isSettled && this.#quiet < this.#tryAfter) return this.#endMs;
    return inFlight < this.#probes ? nowMs : nowMs + LOOK_MS;
  }

  started(nowMs: number, number: number): void {
    this.#roll(nowMs);
    if (this.#sent++ > 0) return;
    this.#firstNumber = number;
    // Nobody has said when any window ends: this one does before that.
    if (this.#ends.length === 0 && this.#windowMs > 0) this.#endMs = nowMs + this.#windowMs + LATE_MS;
  }

  accepted(number: number, sentMs: number): void {
    if (this.#askedNumber > 0 && number > this.#askedNumber) {
      if (this.#taken) this.#beganBy(this.#taken.number, this.#taken.sentMs);
      else this.#taken = { number, sentMs };
    }
    if (number < this.#firstNumber || this.#sent === 0) return;
    if (++this.#accepted <= this.#quota) return;
    this.#quota = this.#accepted;
    this.#probes++;
    this.#isConfirmed = false;
  }

  /** The first 429 since the server was left alone, `retryAfterMs` undefined where it named no wait. */
  refused(nowMs: number, { number, sentMs }: MeterRefusal, retryAfterMs: number | undefined): void {
    const taken = this.#sent === 0 ? 0 : number - this.#firstNumber;
    if (taken > 0 && this.#askedNumber === 0) {
      const isOther = Math.abs(taken - this.#quota) > ALIKE + ALIKE_SHARE * this.#quota;
      if (isOther && taken < this.#quota && this.#isGuessed) this.#lengthen();
      else this.#noteQuota(taken, isOther);
    }
    const wasForetold = this.#isForetold && taken <= 0;
    this.#isForetold = false;
    if (retryAfterMs === undefined) {
      // Foretold too early: it is still the window before.
      if (wasForetold) this.#index--;
      this.#askedNumber = number;
      this.#askedMs = sentMs;
      this.#taken = null;
      this.#endMs = wasForetold ? Number.POSITIVE_INFINITY : this.#foretoldMs(nowMs);
      return;
    }
    if (wasForetold) {
      this.#isUnusual = true;
      this.#forget();
    }
    this.#endMs = nowMs + Math.max(1, retryAfterMs);
    this.#learn(this.#endMs, slackOf(retryAfterMs));
  }

  #noteQuota(taken: number, isOther: boolean): void {
    this.#isConfirmed = taken === this.#quota;
    this.#others = isOther ? this.#others + 1 : 0;
    this.#tryAfter =
      this.#isConfirmed && this.#quiet > 0 ? Math.min(TRY_AFTER_MAX, 2 * this.#tryAfter) : TRY_AFTER;
    this.#quota = taken;
    this.#quiet = 0;
  }

  /** This window is one only if the length is right, and that is not known. */
  get #isGuessed(): boolean {
    return this.#isForetold && this.#windowMs > 0 && !this.#isLengthKnown;
  }

  /** Less was left in what was taken for a window of its own: it was still the one before. */
  #lengthen(): void {
    this.#leastMs = this.#windowMs + SAME_MS;
    if (this.#leastMs >= this.#mostMs) {
      this.#forget();
      return;
    }
    this.#ends = [];
    this.#windowMs = this.#lengthMs();
  }

  get #isSettled(): boolean {
    return this.#isConfirmed && this.#isLengthKnown && this.#ends.length > 0;
  }

  get #isLengthKnown(): boolean {
    if (this.#windowMs === 0 || this.#endMs === Number.POSITIVE_INFINITY) return false;
    const lengths = USUAL_S.filter(s => s * SECOND_MS > this.#leastMs && s * SECOND_MS < this.#mostMs).length;
    return lengths === 1 || this.#mostMs - this.#leastMs < KNOWN_SHARE * this.#windowMs;
  }

  /** A window has begun, as one start shows that was taken after another was not. */
  #beganBy(number: number, sentMs: number): void {
    this.#learn(sentMs, sentMs - this.#askedMs);
    this.#taken = null;
    this.#askedNumber = 0;
    this.#next(sentMs);
    this.#sent = 2;
    this.#accepted = 1;
    this.#firstNumber = number;
  }

  #learn(atMs: number, slackMs: number): void {
    const first = this.#ends[0];
    const windows = first ? this.#index - first.index : 0;
    if (first && windows > 0) {
      this.#leastMs = Math.max(this.#leastMs, (atMs - slackMs - first.atMs) / windows);
      this.#mostMs = Math.min(this.#mostMs, (atMs - first.atMs + first.slackMs) / windows);
      if (this.#leastMs > this.#mostMs) this.#forget();
      else this.#windowMs = this.#lengthMs();
    }
    this.#ends.push({ index: this.#index, atMs, slackMs });
    if (this.#ends.length > ENDS_KEPT) this.#ends.splice(1, 1);
  }

  /** A usual length, where one is possible; else the longest: whoever is late is not refused. */
  #lengthMs(): number {
    const middleMs = (this.#leastMs + this.#mostMs) / 2;
    const distance = (ms: number): number => Math.abs(ms - middleMs);
    const usualMs = USUAL_S.map(s => s * SECOND_MS).reduce((a, b) => (distance(b) < distance(a) ? b : a));
    if (!this.#isUnusual && usualMs > this.#leastMs && usualMs < this.#mostMs) return usualMs;
    const wholeMs = SECOND_MS * Math.round(middleMs / SECOND_MS);
    if (!this.#isUnusual && wholeMs > this.#leastMs && wholeMs < this.#mostMs) return wholeMs;
    return this.#mostMs - this.#leastMs < KNOWN_SHARE * middleMs ? middleMs : this.#mostMs;
  }

  #forget(): void {
    this.#ends = [];
    this.#leastMs = 0;
    this.#mostMs = Number.POSITIVE_INFINITY;
    this.#windowMs = 0;
  }

  /** Each end was told too late, if anything: the earliest of them tells where all the others are. */
  #foretoldMs(nowMs: number): number {
    if (this.#windowMs === 0) return Number.POSITIVE_INFINITY;
    const firstMs = Math.min(...this.#ends.map(({ index, atMs }) => atMs - index * this.#windowMs));
    const endMs = firstMs + this.#index * this.#windowMs + LATE_MS;
    return endMs > nowMs
      ? endMs
      : endMs + this.#windowMs * Math.ceil((nowMs - endMs + SAME_MS) / this.#windowMs);
  }

  #roll(nowMs: number): void {
    if (nowMs < this.#endMs - SAME_MS) return;
    this.#isForetold = this.#ends.at(-1)?.index !== this.#index;
    this.#askedNumber = 0;
    this.#next(nowMs);
  }

  #next(nowMs: number): void {
    this.#index++;
    this.#endMs = this.#foretoldMs(nowMs);
    if (this.#sent > 0) this.#quiet++;
    this.#sent = 0;
    this.#accepted = 0;
    this.#probes = 1;
  }
}
