// What one host allows at this instant: how many at once, how often, and what it has said itself. Whoever wants to
// start asks `dueMs`; whatever has ended is told to `ended`. It decides nothing about a single request.
//
// A server that refuses (429, or 503 with a wait) refuses all of us, so the whole host pauses, for as long as was
// asked in full. Afterwards starts do not come back in lockstep: the end of the pause is put off by chance, and
// then one may be in flight, two, three …: each end that was no refusal allows one more, which doubles the number
// in each round trip, as TCP's slow start does (RFC 5681, section 3.1).
//
// A host whose pace is found has one controller for all of that, its finder. Then the gate keeps what was asked for (a
// wait, in full) and what the user has set, and leaves slow start, put-offs and the counting of quotas to the finder.
import type { Random } from '../base/random.ts';
import { type AttemptEnd, isRefusal, type ServerQuota } from '../model/attempt.ts';
import type { PaceFinder } from './finder/pace-finder.ts';
import { FoundPace, type NotedStart } from './found-pace.ts';
import type { Rate } from './gcra.ts';
import { Pace } from './pace.ts';

export interface HostPolicy {
  /** Attempts in flight at most; Infinity for no limit. */
  readonly limit: number;
  readonly rate: Rate | null;
  /** Starts at once after a quiet time, from 1. */
  readonly burst: number;
  /** What a refusal leads to; null for nothing. */
  readonly pauses: PausePolicy | null;
}

export interface PausePolicy {
  /** After a refusal that names no wait; doubled with each one in a row, and never above `waitMsMax`. */
  readonly pauseMs: number;
  /** A host that asks for a longer wait is not waited for. */
  readonly waitMsMax: number;
}

export const FREE_HOST: HostPolicy = {
  limit: Number.POSITIVE_INFINITY,
  rate: null,
  burst: 1,
  pauses: null,
};

/** The end of a pause is put off by up to this share of it, and never by more than `PUT_OFF_MS_MAX`. */
const PUT_OFF_SHARE = 0.1;
const PUT_OFF_MS_MAX = 1000;
const DOUBLINGS_MAX = 30;
/** A host that has borne so many at once again is as it was before. */
const RECOVERED = 1024;

export class HostGate {
  #policy: HostPolicy;
  readonly #random: Random;
  readonly #found: FoundPace | null;
  #pace: Pace | null;
  #inFlight = 0;
  #pausedUntilMs = Number.NEGATIVE_INFINITY;
  #closedUntilMs = Number.NEGATIVE_INFINITY;
  /** In flight at most while it recovers from a pause. */
  #recovering = Number.POSITIVE_INFINITY;
  #refusalsInARow = 0;
  /** Starts that the host has left to us, and when it counts anew. */
  #left = Number.POSITIVE_INFINITY;
  #leftUntilMs = Number.NEGATIVE_INFINITY;

  /** @param finder finds how much the host can bear; null leaves it to the policy alone */
  constructor(policy: HostPolicy, random: Random, finder: PaceFinder | null = null) {
    this.#policy = policy;
    this.#random = random;
    this.#found = finder && new FoundPace(finder);
    this.#pace = policy.rate && new Pace(policy.rate, { burst: policy.burst });
  }

