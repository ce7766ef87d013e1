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
  | { readonly kind: 'status'; readonly status: number };

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
];

/** The fault of an exchange by its number, from 0; undefined for none. */
export type FaultPlan = (exchange: number) => Fault | undefined;

const STATUSES = [404, 418, 429, 500, 502, 503] as const;
const PIECES_MAX = 4;

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
    default:
      return { kind };
  }
}
