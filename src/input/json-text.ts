// JSON in and out without harm: bounded nesting, an error that names the column and quotes nothing,
// and numbers too long for a double kept digit by digit, since a body must be sent as it was written.
import { PacelineError } from '../base/errors.ts';

/** Deepest nesting of a body given as JSON: writing it out is recursive. */
export const JSON_DEPTH_MAX = 100;

/** A number that a double may not hold exactly; found in strings too, where it does no harm. */
const LONG_NUMBER = /\d{16}|\d\.\d{15}/;

interface RawJson {
  readonly parse: (
    text: string,
    reviver?: (key: string, value: unknown, context?: { source?: string }) => unknown,
  ) => unknown;
  readonly rawJSON?: (text: string) => unknown;
  readonly isRawJSON?: (value: unknown) => boolean;
}
const json = JSON as RawJson;

/** @throws ERR_INPUT_JSON */
export function parseJson(text: string): unknown {
  try {
    return mayHaveLongNumber(text) && LONG_NUMBER.test(text)
      ? json.parse(text, keepLongNumber)
      : json.parse(text);
  } catch (cause) {
    throw new PacelineError('ERR_INPUT_JSON', `not valid JSON${reason(cause)}.`, { cause });
  }
}

/** Looks at every seventh character: two of them in turn lie inside any run of 15 digits. */
function mayHaveLongNumber(text: string): boolean {
  let wasDigit = false;
  for (let at = 6; at < text.length; at += 7) {
    const isDigit = (text.charCodeAt(at) ^ 48) < 10;
    if (isDigit && wasDigit) return true;
    wasDigit = isDigit;
  }
  return false;
}

/** The engine's own message quotes the line, which may hold secrets; the place and the character do not. */
function reason(cause: unknown): string {
  if (cause instanceof RangeError) return ': nested too deeply';
  const message = cause instanceof Error ? cause.message : '';
  const at = /at position (\d+)/.exec(message);
  if (at) return ` at column ${Number(at[1]) + 1}`;
  const token = /^Unexpected token '(.)'/su.exec(message);
  if (token) return `: unexpected ${JSON.stringify(token[1])}`;
  return message.startsWith('Unexpected end') ? ': it ends too soon' : '';
}

/** A number kept digit by digit, as text; undefined for anything else. */
export function longNumberText(value: unknown): string | undefined {
  return json.isRawJSON?.(value) ? JSON.stringify(value) : undefined;
}

/** @throws ERR_INPUT_FIELD for nesting deeper than `JSON_DEPTH_MAX` */
export function jsonBody(value: unknown): string {
  if (isDeeper(value, JSON_DEPTH_MAX)) {
    throw new PacelineError(
      'ERR_INPUT_FIELD',
      `json: nested deeper than ${JSON_DEPTH_MAX}; use body instead.`,
    );
  }
  return JSON.stringify(value);
}

function keepLongNumber(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== 'number' || source === undefined || String(value) === source) return value;
  return json.rawJSON === undefined ? value : json.rawJSON(source);
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null || json.isRawJSON?.(value)) return false;
  if (levels === 0) return true;
  return Object.values(value).some(inner => isDeeper(inner, levels - 1));
}
