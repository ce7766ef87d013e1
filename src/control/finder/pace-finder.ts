// What finds a server's pace, as whoever asks it sees it: how many may be in flight, and when the next may start,
// learnt from what starts and ends. One for each origin. It keeps no timer and reads no clock: every call brings the
// instant.
import type { ServerQuota } from '../../model/attempt.ts';

/** How an attempt ended, as far as it says something about the server's pace. */
export type EndKind =
  /** A worker of the server was at it: any response but a refusal, 500 among them. */
  | 'served'
  /** 429: too often. */
  | 'throttled'
  /** 503, or a connection that was refused or reset: too many at once, or trouble. */
  | 'refused'
  /** Given up by us; the server may still be at it. */
  | 'timeout'
  /** Says nothing: cancelled by us, or never sent. */
  | 'void';

export interface FinderEnd {
  readonly nowMs: number;
  readonly startedMs: number;
  /** In flight when it was started, itself included. */
  readonly startedAs: number;
  /** In flight now, without it. */
  readonly inFlight: number;
  readonly kind: EndKind;
  /** A response that counts for latency: the request was done, and done well. */
  readonly isOk: boolean;
  /** Requests of one key cost about the same: a method and a pattern of paths; empty where that is not known. */
  readonly key: string;
  /** How long the server asked to be left alone. */
  readonly retryAfterMs?: number;
  readonly quota?: ServerQuota;
  /** Spent on making the connection: no part of what the server needed. */
  readonly connectMs: number;
  /** Sent before it on new connections and not answered, while its own was kept: they may not be in line at all. */
  readonly passedOver?: number;
  /** What `started` gave. */
  readonly token: unknown;
}

/** What limits a server, as far as it is known by now. */
export type FoundMode = 'starting' | 'in flight' | 'rate' | 'quota' | 'refusing';

/** What was found, by now. */
export interface Finding {
  readonly mode: FoundMode;
  /** Attempts in flight at most; where a quick server is filled, then, and not while it is listened to. */
  readonly limit: number;
  /** The server's own capacity in requests in flight, as it was proved or measured; null before it is known. */
  readonly capacity: number | null;
  /** Starts per second at most; null for no such limit. */
  readonly ratePerSecond: number | null;
  /** Requests per window of time at most, as 429s say; left out for no such limit. */
  readonly quota?: number;
  /** How long such a window is; left out where that is not known. */
  readonly windowMs?: number;
  /** Requests that are taken at once after a pause, where a rate allows that. */
  readonly depth?: number;
  /** Mean time on the wire when nothing waits, in ms; null before it is known. */
  readonly serviceMs: number | null;
  /** Overtakings that prove the capacity. */
  readonly proofs: number;
  /** More are kept in flight than it holds, because it would be idle between two turns of our event loop. */
  readonly isFilled: boolean;
  /** Why the limit is what it is: a sentence without a full stop. */
  readonly reason: string;
}

export interface PaceFinder {
  /** Attempts in flight at most, from 1. */
  limit(): number;
  /** The next start must not be earlier; at most `nowMs` means at once. */
  nextStartMs(nowMs: number): number;
  /** An attempt starts, as the `inFlight`-th of those in flight. @returns a token for `ended` */
  started(nowMs: number, inFlight: number, key: string): unknown;
  ended(end: FinderEnd): void;
  finding(): Finding;
}
