// How many more requests a server says it will take, and for how long: what its rate-limit headers mean, whichever of
// four forms they have. Hints, not promises (§8.3 of the draft); what is malformed counts as not said (§7).
//
//   RateLimit: "default";r=50;t=30          draft-ietf-httpapi-ratelimit-headers-11 (May 2026), and -08 on
//   RateLimit: limit=100, remaining=50, reset=5                                     its version -07
//   RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset                           up to version -06
//   X-RateLimit-Limit, -Remaining, -Reset; X-Rate-Limit-…                           custom
import { DURATION_MS_MAX } from '../base/units.ts';
import type { ResponseHeaders } from './attempt.ts';
import { distinctValues, type HeaderValue } from './header-values.ts';
import {
  type BareItem,
  FIELD_CHARS_MAX,
  type Item,
  parseDictionary,
  parseList,
} from './structured-fields.ts';

export interface ServerQuota {
  /** So many more requests, a whole number from 0. */
  readonly remaining: number;
  /** The span from now for which `remaining` has to suffice; at most ten years. */
  readonly resetMs: number;
  /** Requests in a whole window, where the server says so. */
  readonly limit?: number;
  /** Length of a whole window, where the server says so. */
  readonly windowMs?: number;
  /** The header that `remaining` was read from. */
  readonly source: 'RateLimit' | 'RateLimit-Remaining' | 'X-RateLimit-Remaining';
}

/**
 * What the response says of the quota; undefined when it says nothing, or nothing that can be understood. Never throws.
 *
 * The newest form that is well-formed counts. Of several policies it is the one that binds most: the fewest requests
 * remaining, and of those the longest time. `Retry-After`, where there is one, takes precedence over all of it.
 * @param nowEpochMs the instant that resets given as a point in time are seen from: that of the response's own `Date`,
 *   or the wall clock
 */
export function parseServerQuota(headers: ResponseHeaders, nowEpochMs: number): ServerQuota | undefined {
  const rateLimit = headers.ratelimit;
  return (
    (rateLimit &&
      (quotaOfPolicies(rateLimit, headers['ratelimit-policy']) ?? combinedQuota(rateLimit, headers))) ||
    (headers['ratelimit-remaining'] && threeHeaderQuota(headers, nowEpochMs)) ||
    (headers['x-ratelimit-remaining'] && customQuota(headers, 'x-ratelimit', nowEpochMs)) ||
    (headers['x-rate-limit-remaining'] && customQuota(headers, 'x-rate-limit', nowEpochMs)) ||
    undefined
  );
}

interface Policy {
  readonly limit: number | undefined;
  readonly windowMs: number | undefined;
  /** Whether the quota is counted in requests: one in bytes, or in requests at once, says nothing of how many more. */
  readonly countsRequests: boolean;
}

function quotaOfPolicies(value: HeaderValue, policyValue: HeaderValue): ServerQuota | undefined {
  const items = parseList(joined(value));
  if (items === undefined) return undefined;
  const policies = policiesByName(policyValue);
  let binding: ServerQuota | undefined;
  for (const { bare, parameters } of items) {
    const remaining = countOf(parameters.get('r'));
    const resetParameter = parameters.get('t');
    const resetSeconds = countOf(resetParameter);
    const isNamed = bare.type === 'string' || bare.type === 'token';
    const isBadReset = resetParameter !== undefined && resetSeconds === undefined;
    if (!isNamed || remaining === undefined || isBadReset) return undefined;
    const policy = policies.get(bare.value);
    // Without a time there is nothing to wait for; requests at once are such a quota.
    if (resetSeconds === undefined || policy?.countsRequests === false) continue;
    const quota = quotaFrom('RateLimit', remaining, resetSeconds * 1000, policy?.limit, policy?.windowMs);
    if (binding === undefined || bindsMore(quota, binding)) binding = quota;
  }
  return binding;
}

function bindsMore(quota: ServerQuota, other: ServerQuota): boolean {
  if (quota.remaining !== other.remaining) return quota.remaining < other.remaining;
  return quota.resetMs > other.resetMs;
}

/** Empty where the header is missing or malformed: it is informative, and the draft lets it be ignored. */
function policiesByName(value: HeaderValue): ReadonlyMap<string, Policy> {
  const policies = new Map<string, Policy>();
  for (const { bare, parameters } of parseList(joined(value)) ?? []) {
    if (bare.type !== 'string' && bare.type !== 'token') continue;
    const unit = parameters.get('qu')?.value ?? 'requests';
    policies.set(bare.value, {
      limit: countOf(parameters.get('q')),
      windowMs: windowMsOf(parameters),
      // The draft's text has `requests`, its registry `request`.
      countsRequests: unit === 'requests' || unit === 'request',
    });
  }
  return policies;
}

/** All in one Dictionary, as the draft's version -07 had it. */
function combinedQuota(value: HeaderValue, headers: ResponseHeaders): ServerQuota | undefined {
  const members = parseDictionary(joined(value));
  const limit = countOf(members?.get('limit')?.bare);
  const remaining = countOf(members?.get('remaining')?.bare);
  const resetSeconds = countOf(members?.get('reset')?.bare);
  if (remaining === undefined || resetSeconds === undefined) return undefined;
  return quotaFrom('RateLimit', remaining, resetSeconds * 1000, limit, numberedWindowMs(limit, headers));
}

