// How a run treats its servers: how often it starts, how much of one host it takes, what it sends again. Options
// resolved once, as the rest of the plan.
import { invalidOption, PacelineError } from '../base/errors.ts';
import type { Random } from '../base/random.ts';
import { DURATION_MS_MAX } from '../base/units.ts';
import type { PaceFinder } from '../control/finder/pace-finder.ts';
import { parseRate, type Rate } from '../control/gcra.ts';
import type { RetryPolicy } from '../control/retry.ts';
import { parseRetryOn } from '../control/retry-on.ts';
import { checkedLimit } from '../control/semaphore.ts';
import { originNames } from '../model/origin.ts';
import { pathPatterns } from '../model/path-pattern.ts';
import type { HttpRequest } from '../model/request.ts';
import type { EngineOptions, LimitChange } from './engine-options.ts';
import { httpSteps } from './http-steps.ts';

/** Limits and retries of a run. They mean the same in every strategy, however many workers it has. */
export interface PoliteOptions {
  /** Starts in a time over all hosts, retries included: `'10/s'`, `'100/min'`, `'5/15s'`. @default no bound */
  readonly rate?: string | Rate | null;
  /** The same for each host. @default no bound */
  readonly hostRate?: string | Rate | null;
  /** Starts at once after a quiet time, for both rates; from 1. @default 1 */
  readonly burst?: number;
  /** Attempts in flight for one host (scheme, name and port) at most. @default Infinity */
  readonly perHost?: number;
  /** A request is sent again at most so many times. @default 2 */
  readonly retries?: number;
  /** What is sent again: `'429,5xx,timeout,connection'`, `'default,!500'`, `'none'`. @default 'default' */
  readonly retryOn?: string;
  /** The first backoff is drawn from 0 up to this many ms, the next from twice as many, … @default 500 */
  readonly retryDelayMs?: number;
  /** No backoff is longer, and no server that asks for a longer wait is waited for. In ms. @default 300 000 */
  readonly retryDelayMsMax?: number;
  /** Send again also what may have been carried out already: a POST whose answer never came. @default false */
  readonly retryUnsafe?: boolean;
  /** Redirects followed for one request at most; 0 follows none. Credentials never cross origins. @default 0 */
  readonly redirects?: number;
  /** Retries of the whole run, as a share of its requests: 0.2 for one in five. @default Infinity */
  readonly retryBudget?: number;
}

export interface PolitePlan {
  readonly rate: Rate | null;
  readonly hostRate: Rate | null;
  readonly burst: number;
  readonly perHost: number;
  readonly retry: RetryPolicy;
  readonly retryBudget: number;
  readonly redirsMax: number;
}

export const POLITE_OPTIONS: readonly (keyof PoliteOptions)[] = [
  'rate',
  'hostRate',
  'burst',
  'perHost',
  'retries',
  'retryOn',
  'retryDelayMs',
  'retryDelayMsMax',
  'retryUnsafe',
  'retryBudget',
  'redirects',
];

export const RETRIES = 2;
const RETRIES_MAX = 1000;
const REDIRECTS_MAX = 100;
const RETRY_DELAY_MS = 500;
const RETRY_DELAY_MS_MAX = 300_000;
const BURST_MAX = 65_536;
const PER_HOST_MAX = 65_535;

/** Limits that can be changed while a run goes on; what is left out stays as it is. */
export interface Limits extends Pick<PoliteOptions, 'rate' | 'hostRate' | 'burst' | 'perHost'> {
  /** Attempts in flight at most, from 1, or Infinity. */
  readonly concurrency?: number;
}

