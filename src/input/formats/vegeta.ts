// Targets as vegeta takes them, told apart target by target: a JSON object on a line, or its http format:
//
//   POST https://example.com/a        method and URL
//   Content-Type: text/plain          headers, none or many
//   @body.txt                         a file with the body
//                                     a blank line, or the next target
import { PacelineError } from '../../base/errors.ts';
import type { HttpRequest, InvalidInput } from '../../model/request.ts';
import { completeRequest, type RequestDefaults } from '../defaults.ts';
import { addHeader, checkMethod } from '../headers.ts';
import { type Input, invalidInput, NeedsFiles } from '../input.ts';
import { checkedBase64, headersFrom, parseRequestFields, type RequestFields } from '../json-request.ts';
import { checkUrl, shown } from '../urls.ts';
import { byLine, type Emit, type LineReader, lostLine, type OpenFormat } from './format.ts';

const FIELDS: readonly string[] = ['method', 'url', 'body', 'header'];
const TARGET = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]+(\S.*)$/;
/** Begins the next target even where the blank line before it was left out. */
const NEXT_TARGET = /^[A-Z]+[ \t]+https?:\/\//;
/** More than the transport would ever send. */
const HEADER_LINES_MAX = 1000;

export const openVegeta: OpenFormat = ({ name, defaults }) =>
  byLine(name, emit => new VegetaReader(defaults, emit));

/** A target of the http format, while its lines come. */
interface Target {
  readonly place: string;
  readonly method: string;
  readonly url: string;
  readonly headers: string[];
  headerLines: number;
  bodyPath: string | null;
  problem: { readonly error: unknown; readonly place: string } | null;
}

class VegetaReader implements LineReader {
  readonly #defaults: RequestDefaults;
  readonly #emit: Emit;
  #target: Target | null = null;
  /** The rest of a paragraph that began wrongly says nothing new. */
  #isPassingOver = false;

  constructor(defaults: RequestDefaults, emit: Emit) {
    this.#defaults = defaults;
    this.#emit = emit;
  }

  line(text: string, place: string): void {
    const line = text.trim();
    if (line === '') this.#finish();
    else if (line.startsWith('#')) return;
    else if (line.startsWith('{')) {
      this.#finish();
      this.#emit(fromJson(line, place, this.#defaults));
    } else if (this.#target === null || NEXT_TARGET.test(line)) {
      const begins = NEXT_TARGET.test(line) || !this.#isPassingOver;
      this.#finish();
      if (begins) this.#begin(line, place);
      else this.#isPassingOver = true;
    } else this.#addLine(this.#target, line, place);
  }

  lost(place: string): void {
    if (this.#target) this.#target.problem ??= { error: tooLong(), place };
    else this.#emit(lostLine(place));
  }

  end(): void {
    this.#finish();
  }

  #begin(line: string, place: string): void {
    const parts = TARGET.exec(line);
    if (parts === null) {
      this.#isPassingOver = true;
      const error = refuse('expected a target such as GET https://example.com/, or a JSON object.');
      this.#emit(invalidInput(error, () => place));
      return;
    }
    const [, method = '', url = ''] = parts;
    this.#target = { place, method, url, headers: [], headerLines: 0, bodyPath: null, problem: null };
  }

  #addLine(target: Target, line: string, place: string): void {
    if (target.problem) return;
    if (line.startsWith('@')) {
      target.bodyPath = line.slice(1).trim();
      this.#finish();
      return;
    }
    try {
      const colon = line.indexOf(':');
      if (colon === -1) throw refuse("expected a header 'Name: value', @FILE, or a blank line.");
      if (++target.headerLines > HEADER_LINES_MAX) throw refuse(`more than ${HEADER_LINES_MAX} headers.`);
      addHeader(target.headers, line.slice(0, colon).trim(), line.slice(colon + 1));
    } catch (error) {
      target.problem = { error, place };
    }
  }

  #finish(): void {
    const target = this.#target;
    this.#target = null;
    this.#isPassingOver = false;
    if (target) this.#emit(inputOf(target, this.#defaults));
  }
}

function inputOf(target: Target, defaults: RequestDefaults): Input | NeedsFiles {
  const { place, problem, bodyPath } = target;
  if (problem) return invalidInput(problem.error, () => problem.place, { url: shown(target.url) });
  const complete = (body: Uint8Array | null): HttpRequest =>
    completeRequest(
      checkUrl(target.url),
      { method: checkMethod(target.method), headers: target.headers, body },
      defaults,
    );
  if (bodyPath !== null) {
    return new NeedsFiles(
      [bodyPath],
      () => place,
      { url: shown(target.url) },
      ([body = null]) => complete(body),
    );
  }
  try {
    return complete(null);
  } catch (error) {
    return invalidInput(error, () => place, { url: shown(target.url) });
  }
}

function fromJson(line: string, place: string, defaults: RequestDefaults): HttpRequest | InvalidInput {
  let fields: RequestFields = {};
  try {
    fields = parseRequestFields(line);
    const stray = Object.keys(fields).find(name => !FIELDS.includes(name));
    if (stray !== undefined) {
      throw refuse(`unknown field ${JSON.stringify(stray.slice(0, 60))}; vegeta has ${FIELDS.join(', ')}.`);
    }
    const { method, url, body, header } = fields;
    if (typeof url !== 'string') throw refuse('the field url is missing or not a string.');
    if (method !== undefined && typeof method !== 'string') throw refuse('method: expected a string.');
    const parts = {
      method: method === undefined || method === '' ? null : checkMethod(method),
      headers: headersFrom(header, 'header'),
      body: body === undefined || body === null ? null : checkedBase64(body, 'body'),
    };
    return completeRequest(checkUrl(url.trim()), parts, defaults);
  } catch (error) {
    const about = typeof fields.url === 'string' ? { url: shown(fields.url) } : {};
    return invalidInput(error, () => place, about);
  }
}

function tooLong(): PacelineError {
  return new PacelineError('ERR_INPUT_TOO_LONG', 'longer than a line may be; the target is passed over.');
}

function refuse(message: string): PacelineError {
  return new PacelineError('ERR_INPUT_FIELD', message);
}
