// Every code of our own that can stand in a record's `error.code`, with the outcome that comes with it: the one
// list, described in docs/ERRORS.md. Beside them stand the codes of inputs (`ERR_INPUT_…`) and the names that
// the system, OpenSSL and Node give (`ECONNREFUSED`, `CERT_HAS_EXPIRED`), handed on as they are.
import type { ErrorCode } from '../base/errors.ts';

export const OUTCOME_CODES = {
  TIMEOUT_CONNECT: 'timeout',
  TIMEOUT_HEADERS: 'timeout',
  TIMEOUT_BODY: 'timeout',
  TIMEOUT_REQUEST: 'timeout',
  CONNECTION_CLOSED: 'network_error',
  PROXY_REFUSED: 'network_error',
  UNKNOWN: 'network_error',
  BAD_RESPONSE: 'protocol_error',
  TOO_MANY_INFORMATIONAL: 'protocol_error',
  TRUNCATED: 'protocol_error',
  TRUNCATED_ENCODING: 'protocol_error',
  BAD_ENCODING: 'protocol_error',
  BAD_PROXY_RESPONSE: 'protocol_error',
  BAD_REDIRECT: 'protocol_error',
  TOO_MANY_REDIRECTS: 'protocol_error',
  HEADERS_TOO_LARGE: 'too_large',
  BODY_TOO_LARGE: 'too_large',
  INVALID_REQUEST: 'invalid_input',
  HANDLER_THREW: 'handler_error',
  HANDLER_VALUE: 'handler_error',
  FUNCTION_THREW: 'handler_error',
  INTERRUPTED: 'cancelled',
  RUN_DEADLINE: 'cancelled',
  RUN_FAILED: 'cancelled',
  ABORTED: 'cancelled',
  ABANDONED: 'cancelled',
  CLOSED: 'cancelled',
  OUTPUT_LOST: 'cancelled',
  HOST_CLOSED: 'cancelled',
  BODY_NOT_SAVED: 'cancelled',
  HANDLER_STRAY: 'cancelled',
  ERR_ENV_WORKERS: 'cancelled',
  WORKER_LOST: 'unknown',
  MAYBE_SENT: 'unknown',
} as const;

/** A code of this list. */
export type OutcomeCode = keyof typeof OUTCOME_CODES;

/** Also what is handed on: names that somebody else gave, and whatever a record holds. */
export type AnyCode = OutcomeCode | ErrorCode | (string & Record<never, never>);
