// Requests out of a HAR file (HTTP Archive 1.2), as browsers and proxies save their traffic: one JSON document, of
// which only the entries are kept, one at a time. What the browser's own connection wrote into the headers
// (`:authority`, `content-length`, `connection` …) is left out; what it chose itself (cookies, caching) is sent.
import { PacelineError } from '../../base/errors.ts';
import { type HttpRequest, InvalidInput } from '../../model/request.ts';
import { completeRequest, type OwnParts, type RequestDefaults } from '../defaults.ts';
import { addHeader, checkMethod, isTransportHeader } from '../headers.ts';
import { type Input, invalidInput } from '../input.ts';
import { checkedBase64 } from '../json-request.ts';
import { parseJson } from '../json-text.ts';
import { checkUrl, shown } from '../urls.ts';
import type { FormatContext, FormatReader, OpenFormat } from './format.ts';
import { JsonElements } from './json-elements.ts';

/** Largest entry, its response included. */
export const ENTRY_BYTES_MAX = 64 * 1024 ** 2;

export const openHar: OpenFormat = context => new HarReader(context);

class HarReader implements FormatReader {
  readonly #context: FormatContext;
  readonly #decoder = new TextDecoder('utf-8');
  readonly #elements: JsonElements;
  #inputs: Input[] = [];
  #entryNumber = 0;

  constructor(context: FormatContext) {
    this.#context = context;
    this.#elements = new JsonElements(['log', 'entries'], ENTRY_BYTES_MAX, {
      element: bytes => this.#add(this.#decoder.decode(bytes)),
      tooLarge: () => {
        this.#entryNumber++;
        const message = `${this.#place()}: larger than ${ENTRY_BYTES_MAX / 1024 ** 2} MiB; passed over.`;
        this.#inputs.push(new InvalidInput({ code: 'ERR_INPUT_TOO_LONG', message }));
      },
    });
  }

  feed(chunk: Uint8Array): Input[] {
    this.#elements.push(chunk);
    return this.#taken();
  }

  end(): Input[] {
    const { wasFound, isClosed } = this.#elements;
    const place = (): string => this.#context.name;
    if (!wasFound) this.#inputs.push(invalidInput(refuse('no HAR: it has no log.entries.'), place));
    else if (!isClosed) {
      const where = `after entry ${this.#entryNumber}`;
      this.#inputs.push(invalidInput(refuse(`not valid JSON: it ends too soon, ${where}.`), place));
    }
    return this.#taken();
  }

  #taken(): Input[] {
    const inputs = this.#inputs;
    this.#inputs = [];
    return inputs;
  }

  #place(): string {
    return `${this.#context.name} entry ${this.#entryNumber}`;
  }

  #add(text: string): void {
    this.#entryNumber++;
    let request: Fields = {};
    try {
      request = fieldsOf(fieldsOf(parseJson(text), 'the entry').request, 'request');
      this.#inputs.push(requestFrom(request, this.#context.defaults));
    } catch (error) {
      const about = typeof request.url === 'string' ? { url: shown(request.url) } : {};
      this.#inputs.push(invalidInput(error, () => this.#place(), about));
    }
  }
}

type Fields = Readonly<Record<string, unknown>>;

function requestFrom(request: Fields, defaults: RequestDefaults): HttpRequest {
  const { url, method, postData } = request;
  if (typeof url !== 'string') throw refuse('request.url is missing or not a string.');
  if (typeof method !== 'string') throw refuse('request.method is missing or not a string.');
  const body = postData === undefined || postData === null ? {} : bodyFrom(fieldsOf(postData, 'postData'));
  const parts = { method: checkMethod(method), headers: headersFrom(request.headers), ...body };
  return completeRequest(checkUrl(url.trim()), parts, defaults);
}

function headersFrom(given: unknown): string[] {
  const headers: string[] = [];
  for (const { name, value } of pairs(given, 'request.headers')) {
    if (name.startsWith(':') || isTransportHeader(name.toLowerCase())) continue;
    addHeader(headers, name, value);
  }
  return headers;
}

/** The text as it was sent, or what a form's fields amount to. */
function bodyFrom({ text, params, mimeType, encoding }: Fields): Pick<OwnParts, 'body' | 'bodyType'> {
  const bodyType = typeof mimeType === 'string' && mimeType !== '' ? mimeType : null;
  if (text !== undefined && typeof text !== 'string') throw refuse('postData.text: expected a string.');
  const fields = pairs(params, 'postData.params');
  if (text === undefined || (text === '' && fields.length > 0)) {
    if (fields.length === 0) return {};
    if (bodyType !== null && !bodyType.startsWith('application/x-www-form-urlencoded')) {
      throw refuse(`postData has fields but no text, and they cannot be put together as ${bodyType}.`);
    }
    const form = new URLSearchParams(fields.map(({ name, value }): [string, string] => [name, value]));
    return { body: form.toString(), bodyType: bodyType ?? 'application/x-www-form-urlencoded' };
  }
  if (encoding === 'base64') return { body: checkedBase64(text, 'postData.text'), bodyType };
  return { body: text, bodyType };
}

function pairs(given: unknown, name: string): { readonly name: string; readonly value: string }[] {
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given)) throw refuse(`${name}: expected a list.`);
  return given.map(one => {
    const fields = fieldsOf(one, name);
    if (typeof fields.name !== 'string') throw refuse(`${name}: a name is missing.`);
    const value = fields.value ?? '';
    if (typeof value !== 'string') throw refuse(`${name}: expected a string for a value.`);
    return { name: fields.name, value };
  });
}

function fieldsOf(value: unknown, name: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw refuse(`${name}: expected an object.`);
}

function refuse(message: string): PacelineError {
  return new PacelineError('ERR_INPUT_FIELD', message);
}
