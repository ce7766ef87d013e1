// What a server asks of its clients in a response: to wait, or how many more requests it will take. Read where the
// attempt ran, so that headers need not cross to the parent for it.
import type { AttemptEnd, ResponseHeaders } from '../model/attempt.ts';
import { parseHttpDate } from '../model/http-date.ts';
import { parseRetryAfter } from '../model/retry-after.ts';
import { parseServerQuota } from '../model/server-quota.ts';

/** The wall clock of this machine, for dates of a server that sends no date of its own. */
export type WallClock = () => number;

type Noted = { -readonly [Key in 'retryAfterMs' | 'retryAfterIgnored' | 'quota']?: AttemptEnd[Key] };

/** Notes it in the attempt's end. Never throws: the headers are a server's. */
export function noteServerWord(end: Noted, headers: ResponseHeaders, wallClock: WallClock): void {
  const retryAfter = headers['retry-after'];
  if (retryAfter !== undefined) {
    const asked = parseRetryAfter(retryAfter, serverNowMs(headers, wallClock));
    if (asked?.kind === 'wait') end.retryAfterMs = asked.waitMs;
    else if (asked) end.retryAfterIgnored = asked.text;
  }
  const quota = mayHaveQuota(headers) ? parseServerQuota(headers, wallClock()) : undefined;
  if (quota) end.quota = { remaining: quota.remaining, resetMs: quota.resetMs };
}

/** Most responses say nothing of it, and are not to pay for it. */
function mayHaveQuota(headers: ResponseHeaders): boolean {
  return (
    headers.ratelimit !== undefined ||
    headers['ratelimit-remaining'] !== undefined ||
    headers['x-ratelimit-remaining'] !== undefined ||
    headers['x-rate-limit-remaining'] !== undefined
  );
}

/** A server's dates are on its own clock, which its `Date` header shows (RFC 9110 section 6.6.1). */
function serverNowMs({ date }: ResponseHeaders, wallClock: WallClock): number {
  const nowMs = wallClock();
  return (typeof date === 'string' ? parseHttpDate(date, nowMs) : null) ?? nowMs;
}
