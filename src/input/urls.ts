// From text to a URL that can be sent: absolute, http or https, without credentials and fragment.
// Most lines of a long list are already in their final form, and one regular expression proves it;
// only the others pay for the full parser.
import { type ErrorCode, PacelineError } from '../base/errors.ts';
import { basicAuthorization, sendableHref } from '../model/sendable-url.ts';

export interface CheckedUrl {
  readonly url: string;
  /** Value for an `authorization` header, where the URL carried credentials. */
  readonly authorization?: string;
}

/**
 * Text that the WHATWG URL parser would give back unchanged: lower-case host whose last label begins
 * with a letter (so it cannot be read as a number) or a canonical IPv4 address, no port or one below
 * 60 000, and a path with no character that would be encoded and no segment that begins with a dot.
 */
const PLAIN_ORIGIN =
  /^(https?):\/\/(?:(?:[a-z0-9][a-z0-9-]*\.)*[a-z][a-z0-9-]*|(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d))(?::([1-9]\d{0,3}|[1-5]\d{4}))?$/;
/** The rest of it, from the place where the origin ends. */
const PLAIN_PATH = /(?:\/(?![.%])[\w~!$&'()*+,;=:@.%-]*)+(?:\?[\w~!$&()*+,;=:@/?.%-]*)?$/y;

const SLASH = 47;
/** `http://a` */
const ORIGIN_CHARS_MIN = 8;
const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: '80', https: '443' };

/**
 * Plain origins seen before: a list has many lines of few of them. It only saves work; the answers are the same
 * without.
 */
const plainOrigins = new Set<string>();
const PLAIN_ORIGINS_MAX = 64;
const PLAIN_ORIGIN_CHARS_MAX = 300;
let lastOrigin = 'http://localhost';

/** Whether `text` is a URL that may be sent exactly as it stands. */
export function isPlainUrl(text: string): boolean {
  // Measured: a slice that is compared costs a third of `startsWith`.
  if (text.charCodeAt(lastOrigin.length) !== SLASH || text.slice(0, lastOrigin.length) !== lastOrigin) {
    const origin = text.slice(0, text.indexOf('/', ORIGIN_CHARS_MIN));
    if (!plainOrigins.has(origin) && !isPlainOrigin(origin)) return false;
    lastOrigin = origin;
  }
  PLAIN_PATH.lastIndex = lastOrigin.length;
  return PLAIN_PATH.test(text);
}

function isPlainOrigin(origin: string): boolean {
  const match = PLAIN_ORIGIN.exec(origin);
  if (match === null || match[2] === DEFAULT_PORTS[match[1] as string]) return false;
  if (origin.includes('xn--')) return false;
  if (origin.length > PLAIN_ORIGIN_CHARS_MAX) return true;
  if (plainOrigins.size >= PLAIN_ORIGINS_MAX) plainOrigins.clear();
  plainOrigins.add(origin);
  return true;
}

/**
 * Checks and normalises a URL.
 * @throws ERR_INPUT_URL, ERR_INPUT_SCHEME; the message has no place in it and no credentials
 */
export function checkUrl(text: string): CheckedUrl {
  if (isPlainUrl(text)) return { url: text };
  if (/[\x00-\x1f\x7f]/.test(text)) throw refuse('ERR_INPUT_URL', text, 'it has control characters');
  if (/\s/.test(text)) throw refuse('ERR_INPUT_URL', text, 'it has a space in it; write %20');
  if (text.includes('\ufffd')) throw refuse('ERR_INPUT_URL', text, 'it is not valid UTF-8');
  checkScheme(text);
  const url = URL.parse(text);
  if (url === null) throw refuse('ERR_INPUT_URL', text, 'host or port cannot be understood');
  const authorization = basicAuthorization(url);
  const href = sendableHref(url);
  return authorization === null ? { url: href } : { url: href, authorization };
}

function checkScheme(text: string): void {
  const scheme = /^([a-z][a-z0-9+.-]*):(.*)/is.exec(text);
  if (scheme === null) {
    const looksLikeHost = /^[\w-]+(\.[\w-]+)+(:\d+)?([/?]|$)/.test(text);
    const hint = looksLikeHost ? `; did you mean http://${shown(text)}?` : '';
    throw refuse('ERR_INPUT_URL', text, `it does not begin with http:// or https://${hint}`);
  }
  const [, name = '', rest = ''] = scheme;
  if (/^https?$/i.test(name)) {
    if (!rest.startsWith('//')) throw refuse('ERR_INPUT_URL', text, `'${name}:' must be followed by '//'`);
    return;
  }
  // What looks like a scheme may be a name, or a token, and the rest its password.
  if (!rest.startsWith('//') && rest.includes('@'))
    throw refuse('ERR_INPUT_URL', text, 'it does not begin with http:// or https://');
  const looksLikePort = /^\d{1,5}([/?]|$)/.test(rest);
  const hint = looksLikePort ? `; did you mean http://${shown(text)}?` : '';
  throw refuse(
    'ERR_INPUT_SCHEME',
    text,
    `only http and https can be sent, not '${name.slice(0, 20)}'${hint}`,
  );
}

function refuse(code: ErrorCode, text: string, why: string): PacelineError {
  return new PacelineError(code, `'${shown(text)}' is not a URL that can be sent: ${why}.`);
}

/** Input as it may be shown: without anything that could be credentials, and not too long. */
export function shown(text: string): string {
  const at = text.lastIndexOf('@');
  // Without a scheme the slashes may be those of a path, and what stands before them a password.
  const from = /^(?:[a-z][a-z0-9+.-]*:)?\/\//i.exec(text)?.[0].length ?? 0;
  const bare = at > from ? text.slice(0, from) + text.slice(at + 1) : text;
  return bare.length > 200 ? `${bare.slice(0, 199)}…` : bare;
}