/**
 * One header each, as the draft's versions to -06 had it: Integers, the reset in seconds from now. GitLab sends these
 * names with a point in time, so the reset is read as in the custom form.
 */
function threeHeaderQuota(headers: ResponseHeaders, nowEpochMs: number): ServerQuota | undefined {
  const limit = countOf(parseList(joined(headers['ratelimit-limit']))?.[0]?.bare);
  const remaining = onlyCount(headers['ratelimit-remaining']);
  const resetMs = resetSpanMs(onlyCount(headers['ratelimit-reset']), nowEpochMs);
  if (remaining === undefined || resetMs === undefined) return undefined;
  return quotaFrom('RateLimit-Remaining', remaining, resetMs, limit, numberedWindowMs(limit, headers));
}

function onlyCount(value: HeaderValue): number | undefined {
  const [text, second] = distinctValues(value);
  const items = text === undefined || second !== undefined ? undefined : parseList(text);
  return items?.length === 1 ? countOf(items[0]?.bare) : undefined;
}

/** In those versions a policy was named by its quota: `100;w=60` in `RateLimit-Policy`, or in `RateLimit-Limit`. */
function numberedWindowMs(limit: number | undefined, headers: ResponseHeaders): number | undefined {
  for (const name of ['ratelimit-policy', 'ratelimit-limit']) {
    for (const { bare, parameters } of parseList(joined(headers[name])) ?? []) {
      const windowMs = limit !== undefined && bare.value === limit ? windowMsOf(parameters) : undefined;
      if (windowMs !== undefined) return windowMs;
    }
  }
  return undefined;
}

/** Digits, perhaps with decimals, which some servers add to all three. */
const CUSTOM_NUMBER = /^[0-9]{1,15}(?:\.[0-9]{1,9})?$/;
/** From here on a number cannot be seconds from now, for they would be ten years; as a date it is in 1979. */
const EPOCH_SECONDS_MIN = DURATION_MS_MAX / 1000;
/** From here on a number cannot be seconds since 1970, for it would be the year 5138; in ms it is in 1973. */
const EPOCH_MS_MIN = 1e11;
/** From here on it is in no unit that we know: in ms it would be the year 5138 again. */
const EPOCH_MS_END = 1e14;

function customQuota(
  headers: ResponseHeaders,
  prefix: 'x-ratelimit' | 'x-rate-limit',
  nowEpochMs: number,
): ServerQuota | undefined {
  const remaining = customNumber(headers[`${prefix}-remaining`]);
  const resetMs = resetSpanMs(customNumber(headers[`${prefix}-reset`]), nowEpochMs);
  const limit = customNumber(headers[`${prefix}-limit`]);
  if (remaining === undefined || resetMs === undefined) return undefined;
  const wholeLimit = limit === undefined ? undefined : Math.floor(limit);
  return quotaFrom('X-RateLimit-Remaining', Math.floor(remaining), resetMs, wholeLimit, undefined);
}

/** Seconds from now, seconds since 1970 or milliseconds since 1970, told apart by how many they are. */
function resetSpanMs(reset: number | undefined, nowEpochMs: number): number | undefined {
  if (reset === undefined || reset >= EPOCH_MS_END) return undefined;
  if (reset < EPOCH_SECONDS_MIN) return reset * 1000;
  // A caller whose clock says nothing learns nothing from a point in time.
  if (!Number.isFinite(nowEpochMs)) return undefined;
  return (reset < EPOCH_MS_MIN ? reset * 1000 : reset) - nowEpochMs;
}

function customNumber(value: HeaderValue): number | undefined {
  const values = distinctValues(value);
  const [text = ''] = values;
  return values.length === 1 && CUSTOM_NUMBER.test(text) ? Number(text) : undefined;
}

function quotaFrom(
  source: ServerQuota['source'],
  remaining: number,
  resetMs: number,
  limit: number | undefined,
  windowMs: number | undefined,
): ServerQuota {
  return {
    remaining,
    resetMs: Math.min(Math.max(resetMs, 0), DURATION_MS_MAX),
    ...(limit !== undefined && { limit }),
    ...(windowMs !== undefined && { windowMs }),
    source,
  };
}

/** A field that came in several lines is one List, or one Dictionary (RFC 9651 §4.2). */
function joined(value: HeaderValue): string {
  if (value === undefined || typeof value === 'string') return value ?? '';
  // One too long to be read is not put together first.
  const chars = value.reduce((sum, line) => sum + line.length, 0);
  return chars > FIELD_CHARS_MAX ? ',' : value.join(', ');
}

function countOf(bare: BareItem | undefined): number | undefined {
  return bare?.type === 'integer' && bare.value >= 0 ? bare.value : undefined;
}

function windowMsOf(parameters: Item['parameters']): number | undefined {
  const seconds = countOf(parameters.get('w'));
  return seconds === undefined || seconds === 0 ? undefined : Math.min(seconds * 1000, DURATION_MS_MAX);
}
