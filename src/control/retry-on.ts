// Which ends of an attempt are worth another one: `--retry-on`, and what it says of an end. It looks at the kind of
// end alone; whether the request may be sent twice (its method, its bytes) and how often is for others to decide.
import { PacelineError } from '../base/errors.ts';
import { nearest } from '../base/nearest.ts';
import type { AttemptEnd } from '../model/attempt.ts';

/** Plain data, so that it can stand in a plan and in a record. */
export interface RetryOn {
  /** Statuses of whole responses, rising. */
  readonly statuses: readonly number[];
  /** A deadline of connect, headers or body passed. */
  readonly timeout: boolean;
  /** No connection stood, or it broke, inside a response too. */
  readonly connection: boolean;
}

export const RETRY_ON_DEFAULT: RetryOn = {
  statuses: [408, 429, 500, 502, 503, 504],
  timeout: true,
  connection: true,
};

const STATUS_MIN = 100;
const STATUS_MAX = 599;
/** Longest list that is read; a list of every status there is has fewer. */
const LIST_CHARS_MAX = 4096;
const WORDS = ['timeout', 'connection', 'default', 'none'];
/** Names that other tools and our own record have for the same. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  network: 'connection',
  network_error: 'connection',
  reset: 'connection',
  econnreset: 'connection',
  econnrefused: 'connection',
  etimedout: 'timeout',
  all: 'default,4xx,5xx',
};

/**
 * Reads a list such as `503`, `5xx,timeout` or `!501,!timeout`, from left to right: a word adds what it names, `!`
 * before it takes that away, and `none` takes all away. A list that begins with `!` starts from the default, every
 * other from nothing.
 * @param name what the list is for, as the user wrote it (`--retry-on`); used in the message
 * @throws ERR_OPTION_INVALID naming the word that is not understood, and the nearest one that is
 */
export function parseRetryOn(text: string, name: string): RetryOn {
  if (text.length > LIST_CHARS_MAX) {
    throw new PacelineError(
      'ERR_OPTION_INVALID',
      `${name}: the list is longer than ${LIST_CHARS_MAX} characters.`,
    );
  }
  const words = text.split(',').map(word => word.trim());
  const start = words[0]?.startsWith('!') ? RETRY_ON_DEFAULT : NOTHING;
  const statuses = new Set(start.statuses);
  let { timeout, connection } = start;
  for (const word of words) {
    const adds = !word.startsWith('!');
    const named = meaningOf((adds ? word : word.slice(1).trim()).toLowerCase());
    if (named === undefined || (named === NOTHING && !adds)) throw unknownWord(word, name);
    if (named === NOTHING) {
      statuses.clear();
      timeout = false;
      connection = false;
    }
    for (const status of named.statuses) adds ? statuses.add(status) : statuses.delete(status);
    if (named.timeout) timeout = adds;
    if (named.connection) connection = adds;
  }
  return { statuses: [...statuses].sort((a, b) => a - b), timeout, connection };
}

const NOTHING: RetryOn = { statuses: [], timeout: false, connection: false };

function meaningOf(word: string): RetryOn | undefined {
  if (word === 'none') return NOTHING;
  if (word === 'default') return RETRY_ON_DEFAULT;
  if (word === 'timeout') return { ...NOTHING, timeout: true };
  if (word === 'connection') return { ...NOTHING, connection: true };
  if (/^[1-5]xx$/.test(word)) {
    const first = Number(word[0]) * 100;
    return { ...NOTHING, statuses: Array.from({ length: 100 }, (_, index) => first + index) };
  }
  const status = /^[0-9]{3}$/.test(word) ? Number(word) : 0;
  return status >= STATUS_MIN && status <= STATUS_MAX ? { ...NOTHING, statuses: [status] } : undefined;
}

function unknownWord(written: string, name: string): PacelineError {
  const word = written.replace(/^!\s*/, '').toLowerCase();
  const forms =
    'a status (503), a class (5xx), timeout, connection, default, none, or one of these with ! before it';
  const quoted = written.length > 40 ? `${written.slice(0, 40)}…` : written;
  const hint = hintFor(word);
  return new PacelineError(
    'ERR_OPTION_INVALID',
    `${name}: '${quoted}' is not ${forms}.${hint === undefined ? '' : ` ${hint}`}`,
  );
}

function hintFor(word: string): string | undefined {
  if (word === '') return 'A word is missing between two commas, or at an end of the list.';
  if (word === 'none') return 'To take all away, write none.';
  if (/^-?[0-9]+$/.test(word)) return `Statuses are ${STATUS_MIN} to ${STATUS_MAX}.`;
  const other = Object.hasOwn(OTHER_NAMES, word) ? OTHER_NAMES[word] : undefined;
  const status = /^([1-5])(?:[0-9x*]{2}|\*|x)$/.exec(word);
  const guess = other ?? (status ? `${status[1]}xx` : nearest(word, WORDS));
  return guess === undefined ? undefined : `Did you mean ${guess}?`;
}

/** Responses that were on their way when the connection broke; the others are what the server wanted to say. */
const BROKEN: ReadonlySet<string> = new Set(['TRUNCATED', 'TRUNCATED_ENCODING', 'CONNECTION_CLOSED']);

/**
 * Whether `on` names this end.
 *
 * A whole response goes by its status alone, even where the user's handler threw. Never named are: the time of the
 * whole request or run that is up, a name that does not exist (one that could not be looked up just now is a matter
 * of the connection), a connection that is not safe, a response that is no HTTP or too large, what was cancelled or
 * cannot be sent. An `unknown` end goes by its error's code; one whose worker was lost is never named.
 */
export function retriesOn(on: RetryOn, end: Pick<AttemptEnd, 'outcome' | 'status' | 'error'>): boolean {
  const { outcome, status, error } = end;
  switch (outcome) {
    case 'ok':
    case 'http_error':
    case 'handler_error':
      return status !== null && on.statuses.includes(status);
    case 'timeout':
      return on.timeout && isOfOnePhase(error);
    case 'network_error':
      return on.connection && !(error && LASTING.has(error.code));
    case 'protocol_error':
      return on.connection && error !== undefined && BROKEN.has(error.code);
    case 'unknown':
      if (error === undefined || error.code === 'WORKER_LOST') return false;
      if (error.code.startsWith('TIMEOUT_')) return on.timeout && isOfOnePhase(error);
      return on.connection && !LASTING.has(error.code);
    case 'tls_error':
    case 'too_large':
    case 'invalid_input':
    case 'cancelled':
      return false;
  }
}

/** Of the connection, and still the same the next time: no such name, and a proxy that wants other credentials. */
const LASTING: ReadonlySet<string> = new Set(['ENOTFOUND', 'PROXY_REFUSED']);

/** The time of the whole request, or of the run, does not come again. */
function isOfOnePhase(error: AttemptEnd['error']): boolean {
  return error?.phase !== 'request' && error?.phase !== 'run' && error?.code !== 'TIMEOUT_REQUEST';
}
