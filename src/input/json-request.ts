// One request as a JSON object. It is copied field by field, known names only, so that nothing
// else in a hostile line reaches the program; a misspelt field is refused rather than left out unseen.
import { PacelineError } from '../base/errors.ts';
import { parseDuration } from '../base/units.ts';
import type { HttpRequest } from '../model/request.ts';
import { completeRequest, type RequestDefaults } from './defaults.ts';
import { addHeader, checkMethod } from './headers.ts';
import { jsonBody, longNumberText, parseJson } from './json-text.ts';
import { checkUrl } from './urls.ts';

const FIELDS: readonly string[] = ['url', 'method', 'headers', 'body', 'json', 'bodyBase64', 'id', 'timeout'];
const NO_HEADERS: readonly string[] = [];
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

export type RequestFields = Readonly<Record<string, unknown>>;

/** @throws ERR_INPUT_JSON, ERR_INPUT_FIELD; the message has no place in it */
export function parseRequestFields(text: string): RequestFields {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new PacelineError('ERR_INPUT_JSON', 'expected a JSON object such as {"url": "https://…"}.');
  }
  return value as RequestFields;
}

/** @throws ERR_INPUT_FIELD, ERR_INPUT_URL, ERR_INPUT_SCHEME; the message has no place in it */
export function requestFromFields(fields: RequestFields, defaults: RequestDefaults): HttpRequest {
  let url: unknown;
  let method: string | null = null;
  let headers: readonly string[] = NO_HEADERS;
  let body: Uint8Array | string | null = null;
  let bodyType: string | null = null;
  let bodyName: string | null = null;
  let id: string | number | null = null;
  let timeoutMs: number | null = null;
  // Only what the line itself says: `__proto__` and its like come from nowhere else.
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    switch (name) {
      case 'url':
        url = value;
        break;
      case 'method':
        if (typeof value !== 'string') throw refuse('method: expected a string.');
        method = checkMethod(value);
        break;
      case 'headers':
        headers = headersFrom(value, 'headers');
        break;
      case 'body':
      case 'json':
      case 'bodyBase64':
        if (bodyName !== null) throw refuse(`${bodyName} and ${name}: one body, please.`);
        bodyName = name;
        body = bodyFrom(name, value);
        if (name === 'json') bodyType = 'application/json';
        break;
      case 'id':
        id = checkedId(value);
        break;
      case 'timeout':
        timeoutMs = readTimeout(value);
        break;
      default:
        throw refuse(`unknown field ${JSON.stringify(name.slice(0, 60))}; known are ${FIELDS.join(', ')}.`);
    }
  }
  if (typeof url !== 'string') throw refuse('the field url is missing or not a string.');
  return completeRequest(checkUrl(url.trim()), { method, headers, body, bodyType, id, timeoutMs }, defaults);
}

/** @throws ERR_INPUT_FIELD */
export function readId(fields: RequestFields): string | number | null {
  return checkedId(Object.hasOwn(fields, 'id') ? fields.id : null);
}

function checkedId(value: unknown): string | number | null {
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (value === null || value === undefined) return null;
  const long = longNumberText(value);
  if (long !== undefined) return long;
  throw refuse('id: expected a string or a number.');
}

/**
 * Headers as an object, each with a value or a list of them.
 * @param name of the field, for messages
 * @throws ERR_INPUT_FIELD
 */
export function headersFrom(value: unknown, name: string): readonly string[] {
  if (value === undefined || value === null) return NO_HEADERS;
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw refuse(`${name}: expected an object such as {"accept": "text/html"}.`);
  }
  const list: string[] = [];
  const fields = value as RequestFields;
  for (const header of Object.keys(fields)) {
    const given = fields[header];
    if (typeof given === 'string') addHeader(list, header, given);
    else addHeaders(list, header, given, name);
  }
  return list;
}

function addHeaders(list: string[], header: string, given: unknown, name: string): void {
  for (const one of Array.isArray(given) ? given : [given]) {
    if (typeof one !== 'string' && typeof one !== 'number') {
      throw refuse(`${name}: expected a string for ${JSON.stringify(header.slice(0, 60))}.`);
    }
    addHeader(list, header, String(one));
  }
}

function bodyFrom(name: 'body' | 'json' | 'bodyBase64', value: unknown): Uint8Array | string | null {
  if (name === 'json') return jsonBody(value);
  if (value === null) return null;
  if (name === 'bodyBase64') return checkedBase64(value, name);
  if (typeof value !== 'string') throw refuse(`${name}: expected a string.`);
  return value;
}

/** @param name of the field, for messages @throws ERR_INPUT_FIELD */
export function checkedBase64(value: unknown, name: string): Uint8Array {
  if (typeof value !== 'string') throw refuse(`${name}: expected a string.`);
  if (!BASE64.test(value)) throw refuse(`${name}: not valid base64.`);
  return Buffer.from(value, 'base64');
}

function readTimeout(value: unknown): number | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw refuse('timeout: expected a duration such as "2s".');
  }
  const spanMs = parseDuration(String(value), 'timeout');
  if (spanMs === 0) throw refuse('timeout: must be longer than zero; leave it out for no limit.');
  return spanMs;
}

function refuse(message: string): PacelineError {
  return new PacelineError('ERR_INPUT_FIELD', message);
}
