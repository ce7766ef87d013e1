// The user's own code for each response. It runs where the attempt ran: in this thread, in a worker
// thread or in a child process.
import type { ResponseHeaders } from '../model/attempt.ts';

/** A whole response, as a handler sees it. */
export interface HandlerResponse {
  readonly url: string;
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** The decoded body. */
  readonly body: Uint8Array;
  /** The body as UTF-8. */
  text(): string;
  /** The body as JSON; throws SyntaxError where it is none. */
  json(): unknown;
}

/** Which response a handler is given, and the sign to stop. */
export interface HandlerContext {
  /** Place of the request in the input, from 0. */
  readonly index: number;
  /** The user's own id, or null. */
  readonly id: string | number | null;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** Aborted when the attempt is told to end. */
  readonly signal: AbortSignal;
}

/**
 * Returns, or resolves to, a JSON value; it lands in the record as `value`. What it throws ends the request
 * as `handler_error`.
 */
export type Handler = (response: HandlerResponse, context: HandlerContext) => unknown;

export function handlerResponse(
  url: string,
  status: number,
  headers: ResponseHeaders,
  body: Uint8Array,
): HandlerResponse {
  const text = (): string => new TextDecoder().decode(body);
  return { url, status, headers, body, text, json: () => JSON.parse(text()) };
}

/**
 * What a handler's value is in the record: the same wherever it ran, and plain data that can leave a worker.
 * @throws TypeError for what JSON cannot hold: a cycle, a BigInt
 */
export function jsonValue(value: unknown): unknown {
  if (value === undefined || value === null || typeof value === 'string' || typeof value === 'boolean') {
    return value;
  }
  const text = JSON.stringify(value) as string | undefined; // none for a function or a symbol
  return text === undefined ? undefined : JSON.parse(text);
}

/** One line for people from whatever was thrown: an Error, a string, null, an object without a message. */
export function describeThrown(thrown: unknown): string {
  try {
    if (thrown instanceof Error) return thrown.message || thrown.name;
    return String(thrown);
  } catch {
    return 'something that cannot be shown was thrown';
  }
}
