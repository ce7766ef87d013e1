// What is taken out of a line of a record before it leaves the house. A record is its owner's; a report is shown to
// others, and URLs carry credentials: as user and password, and as values of parameters whose names say so.
import type { OutcomeError } from './outcome.ts';
import type { RequestLine, TryLine } from './record.ts';

export const REDACTED = 'REDACTED';

/** Words of a parameter's name that make its value a secret: `api_key`, `accessToken`, `X-Amz-Signature`. */
const SECRET_WORDS: ReadonlySet<string> = new Set([
  ...[
    'auth',
    'authorization',
    'apikey',
    'accesskeyid',
    'bearer',
    'code',
    'cookie',
    'credential',
    'credentials',
  ],
  ...[
    'hmac',
    'jwt',
    'key',
    'keys',
    'nonce',
    'otp',
    'pass',
    'passcode',
    'passphrase',
    'passwd',
    'password',
    'pin',
  ],
  ...[
    'pwd',
    'saml',
    'secret',
    'secrets',
    'session',
    'sessionid',
    'sid',
    'sig',
    'sign',
    'signature',
    'ticket',
  ],
  ...['token', 'tokens'],
]);
/** The same where nothing sets the words apart: `accesstoken`, `PHPSESSID`. */
const SECRET_ENDS = /(?:token|secret|passw(?:or)?d|signature|apikey|sess(?:ion)?id|credentials?|authkey)$/;
/** Longer names are nobody's; no time is spent on them, and their values go. */
const NAME_CHARS_MAX = 200;

const MAY_HAVE_SECRETS = /[=@]/;
const USERINFO = /\/\/[^/?#]*@/g;
const USERINFO_IN_WORDS = /\/\/[^/?#\s'"<>]*@/g;
const PARAMETER = /([?&;#])([^?&;#=]*)=/g;

/** Where a value ends: after `?` or `&`, after `;` in the path, and in the middle of a sentence. */
const VALUE_END = /[&#]/g;
const PATH_VALUE_END = /[;/?&#]/g;
const VALUE_END_IN_WORDS = /[&#\s'"<>]/g;

/** A URL, or what was given in place of one, whose secrets are replaced by `REDACTED`. */
export function withoutSecrets(url: string): string {
  if (!MAY_HAVE_SECRETS.test(url)) return url;
  return withoutValues(url.replace(USERINFO, `//${REDACTED}@`), VALUE_END);
}

/** The same for a sentence that may quote URLs. @param url the one that it most likely quotes; empty for none */
export function sentenceWithoutSecrets(sentence: string, url: string): string {
  if (!MAY_HAVE_SECRETS.test(sentence)) return sentence;
  const quoting = url === '' ? sentence : sentence.replaceAll(url, () => withoutSecrets(url));
  return withoutValues(quoting.replace(USERINFO_IN_WORDS, `//${REDACTED}@`), VALUE_END_IN_WORDS);
}

/** The line itself where there is nothing to take out. Its body and its value are no part of any report. */
export function lineWithoutSecrets(line: RequestLine): RequestLine {
  const url = withoutSecrets(line.url);
  const tries = line.tries.some(one => one.url !== undefined || one.error !== undefined)
    ? line.tries.map(one => tryWithoutSecrets(one, line.url))
    : line.tries;
  if (url === line.url && tries === line.tries && !line.error && line.finalUrl === undefined) return line;
  return {
    ...line,
    ...{ url, tries },
    ...(line.finalUrl !== undefined && { finalUrl: withoutSecrets(line.finalUrl) }),
    ...(line.error && { error: errorWithoutSecrets(line.error, line.url) }),
  };
}

function tryWithoutSecrets(one: TryLine, url: string): TryLine {
  if (one.url === undefined && one.error === undefined) return one;
  return {
    ...one,
    ...(one.url !== undefined && { url: withoutSecrets(one.url) }),
    ...(one.error && { error: errorWithoutSecrets(one.error, one.url ?? url) }),
  };
}

function errorWithoutSecrets(error: OutcomeError, url: string): OutcomeError {
  return { ...error, message: sentenceWithoutSecrets(error.message, url) };
}

/** @param ends where a value ends, outside the path */
function withoutValues(text: string, ends: RegExp): string {
  const queryAt = text.indexOf('?');
  let safe = '';
  let copied = 0;
  PARAMETER.lastIndex = 0;
  for (let found = PARAMETER.exec(text); found !== null; found = PARAMETER.exec(text)) {
    const [, before, name = ''] = found;
    if (!isSecretName(name)) continue;
    const from = PARAMETER.lastIndex;
    const isInPath = before === ';' && (queryAt < 0 || from < queryAt);
    const to = endOf(text, from, isInPath ? PATH_VALUE_END : ends);
    if (to === from) continue;
    safe += text.slice(copied, from) + REDACTED;
    copied = to;
    PARAMETER.lastIndex = to;
  }
  return copied === 0 ? text : safe + text.slice(copied);
}

function endOf(text: string, from: number, ends: RegExp): number {
  ends.lastIndex = from;
  return ends.exec(text)?.index ?? text.length;
}

function isSecretName(name: string): boolean {
  if (name.length > NAME_CHARS_MAX) return true;
  const plain = decoded(name);
  const words = plain
    .replace(/([a-z\d])([A-Z])|([A-Z])([A-Z][a-z])/g, '$1$3 $2$4')
    .toLowerCase()
    .split(/[^a-z\d]+/);
  return words.some(word => SECRET_WORDS.has(word) || SECRET_ENDS.test(word));
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
