// The finder as other programs and simulators drive it: seconds, and the names that limiters have elsewhere.
import { openPaceFinder } from './open-pace-finder.ts';
import type { EndKind } from './pace-finder.ts';

export interface LimiterEnd {
  readonly now: number;
  readonly sentAt: number;
  /** In flight when it was sent, itself included. */
  readonly f: number;
  /** In flight now, without it. */
  readonly inflight: number;
  readonly ok: boolean;
  readonly kind: 'ok' | 429 | 503 | 'refused' | 500 | 'timeout';
  readonly key?: string;
  readonly retryAfter?: number | null;
  readonly rl?: { readonly remaining: number; readonly reset: number } | null;
  /** What `onSend` gave, by either name. */
  readonly tok?: unknown;
  readonly token?: unknown;
}

export interface PaceLimiter {
  limit(): number;
  nextSend(now: number): number;
  onSend(now: number, inflight: number, key?: string): unknown;
  onDone(end: LimiterEnd): void;
}

const KINDS: Readonly<Record<string, EndKind>> = {
  ok: 'served',
  500: 'served',
  429: 'throttled',
  503: 'refused',
  refused: 'refused',
  timeout: 'timeout',
};

export function openPaceLimiter({
  max = 1000,
  start,
}: {
  readonly max?: number;
  readonly start?: number;
} = {}): PaceLimiter {
  const finder = openPaceFinder({ maxLimit: max, ...(start === undefined ? {} : { start }) });
  return {
    limit: () => finder.limit(),
    nextSend: now => finder.nextStartMs(now * 1000) / 1000,
    onSend: (now, inflight, key = '') => finder.started(now * 1000, inflight, key),
    onDone: end => {
      finder.ended({
        nowMs: end.now * 1000,
        startedMs: end.sentAt * 1000,
        startedAs: end.f,
        inFlight: end.inflight,
        kind: KINDS[end.kind] ?? 'void',
        isOk: end.ok,
        key: end.key ?? '',
        connectMs: 0,
        token: end.tok ?? end.token,
        ...(typeof end.retryAfter === 'number' ? { retryAfterMs: end.retryAfter * 1000 } : {}),
        ...(end.rl ? { quota: { remaining: end.rl.remaining, resetMs: end.rl.reset * 1000 } } : {}),
      });
    },
  };
}
