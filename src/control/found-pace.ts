// The pace of one host as a finder finds it, between the host's gate and the finder: it turns the ends of attempts into
// what a finder is told, and whatever the finder answers into something that cannot stall a run.
import type { AttemptEnd } from '../model/attempt.ts';
import type { OutcomeKind } from '../model/outcome.ts';
import type { EndKind, PaceFinder } from './finder/pace-finder.ts';

/** What is kept of an attempt that is in flight, for its end. */
export interface NotedStart {
  /** When it was let through; a worker begins with it a little later. */
  readonly atMs: number;
  readonly startedAs: number;
  readonly key: string;
  readonly token: unknown;
}

export class FoundPace {
  readonly #finder: PaceFinder;
  /** The latest instant the finder was told: ends of workers are told a little late, and time never goes back. */
  #toldMs = Number.NEGATIVE_INFINITY;

  constructor(finder: PaceFinder) {
    this.#finder = finder;
  }

  /** Attempts in flight at most: a whole number from 1, or Infinity. */
  limit(): number {
    const limit = Math.floor(this.#finder.limit());
    return limit >= 1 ? limit : 1;
  }

  /** When the next start may be; Infinity only where the end of an attempt in flight can change that. */
  dueMs(nowMs: number, inFlight: number): number {
    const dueMs = this.#finder.nextStartMs(Math.max(nowMs, this.#toldMs));
    if (dueMs < Number.POSITIVE_INFINITY) return dueMs;
    return inFlight > 0 ? Number.POSITIVE_INFINITY : nowMs;
  }

  /** @param inFlight those in flight, this one included */
  started(nowMs: number, inFlight: number, key: string): NotedStart {
    this.#toldMs = Math.max(nowMs, this.#toldMs);
    return {
      atMs: this.#toldMs,
      startedAs: inFlight,
      key,
      token: this.#finder.started(this.#toldMs, inFlight, key),
    };
  }

  /** @param inFlight those in flight, this one no more */
  ended(end: AttemptEnd, inFlight: number, { atMs, startedAs, key, token }: NotedStart): void {
    this.#toldMs = Math.max(end.endedMs, this.#toldMs);
    const { retryAfterMs, quota, passedOver = 0 } = end;
    const kind = endKind(end);
    this.#finder.ended({
      nowMs: this.#toldMs,
      startedMs: atMs,
      startedAs,
      inFlight,
      kind,
      isOk: kind === 'served' && isDoneWell(end),
      key,
      // The way to a worker, and its own start, are no part of what the server needed either.
      connectMs: connectMs(end) + Math.max(0, end.startedMs - atMs),
      passedOver,
      token,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(quota !== undefined && { quota }),
    });
  }
}

/** No connection was tried, or none could ever be made: that is no word about how much the server can bear. */
const NEVER_REACHED: ReadonlySet<string> = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH']);

const KIND_WITHOUT_STATUS: Readonly<Record<OutcomeKind, EndKind>> = {
  ok: 'served',
  http_error: 'served',
  handler_error: 'served',
  too_large: 'served',
  protocol_error: 'served',
  timeout: 'timeout',
  network_error: 'refused',
  unknown: 'refused',
  tls_error: 'void',
  invalid_input: 'void',
  cancelled: 'void',
};

/** What an end says about its server's pace. */
export function endKind({
  outcome,
  status,
  error,
}: Pick<AttemptEnd, 'outcome' | 'status' | 'error'>): EndKind {
  if (status === 429) return 'throttled';
  if (status === 503) return 'refused';
  if (error !== undefined && NEVER_REACHED.has(error.code)) return 'void';
  // A method that must not be sent twice ends as `unknown` whatever the cause.
  if (outcome === 'unknown' && error?.code.startsWith('TIMEOUT_')) return 'timeout';
  return KIND_WITHOUT_STATUS[outcome];
}

/** Its time on the wire is that of a whole answer. A 404 is one; an answer cut short is none. */
function isDoneWell({ outcome, status }: AttemptEnd): boolean {
  if (status === null || status >= 500) return false;
  return outcome === 'ok' || outcome === 'http_error' || outcome === 'handler_error';
}

/** From the start of the attempt until the request was being written. */
function connectMs({ startedMs, phasesMs, server }: AttemptEnd): number {
  const { network = 0, ttfb } = phasesMs;
  if (ttfb !== undefined || !server) return network;
  // A server that reports all its times: `network` holds the way there and back too, which is none of it.
  return Math.min(network, Math.max(0, server.arrivedMs - server.doubtMs - startedMs));
}
