// What curl calls an operation: options and the URLs they hold for, up to `--next`. A mistake in it is kept until
// its URLs are known, since each of them is a request that cannot be sent.
import { PacelineError } from '../../base/errors.ts';
import type { HttpRequest, InvalidInput } from '../../model/request.ts';
import { completeRequest, type RequestDefaults } from '../defaults.ts';
import { addHeader, addHeaderLine, checkMethod, hasHeader, isTransportHeader } from '../headers.ts';
import { type Input, invalidInput, NeedsFiles } from '../input.ts';
import { type CheckedUrl, checkUrl, shown } from '../urls.ts';
import { CurlData, type DataOption } from './curl-data.ts';
import { type CurlOption, optionByLetter, optionByName } from './curl-options.ts';

const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
const HEADERS_MAX = 1000;
/** As the client can undo them. */
const ENCODINGS = 'gzip, deflate, br';
/** Options may stand behind the URLs that they hold for, so URLs wait; but not without bound. */
export const WAITING_URLS_MAX = 65_536;
const OPTION_CHARS_MAX = 16 * 1024 ** 2;

export class CurlOperation {
  readonly #defaults: RequestDefaults;
  readonly #urls: { readonly text: string; readonly place: string }[] = [];
  #problem: { readonly error: unknown; readonly place: string } | null = null;
  #method: string | null = null;
  readonly #headers: string[] = [];
  /** Headers that `Name:` without a value takes away. */
  readonly #withoutHeaders = new Set<string>();
  readonly #data = new CurlData(refuse);
  #isJson = false;
  readonly #cookies: string[] = [];
  readonly #values = new Map<string, string>();
  readonly #switches = new Set<string>();
  #optionChars = 0;
  /** The headers of every URL that brings no credentials: one list for all of them. */
  #sharedHeaders: readonly string[] | null = null;

  constructor(defaults: RequestDefaults) {
    this.#defaults = defaults;
  }

  get urlCount(): number {
    return this.#urls.length;
  }

  /** Whether nothing at all was said. */
  get isEmpty(): boolean {
    return this.#urls.length === 0 && this.#optionChars === 0 && this.#problem === null;
  }

  addUrl(text: string, place: string): void {
    if (this.#urls.length < WAITING_URLS_MAX) this.#urls.push({ text, place });
    else this.fail(refuse(`more than ${WAITING_URLS_MAX} URLs in one command.`), place);
  }

  /** The first mistake is told. */
  fail(error: unknown, place: string): void {
    this.#problem ??= { error, place };
  }

  /**
   * Takes a word that begins with a dash, and the word after it where an option wants that.
   * @returns `value` when the next word was used, `next` for the end of the operation
   */
  addOption(word: string, next: string | undefined, place: string): 'alone' | 'value' | 'next' {
    try {
      return this.#addOption(word, next, place);
    } catch (error) {
      this.fail(error, place);
      return 'alone';
    }
  }

  /** The inputs of the URLs so far, which are forgotten; options stay. */
  takeInputs(place: string): (Input | NeedsFiles)[] {
    const given = this.#urls.splice(0);
    // Behind an option that is not understood, its value may have been taken for a URL.
    const urls = this.#problem ? given.filter(({ text }) => SCHEME.test(text)) : given;
    if (urls.length > 0) return urls.map(url => this.#input(url.text, url.place));
    const problem = this.#problem ?? { error: refuse('there is no URL.'), place };
    return [invalidInput(problem.error, () => problem.place)];
  }

  #addOption(word: string, next: string | undefined, place: string): 'alone' | 'value' | 'next' {
    if (word.startsWith('--')) {
      const option = optionByName(word.slice(2));
      if (!option) throw unknownOption(word);
      if (option.isRefused) this.fail(unknownOption(word), place);
      if (option.name === 'next') return 'next';
      if (!option.takesValue) this.#set(option, '', place);
      else this.#set(option, wanted(word, next), place);
      return option.takesValue ? 'value' : 'alone';
    }
    for (let at = 1; at < word.length; at++) {
      const option = optionByLetter(word[at] as string);
      if (!option) throw unknownOption(`-${word[at]}`);
      if (option.isRefused) this.fail(unknownOption(`-${word[at]}`), place);
      if (option.name === 'next') return 'next';
      if (option.takesValue) {
        const rest = word.slice(at + 1);
        this.#set(option, rest === '' ? wanted(`-${word[at]}`, next) : rest, place);
        return rest === '' ? 'value' : 'alone';
      }
      this.#set(option, '', place);
    }
    return 'alone';
  }

  #set({ name, takesValue, isIdle, isRefused }: CurlOption, value: string, place: string): void {
    this.#optionChars += 1 + value.length;
    this.#sharedHeaders = null;
    if (isIdle || isRefused) return;
    if (this.#optionChars > OPTION_CHARS_MAX) throw refuse('more than 16 MiB of options.');
    if (!takesValue) {
      if (name.startsWith('no-')) this.#switches.delete(name.slice(3));
      else this.#switches.add(name);
      return;
    }
    switch (name) {
      case 'url':
        if (value.startsWith('@')) throw refuse('url = @FILE is not understood; name that file with -i.');
        this.addUrl(value, place);
        return;
      case 'request':
        this.#method = checkMethod(value);
        return;
      case 'header':
        this.#addHeader(value);
        return;
      case 'cookie':
        if (!value.includes('=')) throw refuse(`cookies from a file ('${shown(value)}') are not read.`);
        this.#cookies.push(value);
        return;
      case 'data-ascii':
        this.#data.add('data', value);
        return;
      case 'data':
      case 'data-raw':
      case 'data-binary':
      case 'data-urlencode':
      case 'json':
        this.#data.add(name satisfies DataOption, value);
        if (name === 'json') this.#isJson = true;
        return;
      default:
        this.#values.set(name, value);
    }
  }

  #addHeader(line: string): void {
    if (line.startsWith('@')) throw refuse('headers from a file (-H @FILE) are not read.');
    if (this.#headers.length >= 2 * HEADERS_MAX) throw refuse(`more than ${HEADERS_MAX} headers.`);
    const nothing = /^([^:;]+):\s*$/.exec(line)?.[1];
    const name = (nothing ?? /^[^:;]*/.exec(line)?.[0] ?? '').trim().toLowerCase();
    if (nothing !== undefined) this.#withoutHeaders.add(name);
    else if (!isTransportHeader(name)) addHeaderLine(this.#headers, line);
  }

  #input(url: string, place: string): Input | NeedsFiles {
    const about = { url: shown(url) };
    if (this.#problem) {
      const { error, place: at } = this.#problem;
      return invalidInput(error, () => at, about);
    }
    if (this.#data.paths.length > 0) {
      return new NeedsFiles(
        this.#data.paths,
        () => place,
        about,
        contents => this.#request(url, contents),
      );
    }
    try {
      return this.#request(url, []);
    } catch (error) {
      return invalidInput(error, () => place, about);
    }
  }

  #request(url: string, contents: readonly Uint8Array[]): HttpRequest {
    const data = this.#data.isEmpty ? null : this.#data.join(contents);
    const inQuery = data !== null && this.#switches.has('get');
    if (this.#switches.has('head') && data !== null && !inQuery) {
      throw refuse('-I asks for the headers alone, -d sends a body: only one of them.');
    }
    const plain = this.#switches.has('globoff') ? url : withoutGlobs(url);
    const whole = SCHEME.test(plain) ? plain : `http://${plain}`;
    const to = checkUrl(inQuery ? withQuery(whole, String(data)) : whole);
    const method = this.#switches.has('head') ? 'HEAD' : this.#switches.has('get') ? 'GET' : null;
    return completeRequest(
      to,
      {
        method: this.#method ?? method,
        headers: this.#headersFor(to, data !== null && !inQuery),
        body: inQuery ? null : data,
        timeoutMs: this.#timeoutMs(),
      },
      this.#defaults,
    );
  }

