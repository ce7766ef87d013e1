// Header names and values, checked before the first byte is sent: nothing in them can end the line,
// begin another header or disagree with the framing that the transport writes itself.
import { PacelineError } from '../base/errors.ts';
import type { HeaderList } from '../model/request.ts';
import { trimBlanks } from './trim.ts';

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Written by the transport from the request itself; a second opinion would let requests be smuggled. */
const OWN = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
const KNOWN_METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Names that were checked already, with their lower case: a list has the same few on every line. */
const checkedNames = new Map<string, string>();
const CHECKED_NAMES_MAX = 100;

/** Whether a header of this name, in lower case, is written by the transport and cannot be given. */
export function isTransportHeader(name: string): boolean {
  return OWN.has(name);
}

/**
 * Adds one header to a list, with its name in lower case.
 * @throws ERR_INPUT_FIELD; the message names the header, never its value
 */
export function addHeader(list: string[], name: string, value: string): void {
  const key = checkedNames.get(name) ?? checkName(name);
  const trimmed = trimBlanks(value);
  if (!VALUE.test(trimmed)) {
    throw new PacelineError(
      'ERR_INPUT_FIELD',
      `The value of header ${name} has characters that HTTP does not allow (control characters, or beyond Latin-1).`,
    );
  }
  if (key === 'host' && hasHeader(list, 'host')) {
    throw new PacelineError('ERR_INPUT_FIELD', 'Header Host is given twice.');
  }
  list.push(key, trimmed);
}

function checkName(name: string): string {
  if (!TOKEN.test(name)) {
    throw new PacelineError('ERR_INPUT_FIELD', `A header name ${nameProblem(name)}.`);
  }
  const key = name.toLowerCase();
  if (OWN.has(key)) {
    throw new PacelineError('ERR_INPUT_FIELD', `Header ${name} cannot be given: paceline sets it itself.`);
  }
  if (checkedNames.size < CHECKED_NAMES_MAX && name.length <= 64) checkedNames.set(name, key);
  return key;
}

/** What is wrong with it, without the name: where it was written wrongly its value may be in it. */
function nameProblem(name: string): string {
  const stranger = [...name].find(character => !TOKEN.test(character));
  return stranger === undefined
    ? 'is empty'
    : `has ${JSON.stringify(stranger)} in it, which HTTP does not allow`;
}

/** `name` in lower case. */
export function hasHeader(list: HeaderList, name: string): boolean {
  for (let i = 0; i < list.length; i += 2) if (list[i] === name) return true;
  return false;
}

/** The defaults, with every name that `own` has taken out, then `own`. */
export function mergeHeaders(defaults: HeaderList, own: HeaderList): HeaderList {
  if (own.length === 0) return defaults;
  if (defaults.length === 0) return own;
  const merged: string[] = [];
  for (let i = 0; i < defaults.length; i += 2) {
    const name = defaults[i] as string;
    if (!hasHeader(own, name)) merged.push(name, defaults[i + 1] as string);
  }
  merged.push(...own);
  return merged;
}

/**
 * A header as written for curl: `Name: value`, or `Name;` for an empty value.
 * @throws ERR_INPUT_FIELD
 */
export function addHeaderLine(list: string[], line: string): void {
  const colon = line.indexOf(':');
  if (colon === -1 && line.endsWith(';')) {
    addHeader(list, line.slice(0, -1), '');
    return;
  }
  const name = colon === -1 ? line : line.slice(0, colon);
  const value = colon === -1 ? '' : line.slice(colon + 1);
  if (value.trim() === '') {
    // Only what is a name for certain is quoted: the rest may be the value.
    const named = colon >= 0 && TOKEN.test(name) ? `${name.slice(0, 60)} without a value` : null;
    throw new PacelineError(
      'ERR_INPUT_FIELD',
      "A header is written 'Name: value' (or 'Name;' for an empty value), " +
        `got ${named ?? (colon < 0 ? 'one without a colon' : 'one without a value')}.`,
    );
  }
  addHeader(list, name, value);
}

/**
 * A method as it is sent. The usual ones are put in upper case, as browsers do.
 * @throws ERR_INPUT_FIELD
 */
export function checkMethod(method: string): string {
  if (KNOWN_METHODS.has(method)) return method;
  if (!TOKEN.test(method) || method.length > 64) {
    throw new PacelineError(
      'ERR_INPUT_FIELD',
      `${JSON.stringify(method.slice(0, 60))} is not an HTTP method.`,
    );
  }
  const upper = method.toUpperCase();
  if (upper === 'CONNECT') {
    throw new PacelineError('ERR_INPUT_FIELD', 'Method CONNECT opens a tunnel, it is not a request.');
  }
  return KNOWN_METHODS.has(upper) ? upper : method;
}
