// What the user asked to have done once, checked and complete: nothing behind this file has to doubt it.
import type { AnyCode } from './outcome-codes.ts';

/** Names and values in turn, as sent: `['accept', 'text/html', 'x-a', '1']`. */
export type HeaderList = readonly string[];

export interface HttpRequest {
  /** Absolute `http:` or `https:` URL without credentials and fragment. */
  readonly url: string;
  readonly method: string;
  readonly headers: HeaderList;
  readonly body: Uint8Array | string | null;
  /** The user's own name for it; null when it has none, and then its index names it. */
  readonly id: string | number | null;
  /** The span that all its attempts may take together; null for the run's default. */
  readonly timeoutMs: number | null;
}

const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE']);

/** Whether a request of this method may be sent again when nobody knows if it arrived (RFC 9110 section 9.2.2). */
export function isIdempotent(method: string): boolean {
  return IDEMPOTENT.has(method);
}

/**
 * Whether sending it twice does no harm: by its method, or because it carries a key by which the server knows it
 * again (draft-ietf-httpapi-idempotency-key-header).
 */
export function isRepeatable({ method, headers }: Pick<HttpRequest, 'method' | 'headers'>): boolean {
  if (IDEMPOTENT.has(method)) return true;
  for (let i = 0; i < headers.length; i += 2) if (headers[i] === 'idempotency-key') return true;
  return false;
}

/** A line of the input that cannot be sent. It settles as `invalid_input`; the run goes on. */
export class InvalidInput {
  readonly code: AnyCode;
  /** What is wrong, with its place: `urls.txt line 17: …`. */
  readonly message: string;
  /** What was given instead of a URL, without credentials, cut short; for the record. */
  readonly url: string;
  readonly id: string | number | null;

  constructor(problem: { code: AnyCode; message: string; url?: string; id?: string | number | null }) {
    this.code = problem.code;
    this.message = problem.message;
    this.url = problem.url ?? '';
    this.id = problem.id ?? null;
  }
}
