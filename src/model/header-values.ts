// The values of one response header, as they were meant: without the optional white space around them (OWS of
// RFC 9110 §5.6.3), and each once, because a proxy that repeats a header has said nothing new.
import type { ResponseHeaders } from './attempt.ts';

/** What a response has under one name: undefined for nothing, several where the header came several times. */
export type HeaderValue = ResponseHeaders[string];

/** Empty where the header is missing. Linear in the length of the values. */
export function distinctValues(value: HeaderValue): readonly string[] {
  if (value === undefined) return [];
  if (typeof value === 'string') return [trimOws(value)];
  return [...new Set(value.map(trimOws))];
}

/** In one pass: a regular expression would look at a long run of inner blanks again from each of them. */
function trimOws(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isOws(text.charCodeAt(start))) start++;
  while (end > start && isOws(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isOws(code: number): boolean {
  return code === 32 || code === 9;
}