  /** From now on. Another rate begins anew: starts before it count no more. */
  setPolicy(policy: HostPolicy): void {
    const { rate, burst } = this.#policy;
    if (policy.rate !== rate || policy.burst !== burst)
      this.#pace = policy.rate && new Pace(policy.rate, { burst: policy.burst });
    this.#policy = policy;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Until when it gets no start because it has refused one; in the past where it has not. */
  get pausedUntilMs(): number {
    return this.#pausedUntilMs;
  }

  /** When the next start may be; at most `nowMs` means at once, Infinity means not before something has ended. */
  dueMs(nowMs: number): number {
    if (this.#inFlight >= Math.min(this.#policy.limit, this.#recovering)) return Number.POSITIVE_INFINITY;
    if (this.#found && this.#inFlight >= this.#found.limit()) return Number.POSITIVE_INFINITY;
    let dueMs = this.#pausedUntilMs;
    if (this.#found) dueMs = Math.max(dueMs, this.#found.dueMs(nowMs, this.#inFlight));
    if (this.#left <= 0 && this.#leftUntilMs > dueMs) dueMs = this.#leftUntilMs;
    if (this.#pace === null) return dueMs;
    return Math.max(dueMs, this.#pace.dueMs(nowMs));
  }

  /** Until when the host wants no request, where that is longer than anybody waits; undefined otherwise. */
  closedUntilMs(nowMs: number): number | undefined {
    return this.#closedUntilMs > nowMs ? this.#closedUntilMs : undefined;
  }

  /** Whether nothing of it needs to be remembered. */
  isAtRest(nowMs: number): boolean {
    return (
      this.#inFlight === 0 &&
      this.#recovering === Number.POSITIVE_INFINITY &&
      Math.max(this.#leftUntilMs, this.#closedUntilMs) <= nowMs &&
      this.dueMs(nowMs) <= nowMs
    );
  }

  /** An attempt starts, which `dueMs` has allowed. @returns its number, for `began` */
  started(nowMs: number): number {
    this.#inFlight++;
    this.#left--;
    return this.#pace?.start(nowMs) ?? 0;
  }

  /** The finder is told of the start that was let through; undefined where there is none. */
  noteStart(nowMs: number, key: string): NotedStart | undefined {
    return this.#found?.started(nowMs, this.#inFlight, key);
  }

  /** It turned out to have begun a little later. */
  began(number: number, atMs: number): void {
    this.#pace?.began(number, atMs);
  }

  /** An attempt has ended. @param noted what `noteStart` gave for it */
  ended(nowMs: number, end: AttemptEnd, noted?: NotedStart): void {
    this.#inFlight--;
    if (noted) this.#found?.ended(end, this.#inFlight, noted);
    const { pauses } = this.#policy;
    if (pauses === null) return;
    if (this.#found) {
      if (isRefusal(end) && end.retryAfterMs !== undefined) this.#asked(nowMs, end.retryAfterMs, pauses);
      return;
    }
    // Those that were in flight when the pause began say nothing new.
    const isNews = end.startedMs >= this.#pausedUntilMs;
    if (isRefusal(end)) {
      if (isNews) this.#refusalsInARow++;
      this.#refused(nowMs, end.retryAfterMs, pauses);
    } else if (end.status !== null && isNews) {
      this.#refusalsInARow = 0;
      if (++this.#recovering > RECOVERED) this.#recovering = Number.POSITIVE_INFINITY;
    }
    if (end.quota) this.#count(nowMs, end.quota, pauses);
  }

  /** With a finder: a wait is kept as it was asked for, and nothing is added to it. */
  #asked(nowMs: number, askedMs: number, { waitMsMax }: PausePolicy): void {
    if (askedMs > waitMsMax) this.#closedUntilMs = Math.max(this.#closedUntilMs, nowMs + askedMs);
    else this.#pausedUntilMs = Math.max(this.#pausedUntilMs, nowMs + askedMs);
  }

  #refused(nowMs: number, askedMs: number | undefined, { pauseMs, waitMsMax }: PausePolicy): void {
    this.#recovering = 1;
    if (askedMs !== undefined && askedMs > waitMsMax) {
      this.#closedUntilMs = Math.max(this.#closedUntilMs, nowMs + askedMs);
      return;
    }
    const doublings = Math.min(Math.max(0, this.#refusalsInARow - 1), DOUBLINGS_MAX);
    const waitMs = askedMs ?? Math.min(waitMsMax, pauseMs * 2 ** doublings);
    const putOffMs = this.#random.next() * Math.min(PUT_OFF_MS_MAX, PUT_OFF_SHARE * waitMs);
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, nowMs + waitMs + putOffMs);
  }

  /** Those in flight may not have been counted by the host yet. */
  #count(nowMs: number, { remaining, resetMs }: ServerQuota, { waitMsMax }: PausePolicy): void {
    if (resetMs > waitMsMax) return; // its 429 will say it again, with what to do about it
    this.#left = remaining - this.#inFlight;
    this.#leftUntilMs = nowMs + resetMs;
  }
}
