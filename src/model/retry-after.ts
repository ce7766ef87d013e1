// How long a server asks us to wait: `Retry-After` (RFC 9110 §10.2.3), as seconds or as a date. What cannot be
// understood is said to be so, for the record; to wait some other time would be a guess.
import { DURATION_MS_MAX } from '../base/units.ts';
import { distinctValues, type HeaderValue } from './header-values.ts';
import { parseHttpDate } from './http-date.ts';

/** `waitMs` is a span from now, finite, at most ten years; `text` is what came, cut short, and hostile. */
export type RetryAfter =
  | { readonly kind: 'wait'; readonly waitMs: number }
  | { readonly kind: 'malformed'; readonly text: string };

/** So much of a malformed value is kept. */
const TEXT_CHARS_MAX = 64;
/** Of a response that repeats the header, so many values are quoted. */
const QUOTED_VALUES_MAX = 4;
const DIGITS = /^[0-9]+$/;

/**
 * Reads the header; undefined when the response has none. Never throws.
 *
 * Seconds are digits and nothing else. A date that is past means no wait. A wait beyond ten years is ten years. The
 * header may come several times when it says the same each time; when it does not, nobody can say which counts.
 * @param nowEpochMs the instant dates are seen from: that of the response's own `Date`, or the wall clock
 */
export function parseRetryAfter(value: HeaderValue, nowEpochMs: number): RetryAfter | undefined {
  const values = distinctValues(value);
  const [text] = values;
  if (text === undefined) return undefined;
  const spanMs = values.length === 1 ? spanMsOf(text, nowEpochMs) : null;
  if (spanMs === null) return { kind: 'malformed', text: quoted(values) };
  return { kind: 'wait', waitMs: Math.min(Math.max(spanMs, 0), DURATION_MS_MAX) };
}

function spanMsOf(text: string, nowEpochMs: number): number | null {
  if (DIGITS.test(text)) return Number(text) * 1000;
  const epochMs = parseHttpDate(text, nowEpochMs);
  return epochMs === null ? null : epochMs - nowEpochMs;
}

function quoted(values: readonly string[]): string {
  const text = values
    .slice(0, QUOTED_VALUES_MAX)
    .map(value => value.slice(0, TEXT_CHARS_MAX + 1))
    .join(' | ');
  return text.length <= TEXT_CHARS_MAX ? text : `${text.slice(0, TEXT_CHARS_MAX)}…`;
}
