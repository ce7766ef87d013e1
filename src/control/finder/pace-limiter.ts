// The finder as other programs and simulators drive it: seconds, and the names that limiters have elsewhere.
import { openPaceFinder } from './open-pace-finder.ts';
import type { EndKind, Finding } from './pace-finder.ts';

/** How an attempt ended, for `onDone`. */
export interface LimiterEnd {
  /** Seconds, of the same clock as all others. */
  readonly now: number;
  readonly sentAt: number;
  /** In flight when it was sent, itself included. */
  readonly f: number;
  /** In flight now, without it. */
  readonly inflight: number;
  readonly ok: boolean;
  readonly kind: 'ok' | 429 | 503 | 'refused' | 500 | 'timeout';
  /** Requests of one key cost about the same. */
  readonly key?: string;
  /** Seconds. */
  readonly retryAfter?: number | null;
  /** What rate limit headers say; `reset` in seconds from now. */
  readonly rl?: { readonly remaining: number; readonly reset: number } | null;
  /** What `onSend` gave, by either name. */
  readonly tok?: unknown;
  readonly token?: unknown;
}

/** How many may be in flight, and when the next may be sent: asked before each start, told of each start and end. */
export interface PaceLimiter {
  /** In flight at most, from 1. */
  limit(): number;
  /** The next must not be sent earlier. */
  nextSend(now: number): number;
  /** One is sent, as the `inflight`-th in flight. @returns a token for `onDone` */
  onSend(now: number, inflight: number, key?: string): unknown;
  onDone(end: LimiterEnd): void;
  finding(): Finding;
}

/** The bounds of what `openPaceLimiter` finds. */
export interface PaceLimiterOptions {
  /**
   * In flight at most, whatever is found.
   * @default 1000
   */
  readonly max?: number;
  /**
   * In flight at the beginning.
   * @default 4
   */
  readonly start?: number;
}

const MAX = 1000;

const KINDS: Readonly<Record<string, EndKind>> = {
  ok: 'served',
  500: 'served',
  429: 'throttled',
  503: 'refused',
  refused: 'refused',
  timeout: 'timeout',
};

/** @returns what `-c auto` runs on, for one origin: without a clock or a timer, so that a simulator can drive it */
export function openPaceLimiter({ max = MAX, start }: PaceLimiterOptions = {}): PaceLimiter {
  const finder = openPaceFinder({ maxLimit: max, ...(start === undefined ? {} : { start }) });
  return {
    limit: () => finder.limit(),
    nextSend: now => finder.nextStartMs(now * 1000) / 1000,
    onSend: (now, inflight, key = '') => finder.started(now * 1000, inflight, key),
    onDone: end =>
      finder.ended({
        nowMs: end.now * 1000,
        startedMs: end.sentAt * 1000,
        startedAs: end.f,
        inFlight: end.inflight,
        kind: Object.hasOwn(KINDS, end.kind) ? (KINDS[end.kind] as EndKind) : 'void',
        isOk: end.ok,
        key: end.key ?? '',
        connectMs: 0,
        token: end.tok ?? end.token,
        ...(typeof end.retryAfter === 'number' ? { retryAfterMs: end.retryAfter * 1000 } : {}),
        ...(end.rl ? { quota: { remaining: end.rl.remaining, resetMs: end.rl.reset * 1000 } } : {}),
      }),
    finding: () => finder.finding(),
  };
}
