// Strings as JSON, always on one line whatever reads it: some readers end lines at U+0085, U+2028 and U+2029 too.

/** Anything that JSON must escape, that cuts lines, or that is half a character. */
const NEEDS_CARE = /["\\\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]/;
const LINE_ENDS = /[\x7f-\x9f\u2028\u2029]/g;

/** `text` in quotes. The usual URL needs no escape and is only looked over. */
export function quoted(text: string): string {
  return NEEDS_CARE.test(text) ? oneLine(JSON.stringify(text)) : `"${text}"`;
}

/**
 * Any JSON value on one line. A value that JSON cannot hold (a function, a cycle, a BigInt) gives undefined:
 * a line of the record is worth more than one of its fields.
 */
export function jsonText(value: unknown): string | undefined {
  try {
    const text: string | undefined = JSON.stringify(value);
    return text === undefined ? undefined : oneLine(text);
  } catch {
    return undefined;
  }
}

/** JSON text holds these characters only inside strings, so that an escape is always right. */
function oneLine(text: string): string {
  return text.replace(LINE_ENDS, found => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