  #headersFor(to: CheckedUrl, hasBody: boolean): readonly string[] {
    if (to.authorization !== undefined) return this.#allHeaders(to, hasBody);
    this.#sharedHeaders ??= this.#allHeaders(to, hasBody);
    return this.#sharedHeaders;
  }

  #allHeaders(to: CheckedUrl, hasBody: boolean): string[] {
    const headers = [...this.#headers];
    const add = (name: string, value: string | undefined): void => {
      if (value === undefined || value === '') return;
      if (!hasHeader(headers, name) && !this.#withoutHeaders.has(name)) addHeader(headers, name, value);
    };
    const user = this.#values.get('user');
    const bearer = this.#values.get('oauth2-bearer');
    if (user !== undefined && !user.includes(':')) throw refuse('-u without a password would ask for one.');
    if (bearer !== undefined) add('authorization', `Bearer ${bearer}`);
    if (user !== undefined) add('authorization', `Basic ${Buffer.from(user).toString('base64')}`);
    add('authorization', to.authorization);
    add('user-agent', this.#values.get('user-agent'));
    add('referer', this.#values.get('referer')?.replace(/;auto$/, ''));
    if (this.#cookies.length > 0) add('cookie', this.#cookies.join('; '));
    const range = this.#values.get('range');
    if (range !== undefined) add('range', `bytes=${range}`);
    if (this.#switches.has('compressed')) add('accept-encoding', ENCODINGS);
    if (this.#isJson) add('accept', 'application/json');
    const type = this.#isJson ? 'application/json' : 'application/x-www-form-urlencoded';
    if (hasBody && !hasHeader(this.#defaults.headers, 'content-type')) add('content-type', type);
    return headers;
  }

  #timeoutMs(): number | null {
    const seconds = this.#values.get('max-time');
    if (seconds === undefined) return null;
    const spanMs = /^\d+(\.\d+)?$/.test(seconds) ? Number(seconds) * 1000 : Number.NaN;
    if (Number.isNaN(spanMs)) throw refuse(`max-time: expected seconds such as 2.5, got '${seconds}'.`);
    return spanMs === 0 ? null : spanMs;
  }
}

/** An input that stands for a whole operation. */
export function invalidOperation(error: unknown, place: string): InvalidInput {
  return invalidInput(error, () => place);
}

function wanted(word: string, next: string | undefined): string {
  if (next === undefined) throw refuse(`curl's ${word} needs a value.`);
  return next;
}

function unknownOption(word: string): PacelineError {
  return refuse(`curl's ${word.slice(0, 60)} may change the request and is not understood here.`);
}

/** curl would take unescaped braces and brackets as many URLs in one. */
function withoutGlobs(url: string): string {
  const outside = url
    .replace(/\\[{}[\]]/g, '')
    .replace(/^([a-z][a-z0-9+.-]*:\/\/)?([^/]*@)?\[[0-9a-f:.%]+\]/i, '');
  if (/[{}[\]]/.test(outside)) {
    throw refuse(
      "curl would take the {}[] of this URL for several URLs. Write them out, or put 'globoff' before it.",
    );
  }
  return url.replace(/\\([{}[\]])/g, '$1');
}

function withQuery(url: string, query: string): string {
  const hash = url.indexOf('#');
  const bare = hash === -1 ? url : url.slice(0, hash);
  return `${bare}${bare.includes('?') ? (/[?&]$/.test(bare) ? '' : '&') : '?'}${query}`;
}

function refuse(message: string): PacelineError {
  return new PacelineError('ERR_INPUT_FIELD', message);
}
