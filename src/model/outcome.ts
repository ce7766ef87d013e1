// The ways an attempt, and with it a request, can end. An outcome is data, never an exception.
import type { AnyCode } from './outcome-codes.ts';

/** Every way in which a request can end; exactly one of them is `ok`. */
export const OUTCOMES = [
  'ok', // a complete response with a status below 400
  'http_error', // a complete response with a status of 400 or more
  'timeout', // a deadline passed; `error.phase` says which
  'network_error', // no name, no connection, or it broke
  'tls_error', // the connection could not be made safe
  'protocol_error', // what came was not HTTP, or not whole
  'too_large', // headers or body crossed a bound
  'handler_error', // the user's own code threw
  'invalid_input', // never sent: the input cannot be understood
  'cancelled', // ended by us or by the user
  'unknown', // it may have been carried out, and nobody can say
] as const;

/** One of `OUTCOMES`. */
export type OutcomeKind = (typeof OUTCOMES)[number];

/** The phases that have a deadline of their own. */
export type TimeoutPhase = 'connect' | 'headers' | 'body' | 'request' | 'run';

/** Why a request did not end well, where a status does not tell. */
export interface OutcomeError {
  /** Stable and short: `ECONNREFUSED`, `TIMEOUT_HEADERS`, `TRUNCATED`, … listed in docs/ERRORS.md. */
  readonly code: AnyCode;
  /** For people. May quote the server, so it is hostile: printed only through the terminal's escape. */
  readonly message: string;
  readonly phase?: TimeoutPhase;
}
