// Where a redirect leads, and what goes along. A decider: it sees one response at a time, sends nothing and keeps
// nothing; what a hop drops is gone from the request that the next hop starts from, and so for the whole chain.
import { originOf } from '../model/origin.ts';
import type { OutcomeCode } from '../model/outcome-codes.ts';
import type { HeaderList, HttpRequest } from '../model/request.ts';
import { sendableHref } from '../model/sendable-url.ts';

export interface RedirectPolicy {
  /** Redirects followed for one request at most, from 0. */
  readonly redirsMax: number;
}

/** One response of a chain, and how the chain came to it. */
export interface Hop {
  /** As sent for this hop. */
  readonly request: HttpRequest;
  readonly status: number;
  /** The value of `Location` as it came; undefined where there is none, or more than one. */
  readonly location: string | undefined;
  /** Redirects followed so far. */
  readonly hops: number;
  /** Origin of the first request of the chain: `https://a.example`, `http://b.example:8080`. */
  readonly origin0: string;
  /**
   * The requests of the chain before this one, oldest first. With them a circle is seen when it closes, and the
   * size of the chain is bounded; without, `redirsMax` alone ends it.
   */
  readonly before?: readonly Pick<HttpRequest, 'method' | 'url'>[];
}

export type NextHop =
  | { readonly kind: 'follow'; readonly request: HttpRequest }
  /** The request ends so, with the outcome that belongs to the code. */
  | { readonly kind: 'refuse'; readonly code: OutcomeCode; readonly message: string };

/** Longest URLs of one chain together, in characters: a `Location` that grows with each hop ends here. */
const CHAIN_CHARS_MAX = 64 * 1024;

/** 300 leaves the choice to a person, 304 is an answer, 305 and 306 are history (RFC 9110 section 15.4). */
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** These say that the request itself, body and all, belongs elsewhere. */
const KEEPS_METHOD: ReadonlySet<number> = new Set([307, 308]);

/** Headers that describe a body, beside all that begin with `content-` (RFC 9110 section 15.4, on redirects). */
const OF_BODY: ReadonlySet<string> = new Set([
  'digest',
  'expect',
  'last-modified',
  'repr-digest',
  'trailer',
  'transfer-encoding',
]);
/** Without these a body that goes along cannot be read; they name formats, not persons. */
const GO_WITH_BODY: ReadonlySet<string> = new Set(['content-type', 'content-encoding']);

/** Whether a response sends on to somewhere; wherever that is. */
export function isRedirect(status: number | null, location: string | undefined): location is string {
  return status !== null && REDIRECTS.has(status) && location !== undefined && location.trim() !== '';
}

/**
 * What follows a response, where redirects are followed.
 *
 * Methods: 303 makes everything but HEAD a GET; 301 and 302 make a POST one, as browsers do (RFC 9110 section
 * 15.4, the fetch standard); 307 and 308 change nothing. A body that does not go along takes its headers with it.
 *
 * Origins: a redirect to another scheme, host or port drops every header that the user set, whatever its name
 * (credentials have more names than anyone can list: CVE-2018-1000007, CVE-2022-31151, CVE-2023-45143), but for
 * the type and coding of a body that goes along. So it does from https to http. Credentials in the `Location`
 * are not sent, and nothing of a URL is ever sent on as `Referer`.
 *
 * @returns null where the response is the end of the chain: no redirect, or none that says where to
 */
export function nextHop(hop: Hop, policy: RedirectPolicy): NextHop | null {
  const { request, status, location, hops, before = [] } = hop;
  if (!isRedirect(status, location)) return null;
  if (hops >= policy.redirsMax) {
    const most = policy.redirsMax === 1 ? '1 redirect was' : `${policy.redirsMax} redirects were`;
    return refuse('TOO_MANY_REDIRECTS', `${most} followed (--max-redirs), and the answer is one more.`);
  }
  const target = resolve(location, request.url);
  if (typeof target === 'string') return refuse('BAD_REDIRECT', `The redirect leads nowhere: ${target}.`);
  const url = sendableHref(target);
  const method = methodAfter(status, request.method);
  const isCircle = [...before, request].some(seen => seen.url === url && seen.method === method);
  if (isCircle) return refuse('TOO_MANY_REDIRECTS', 'The redirects lead in a circle.');
  const chars = before.reduce((sum, seen) => sum + seen.url.length, request.url.length + url.length);
  if (chars > CHAIN_CHARS_MAX) {
    return refuse(
      'TOO_MANY_REDIRECTS',
      `The redirects have more than ${CHAIN_CHARS_MAX} bytes of addresses.`,
    );
  }
  // Compared with the first origin too: a chain that has left it is never at home again.
  const staysHome = target.origin === originOf(request.url) && target.origin === hop.origin0;
  const keepsBody = KEEPS_METHOD.has(status) || method === request.method;
  const kept = (name: string) => (staysHome || GO_WITH_BODY.has(name)) && (keepsBody || !isOfBody(name));
  const headers = filtered(request.headers, kept);
  return {
    kind: 'follow',
    request: { ...request, url, method, headers, body: keepsBody ? request.body : null },
  };
}

function refuse(code: OutcomeCode, message: string): NextHop {
  return { kind: 'refuse', code, message };
}

function methodAfter(status: number, method: string): string {
  if (status === 303) return method === 'HEAD' ? 'HEAD' : 'GET';
  return method === 'POST' && !KEEPS_METHOD.has(status) ? 'GET' : method;
}

function isOfBody(name: string): boolean {
  return name.startsWith('content-') || OF_BODY.has(name);
}

function filtered(headers: HeaderList, kept: (name: string) => boolean): HeaderList {
  const list: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    if (kept(name.toLowerCase())) list.push(name, headers[i + 1] as string);
  }
  return list;
}

/** @returns the URL, or what is wrong with it, without any of its text but the scheme */
function resolve(location: string, base: string): URL | string {
  const text = asUtf8(location).trim();
  if (/[\x00-\x1f\x7f]/.test(text)) return 'its Location has control characters';
  const scheme = /^([a-z][a-z0-9+.-]*):(.*)/is.exec(text);
  const rest = scheme?.[2] ?? text;
  if (scheme !== null && !/^https?$/i.test(scheme[1] as string)) {
    return `only http and https can be sent, and its Location begins with '${scheme[1]?.slice(0, 20)}:'`;
  }
  // The URL standard would take `http:a` for a path and the first part of `///a/b` for a host.
  if (scheme !== null && !/^\/\/[^/\\]/.test(rest)) return 'its Location names no host';
  if (/^[/\\]{3}/.test(text)) return 'its Location names no host';
  return URL.parse(text, base) ?? 'its Location is no URL';
}

/** Header values come as bytes. Servers that forget to encode a path mean UTF-8, as browsers read it. */
function asUtf8(value: string): string {
  if (!/[\x80-\xff]/.test(value) || /[^\x00-\xff]/.test(value)) return value;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(
      Uint8Array.from(value, byte => byte.charCodeAt(0)),
    );
  } catch {
    return value;
  }
}
