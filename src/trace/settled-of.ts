// A line of the record as the settled request that it was written from, as far as the line tells.
import type { AttemptEnd } from '../model/attempt.ts';
import type { RequestLine } from '../model/record.ts';
import type { HttpRequest } from '../model/request.ts';
import type { Settled } from '../model/settled.ts';

/** Headers and bodies are not in it. */
export function settledOf(line: RequestLine): Settled<HttpRequest> {
  const { index, id, method, url, outcome, createdMs, endedMs, error, noRetry } = line;
  const last = line.tries.length - 1;
  const tries = line.tries.map((one, at): AttemptEnd => ({ ...one, bytes: at === last ? line.bytes : 0 }));
  return {
    ...{ index, outcome, createdMs, endedMs, tries },
    request: { url, method, headers: [], body: null, id, timeoutMs: null },
    ...(error && { error }),
    ...(noRetry && { noRetry }),
  };
}
