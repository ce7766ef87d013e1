// One line of input to one request, or to the reason why it cannot be sent, or to nothing for blank
// lines and comments.
import { PacelineError } from '../base/errors.ts';
import { type HttpRequest, InvalidInput } from '../model/request.ts';
import { completeRequest, type RequestDefaults } from './defaults.ts';
import { type About, invalidInput } from './input.ts';
import { parseRequestFields, type RequestFields, readId, requestFromFields } from './json-request.ts';
import { LINE_BYTES_MAX, type Line, TOO_LONG } from './split-lines.ts';
import { trimBlanks } from './trim.ts';
import { checkUrl, isPlainUrl, shown } from './urls.ts';

/** `auto` takes a line that begins with `{` as JSON and any other as a URL. */
export type LineFormat = 'auto' | 'urls' | 'ndjson';

/** Lines that say which format was meant. */
const OTHER_FORMATS = [
  { begins: /^curl\s/, is: 'a curl command', format: 'curl' },
  { begins: /^[A-Z]{2,10}[ \t]+https?:/, is: 'a target as vegeta takes it', format: 'vegeta' },
  { begins: /^(?:--)?url\s*[=:]?\s*"/, is: 'a line of a curl config file', format: 'curl' },
] as const;

export class LineParser {
  readonly #format: LineFormat;
  readonly #defaults: RequestDefaults;
  /** All that a plain URL line shares with its neighbours. */
  readonly #template: HttpRequest;

  constructor(format: LineFormat, defaults: RequestDefaults) {
    this.#format = format;
    this.#defaults = defaults;
    this.#template = completeRequest({ url: '' }, {}, defaults);
  }

  /**
   * @param place where the line stands, for messages: called only for a line that cannot be sent
   * @returns null for a blank line or a comment
   */
  parse(line: Line, place: () => string): HttpRequest | InvalidInput | null {
    if (line === TOO_LONG) {
      const message = `${place()}: longer than ${LINE_BYTES_MAX / 1024 ** 2} MiB; passed over.`;
      return new InvalidInput({ code: 'ERR_INPUT_TOO_LONG', message });
    }
    const text = line.charCodeAt(line.length - 1) === 13 ? line.slice(0, -1) : line;
    if (this.#format !== 'ndjson' && isPlainUrl(text)) return this.#plain(text);
    const trimmed = trimBlanks(text);
    if (trimmed === '' || trimmed.startsWith('#')) return null;
    const isJson = this.#format === 'ndjson' || (this.#format === 'auto' && trimmed.startsWith('{'));
    if (isJson) return this.#fromJson(trimmed, place);
    const other = OTHER_FORMATS.find(({ begins }) => begins.test(trimmed));
    if (other === undefined) return this.parseUrl(trimmed, place);
    const message = `this is no URL but ${other.is}; read the list with --input-format ${other.format}.`;
    return invalidInput(new PacelineError('ERR_INPUT_URL', message), place);
  }

  #plain(url: string): HttpRequest {
    const { method, headers, body } = this.#template;
    return { url, method, headers, body, id: null, timeoutMs: null };
  }

  /** A URL on its own, as an argument of the command line is. */
  parseUrl(text: string, place: () => string): HttpRequest | InvalidInput {
    try {
      return completeRequest(checkUrl(text), {}, this.#defaults);
    } catch (error) {
      return invalidInput(error, place, { url: shown(text) });
    }
  }

  #fromJson(text: string, place: () => string): HttpRequest | InvalidInput {
    let fields: RequestFields | null = null;
    try {
      if (text.includes('\ufffd')) throw new PacelineError('ERR_INPUT_JSON', 'not valid UTF-8.');
      fields = parseRequestFields(text);
      return requestFromFields(fields, this.#defaults);
    } catch (error) {
      return invalidInput(error, place, fields === null ? {} : known(fields));
    }
  }
}

/** What the record can still say of an object that cannot be sent. */
function known(fields: RequestFields): About {
  const url =
    Object.hasOwn(fields, 'url') && typeof fields.url === 'string' ? { url: shown(fields.url) } : {};
  try {
    return { ...url, id: readId(fields) };
  } catch {
    return url;
  }
}
