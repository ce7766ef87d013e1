// What may go wrong with an exchange, and a seeded plan of it: which fault an exchange meets depends on the
// seed and the exchange's number alone.
import type { Random } from '../base/random.ts';

export type Fault =
  /** Nothing accepts the connection. */
  | { readonly kind: 'refused' }
  /** The connection is never made, and nobody says so. */
  | { readonly kind: 'unreachable' }
  /** The request is sent and never answered. */
  | { readonly kind: 'silent' }
  /** As silent, and when the exchange is aborted the socket does not close either. */
  | { readonly kind: 'deaf' }
  /** The connection is reset in place of the answer. */
  | { readonly kind: 'reset' }
  /** The connection is reset after the headers. */
  | { readonly kind: 'reset-body' }
  /** The body ends half-way. */
  | { readonly kind: 'truncated' }
  /** The headers come so much later. */
  | { readonly kind: 'slow-headers'; readonly extraMs: number }
  /** The body comes in so many pieces with a pause before each. */
  | { readonly kind: 'slow-body'; readonly pieces: number; readonly pauseMs: number }
  /** A whole answer with this status. */
  | { readonly kind: 'status'; readonly status: number }
  /** 429 or 503 with a `Retry-After` of this many seconds, or of a date so far ahead, with or without a `Date`. */
  | {
      readonly kind: 'refusal';
      readonly status: number;
      readonly retryAfterSeconds: number;
      readonly form: 'seconds' | 'date' | 'date beside a Date';
    }
  /** A whole answer that says how many more requests are welcome, and when it counts anew. */
  | { readonly kind: 'quota'; readonly remaining: number; readonly resetSeconds: number };

export type FaultKind = Fault['kind'];

export const FAULT_KINDS: readonly FaultKind[] = [
  'refused',
  'unreachable',
  'silent',
  'deaf',
  'reset',
  'reset-body',
  'truncated',
  'slow-headers',
  'slow-body',
  'status',
  'refusal',
  'quota',
];

/** The fault of an exchange by its number, from 0; undefined for none. */
export type FaultPlan = (exchange: number) => Fault | undefined;

const STATUSES = [404, 418, 429, 500, 502, 503] as const;
const PIECES_MAX = 4;
const FORMS = ['seconds', 'date', 'seconds', 'date beside a Date'] as const;
/** The last one is longer than anybody waits. */
const WAITS_SECONDS = [0, 0, 1, 1, 2, 3, 100_000] as const;

/** Meets each exchange with a fault by chance. */
export function seededFaults(
  random: Random,
  options: {
    /** From 0 to 1. */
    readonly share: number;
    /** Those that may occur, evenly. */
    readonly kinds: readonly FaultKind[];
    /** Longest extra span or pause. */
    readonly msMax: number;
  },
): FaultPlan {
  return exchange => {
    const draws = random.nth(exchange);
    if (draws.next() >= options.share) return undefined;
    const kind = options.kinds[Math.floor(draws.next() * options.kinds.length)];
    return kind && drawFault(kind, draws, options.msMax);
  };
}

function drawFault(kind: FaultKind, draws: Random, msMax: number): Fault {
  const ms = Math.ceil(draws.next() * msMax);
  const choice = draws.next();
  switch (kind) {
    case 'slow-headers':
      return { kind, extraMs: ms };
    case 'slow-body':
      return { kind, pauseMs: ms, pieces: 1 + Math.floor(choice * PIECES_MAX) };
    case 'status':
      return { kind, status: STATUSES[Math.floor(choice * STATUSES.length)] ?? 500 };
    case 'refusal': {
      const wait = Math.floor(choice * 2 * WAITS_SECONDS.length);
      const status = wait % 2 === 0 ? 429 : 503;
      const form = FORMS[ms % FORMS.length] ?? 'seconds';
      return { kind, status, retryAfterSeconds: WAITS_SECONDS[wait >> 1] ?? 0, form };
    }
    case 'quota':
      return { kind, remaining: Math.floor(choice * 4), resetSeconds: ms % 3 };
    default:
      return { kind };
  }
}
