// Many HTTP requests through one engine, as a library call.

import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { invalidOption, PacelineError } from '../base/errors.ts';
import { describeThrown } from '../engine/handler.ts';
import type { RunOptions } from '../engine/plan.ts';
import { completeRequest, NO_DEFAULTS } from '../input/defaults.ts';
import { requestFromFields } from '../input/json-request.ts';
import { checkUrl, shown } from '../input/urls.ts';
import type { HandlerSpec } from '../model/plan.ts';
import { type HttpRequest, InvalidInput } from '../model/request.ts';
import { openRun } from '../run.ts';
import { FetchOutcome } from './fetch-outcome.ts';
import { mapped } from './mapped.ts';
import { type OutcomeIterator, RunIterator } from './run-iterator.ts';

/** One request: a URL, or an object with the fields of an input line. */
export type FetchRequest = string | URL | RequestObject;

/** A request with more than a URL. What cannot be sent comes back as `invalid_input` and says why. */
export interface RequestObject {
  readonly url: string | URL;
  /** @default GET, or POST with a body */
  readonly method?: string;
  /** An array gives a header for each of its values. @default `user-agent` and `accept` */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Sent as it is; text as UTF-8. At most one of `body` and `json`. @default no body */
  readonly body?: string | Uint8Array;
  /** Sent as JSON, with its content type. @default no body */
  readonly json?: unknown;
  /** Your own name for it; comes back in its outcome. @default null: its index names it */
  readonly id?: string | number;
  /** All its attempts and waits together, in ms. @default the run's `timeoutMs` */
  readonly timeoutMs?: number;
}

/** The options of a run, and the caller's own way to end it. */
export interface FetchAllOptions extends Omit<RunOptions, 'handler'> {
  /**
   * A module whose default export is a `Handler`, as a `file:` URL or an absolute path. It is called for each
   * whole response, where the attempt ran: in this thread, a worker thread or a child process. One
   * that never settles holds its request until `timeoutMs`, if there is one.
   * @default none
   */
  readonly handler?: URL | string;
  /** Ends the run when it is aborted; see `fetchAll`. One listener for the whole run, gone after it. @default none */
  readonly signal?: AbortSignal;
}

/**
 * Sends every request once and gives an outcome for each, at most `concurrency` at a time, under the
 * strategy that is asked for. A failure is an outcome, never an exception: nothing is lost when one of
 * them fails, and what cannot be sent comes back as `invalid_input`. Requests are taken lazily, at most
 * twice `concurrency` ahead, and nothing more starts while 256 outcomes lie unread. Nothing at all happens
 * before the first `next`.
 *
 * Two ways to end it early. Leaving the loop lets go of everything: connections, threads, processes; what is
 * in flight is torn down, which takes 2 s at most. After `signal` is aborted the loop goes on to its end
 * without an exception: what is in flight ends as `cancelled`, and so does what was read and had not
 * started; what was not yet read is left unread and has no outcome. (`signal.aborted` tells both ends apart.)
 *
 * It ends early by itself as well: at `maxDurationMs`, and when too much fails (`failEarly`, `maxErrors`). The
 * loop then goes on to its end likewise, with `RUN_DEADLINE` or `RUN_FAILED` as the code of what was cancelled.
 *
 * @throws from the first step: ERR_OPTION_UNKNOWN, ERR_OPTION_INVALID, ERR_HANDLER_LOAD, ERR_ENV_WORKERS,
 *   ERR_ENV_DESCRIPTORS, before anything is sent. From the last: what the iterator of `requests` threw, after the
 *   outcomes of all that came before; ERR_ENV_WORKERS when workers died faster than they may be replaced.
 * @example
 * for await (const { url, status } of fetchAll(urls, { concurrency: 3 })) console.log(status, url);
 */
export function fetchAll(
  requests: Iterable<FetchRequest> | AsyncIterable<FetchRequest>,
  options: FetchAllOptions = {},
): OutcomeIterator<FetchOutcome> {
  const { signal, handler, ...runOptions } = options;
  return new RunIterator<HttpRequest, FetchOutcome>({
    open: () => {
      const checked = mapped(requests, 'requests', toRequest);
      return openRun({ requests: checked }, { ...runOptions, handler: handlerSpec(handler) });
    },
    show: settled => new FetchOutcome(settled),
    signal,
  });
}

function handlerSpec(handler: URL | string | undefined): HandlerSpec | null {
  if (handler === undefined) return null;
  const path = handler instanceof URL ? handler.href : handler;
  if (typeof path === 'string') {
    if (path.startsWith('file:')) return { kind: 'module', path: fileURLToPath(path) };
    if (isAbsolute(path)) return { kind: 'module', path };
  }
  const form = "a `file:` URL or an absolute path, such as new URL('./handler.mjs', import.meta.url)";
  throw invalidOption('handler', form, handler);
}

/** Never throws: what cannot be sent says why. */
function toRequest(given: FetchRequest, index: number): HttpRequest | InvalidInput {
  try {
    if (typeof given === 'string' || given instanceof URL) {
      return completeRequest(checkUrl(String(given)), {}, NO_DEFAULTS);
    }
    const { url, body, timeoutMs, ...fields } = given;
    const bytes = bytesOf(body);
    // Bytes stand in as text, so that all that is asked of a body is asked of them.
    const text = bytes ? { body: '' } : typeof body === 'string' ? { body } : undefined;
    const request = requestFromFields({ ...fields, ...text, url: String(url) }, NO_DEFAULTS);
    return { ...request, body: bytes ?? request.body, timeoutMs: checkedTimeoutMs(timeoutMs) };
  } catch (error) {
    const code = error instanceof PacelineError ? error.code : 'ERR_INPUT_FIELD';
    const message = `Request ${index}: ${describeThrown(error)}`;
    return new InvalidInput({ code, message, ...whatIsKnown(given) });
  }
}

/** @throws ERR_INPUT_FIELD for what cannot be sent again as it is: it would go out empty */
function bytesOf(body: unknown): Uint8Array | undefined {
  if (body instanceof Uint8Array) return body;
  if (body === undefined || body === null || typeof body === 'string') return undefined;
  const form = 'text or a Uint8Array, which can be sent again as they are; read a stream to its end first';
  throw new PacelineError('ERR_INPUT_FIELD', `body: expected ${form}.`);
}

/** @throws ERR_INPUT_FIELD */
function checkedTimeoutMs(timeoutMs: unknown): number | null {
  if (timeoutMs === undefined || timeoutMs === null) return null;
  if (typeof timeoutMs === 'number' && timeoutMs > 0) return timeoutMs;
  throw new PacelineError('ERR_INPUT_FIELD', 'timeoutMs: expected milliseconds above 0, or Infinity.');
}

function whatIsKnown(given: FetchRequest): { url?: string; id?: string | number | null } {
  if (typeof given === 'string' || given instanceof URL) return { url: shown(String(given)) };
  if (typeof given !== 'object' || given === null) return {};
  return { url: shown(String(given.url)), id: given.id ?? null };
}
