// Many HTTP requests through one engine, as a library call.

import { PacelineError } from '../base/errors.ts';
import { describeThrown } from '../engine/handler.ts';
import type { RunOptions } from '../engine/plan.ts';
import { completeRequest, NO_DEFAULTS } from '../input/defaults.ts';
import { requestFromFields } from '../input/json-request.ts';
import { checkUrl, shown } from '../input/urls.ts';
import { type HttpRequest, InvalidInput } from '../model/request.ts';
import { openRun } from '../run.ts';
import { endWith } from './abort.ts';
import { FetchOutcome } from './fetch-outcome.ts';

/** One request: a URL, or an object with the fields of an input line. */
export type FetchRequest = string | URL | RequestObject;

export interface RequestObject {
  readonly url: string | URL;
  /** @default GET, or POST with a body */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** At most one of `body` and `json`. */
  readonly body?: string | Uint8Array;
  readonly json?: unknown;
  /** Your own name for it; comes back in its outcome. */
  readonly id?: string | number;
  /** All its attempts and waits together, in ms. @default the run's `timeoutMs` */
  readonly timeoutMs?: number;
}

export interface FetchAllOptions extends RunOptions {
  /** Ends the run: nothing more starts, what is in flight is torn down and `cancelled`. */
  readonly signal?: AbortSignal;
}

/**
 * Sends every request once and gives an outcome for each, at most `concurrency` at a time, under the
 * strategy that is asked for. A failure is an outcome, never an exception: nothing is lost when one of
 * them fails, and what cannot be sent comes back as `invalid_input`. Requests are taken lazily, at most
 * twice `concurrency` ahead, and nothing more starts while the outcomes are not read. Leaving the loop
 * early ends the run and lets go of everything.
 *
 * @throws ERR_OPTION_UNKNOWN, ERR_OPTION_INVALID, ERR_HANDLER_LOAD from the first step, before anything is
 *   sent; what the requests' iterator throws, after all outcomes that came before
 * @example
 * for await (const { url, status } of fetchAll(urls, { concurrency: 3 })) console.log(status, url);
 */
export async function* fetchAll(
  requests: Iterable<FetchRequest> | AsyncIterable<FetchRequest>,
  { signal, ...options }: FetchAllOptions = {},
): AsyncGenerator<FetchOutcome, void, void> {
  const checked = Symbol.asyncIterator in requests ? checkedAsync(requests) : checkedSync(requests);
  const run = await openRun({ requests: checked }, options);
  yield* endWith(signal, run, settled => new FetchOutcome(settled));
}

function* checkedSync(requests: Iterable<FetchRequest>): Generator<HttpRequest | InvalidInput, void, void> {
  let index = 0;
  for (const request of requests) yield toRequest(request, index++);
}

async function* checkedAsync(
  requests: AsyncIterable<FetchRequest>,
): AsyncGenerator<HttpRequest | InvalidInput, void, void> {
  let index = 0;
  for await (const request of requests) yield toRequest(request, index++);
}

/** Never throws: what cannot be sent says why. */
function toRequest(given: FetchRequest, index: number): HttpRequest | InvalidInput {
  try {
    if (typeof given === 'string' || given instanceof URL) {
      return completeRequest(checkUrl(String(given)), {}, NO_DEFAULTS);
    }
    const { url, body, timeoutMs, ...fields } = given;
    const bytes = body instanceof Uint8Array ? body : undefined;
    const text = typeof body === 'string' ? { body } : undefined;
    const request = requestFromFields({ ...fields, ...text, url: String(url) }, NO_DEFAULTS);
    const method = bytes && given.method === undefined ? 'POST' : request.method;
    return { ...request, method, body: bytes ?? request.body, timeoutMs: timeoutMs ?? null };
  } catch (error) {
    const code = error instanceof PacelineError ? error.code : 'ERR_INPUT_FIELD';
    const message = `Request ${index}: ${describeThrown(error)}`;
    return new InvalidInput({ code, message, ...whatIsKnown(given) });
  }
}

function whatIsKnown(given: FetchRequest): { url?: string; id?: string | number | null } {
  if (typeof given === 'string' || given instanceof URL) return { url: shown(String(given)) };
  if (typeof given !== 'object' || given === null) return {};
  return { url: shown(String(given.url)), id: given.id ?? null };
}
