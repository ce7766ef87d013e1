// One request as a JSON object. It is copied field by field, known names only, so that nothing
// else in a hostile line reaches the program; a misspelt field is refused rather than left out unseen.
import { PacelineError } from '../base/errors.ts';
import { parseDuration } from '../base/units.ts';
import type { HttpRequest } from '../model/request.ts';
import { completeRequest, type OwnParts, type RequestDefaults } from './defaults.ts';
import { addHeader, checkMethod } from './headers.ts';
import { jsonBody, longNumberText, parseJson } from './json-text.ts';
import { checkUrl } from './urls.ts';

const FIELDS: readonly string[] = ['url', 'method', 'headers', 'body', 'json', 'bodyBase64', 'id', 'timeout'];
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
  for (const name of Object.keys(fields)) {
    if (FIELDS.includes(name)) continue;
    throw refuse(`unknown field ${JSON.stringify(name.slice(0, 60))}; known are ${FIELDS.join(', ')}.`);
  }
  const url = own(fields, 'url');
  if (typeof url !== 'string') throw refuse('the field url is missing or not a string.');
  const method = own(fields, 'method');
  if (method !== undefined && typeof method !== 'string') throw refuse('method: expected a string.');
  const parts: OwnParts = {
    ...readBody(fields),
    method: method === undefined ? null : checkMethod(method),
    headers: readHeaders(own(fields, 'headers')),
    id: readId(fields),
    timeoutMs: readTimeout(own(fields, 'timeout')),
  };
  return completeRequest(checkUrl(url.trim()), parts, defaults);
}

/** @throws ERR_INPUT_FIELD */
export function readId(fields: RequestFields): string | number | null {
  const given = own(fields, 'id') ?? null;
  const id = longNumberText(given) ?? given;
  if (id === null || typeof id === 'string' || typeof id === 'number') return id;
  throw refuse('id: expected a string or a number.');
}

/** Only what the line itself says: `__proto__` and its like come from nowhere else. */
function own(fields: RequestFields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function readHeaders(value: unknown): string[] {
  const list: string[] = [];
  if (value === undefined || value === null) return list;
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw refuse('headers: expected an object such as {"accept": "text/html"}.');
  }
  for (const [name, given] of Object.entries(value)) {
    for (const one of Array.isArray(given) ? given : [given]) {
      if (typeof one !== 'string' && typeof one !== 'number') {
        throw refuse(`headers: expected a string for ${JSON.stringify(name.slice(0, 60))}.`);
      }
      addHeader(list, name, String(one));
    }
  }
  return list;
}

function readBody(fields: RequestFields): Pick<OwnParts, 'body' | 'bodyType'> {
  const given = ['body', 'json', 'bodyBase64'].filter(name => own(fields, name) !== undefined);
  if (given.length > 1) throw refuse(`${given.join(' and ')}: one body, please.`);
  const value = own(fields, given[0] ?? '');
  if (given[0] === 'json') return { body: jsonBody(value), bodyType: 'application/json' };
  if (value === undefined || value === null) return {};
  if (typeof value !== 'string') throw refuse(`${given[0]}: expected a string.`);
  if (given[0] === 'body') return { body: value };
  if (!BASE64.test(value)) throw refuse('bodyBase64: not valid base64.');
  return { body: Buffer.from(value, 'base64') };
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