/** @throws ERR_OPTION_INVALID, ERR_OPTION_UNKNOWN */
export function resolveLimits({
  concurrency,
  rate,
  hostRate,
  burst,
  perHost,
  ...unknown
}: Limits): LimitChange {
  const [stray] = Object.keys(unknown);
  if (stray !== undefined) {
    const known = 'concurrency, rate, hostRate, burst, perHost';
    throw new PacelineError('ERR_OPTION_UNKNOWN', `Unknown limit \`${stray}\`. Known: ${known}.`);
  }
  return {
    ...(concurrency !== undefined && { limit: checkedLimit(concurrency) }),
    ...(rate !== undefined && { rate: rateOf('rate', rate) }),
    ...(hostRate !== undefined && { hostRate: rateOf('hostRate', hostRate) }),
    ...(burst !== undefined && { burst: whole('burst', burst, { min: 1, max: BURST_MAX }) }),
    ...(perHost !== undefined && { perHost: perHostOf(perHost) }),
  };
}

/** @throws ERR_OPTION_INVALID */
export function resolvePolite(options: PoliteOptions): PolitePlan {
  const delayMsMax = spanMs('retryDelayMsMax', options.retryDelayMsMax ?? RETRY_DELAY_MS_MAX);
  return {
    rate: rateOf('rate', options.rate),
    hostRate: rateOf('hostRate', options.hostRate),
    burst: whole('burst', options.burst ?? 1, { min: 1, max: BURST_MAX }),
    perHost: perHostOf(options.perHost ?? Number.POSITIVE_INFINITY),
    retry: {
      retriesMax: whole('retries', options.retries ?? RETRIES, { min: 0, max: RETRIES_MAX }),
      on: parseRetryOn(options.retryOn ?? 'default', 'retryOn'),
      delayMs: Math.min(spanMs('retryDelayMs', options.retryDelayMs ?? RETRY_DELAY_MS), delayMsMax),
      delayMsMax,
      unsafe: options.retryUnsafe ?? false,
    },
    retryBudget: share('retryBudget', options.retryBudget ?? Number.POSITIVE_INFINITY),
    redirsMax: whole('redirects', options.redirects ?? 0, { min: 0, max: REDIRECTS_MAX }),
  };
}

/**
 * The engine's options that follow from the plan.
 * @param openFinder where the pace of each host is found
 */
export function politeEngine(
  plan: PolitePlan,
  random: Random,
  openFinder?: (host: string) => PaceFinder,
): Pick<EngineOptions<HttpRequest>, 'rate' | 'burst' | 'hosts' | 'nextStep'> {
  const { rate, hostRate, burst, perHost, retry, retryBudget, redirsMax } = plan;
  const pauses = { pauseMs: retry.delayMs, waitMsMax: retry.delayMsMax };
  return {
    rate,
    burst,
    hosts: {
      nameOf: originNames(),
      keyOf: pathPatterns(),
      policy: { limit: perHost, rate: hostRate, burst, pauses },
      random: random.split('hosts'),
      ...(openFinder && { openFinder }),
    },
    nextStep: httpSteps({ retry, retryBudget, redirsMax }, random.split('retries')),
  };
}

function perHostOf(value: number): number {
  if (value === Number.POSITIVE_INFINITY) return value;
  return whole('perHost', value, { min: 1, max: PER_HOST_MAX });
}

function rateOf(name: string, given: string | Rate | null | undefined): Rate | null {
  if (given === undefined || given === null) return null;
  if (typeof given === 'string') return parseRate(given, name);
  const { count, windowMs } = given;
  // The text form knows the bounds and says what is wrong.
  if (Number.isFinite(count) && Number.isFinite(windowMs)) return parseRate(`${count}/${windowMs}ms`, name);
  throw new PacelineError(
    'ERR_OPTION_INVALID',
    `Expected \`${name}\` to be a rate such as '10/s', or { count, windowMs }.`,
  );
}

function whole(name: string, value: number, { min, max }: { min: number; max: number }): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw invalidOption(name, `a whole number from ${min} to ${max}`, value);
}

function spanMs(name: string, value: number): number {
  if (typeof value === 'number' && value >= 0 && value <= DURATION_MS_MAX) return value;
  throw invalidOption(name, 'milliseconds from 0 to ten years', value);
}

function share(name: string, value: number): number {
  if (typeof value === 'number' && value >= 0) return value;
  throw invalidOption(name, 'a share from 0, or Infinity', value);
}
