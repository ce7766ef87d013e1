// The options of a run, resolved once: checked, complete and read-only. Nothing behind this file asks
// whether an option was given.
import { invalidOption, PacelineError } from '../base/errors.ts';
import type { FoundBefore } from '../control/finder/found-before.ts';
import { checkedLimit } from '../control/semaphore.ts';
import { ATTEMPT_LIMITS, type AttemptPlan, type HandlerSpec } from '../model/plan.ts';
import type { PaceStart } from '../model/record.ts';
import { CONNECTION_OPTIONS, type ConnectionSettings, resolveConnection } from './connection-plan.ts';
import { resolvePaceFrom } from './pace-plan.ts';
import { POLITE_OPTIONS, type PoliteOptions, type PolitePlan, resolvePolite } from './polite-plan.ts';
import { resolveStop, STOP_OPTIONS, type StopOptions, type StopPlan } from './stop-plan.ts';
import { STRATEGIES, type Strategy, type StrategyName, strategyNamed, takesLimit } from './strategies.ts';

/**
 * How a run sends its requests. Durations are in ms, sizes in bytes. What cannot be is refused with
 * ERR_OPTION_INVALID, what is not listed here with ERR_OPTION_UNKNOWN, before anything is sent.
 */
export interface RunOptions extends PoliteOptions, ConnectionSettings, StopOptions {
  /** Where attempts run × how many may be in flight. @default 'semaphore' */
  readonly strategy?: StrategyName;
  /**
   * Attempts in flight at most, from 1, or Infinity; fewer when the process may not hold as many file descriptors
   * (`ulimit -n`). `sequential` and `async` set it themselves. `'auto'` finds how many each server bears, and how
   * often it wants to be asked, while the run goes on. @default 10
   */
  readonly concurrency?: number | 'auto';
  /** With `'auto'`: attempts in flight at most, over all hosts, whatever is found. @default 1000 */
  readonly concurrencyMax?: number;
  /**
   * With `'auto'`: what an earlier run found of each origin, the `pace` of its summary, to begin with. An origin that
   * is not in it begins as without it. @default nothing is known
   */
  readonly paceFrom?: readonly PaceStart[];
  /** Threads or processes of the strategies that have them. @default the cores, at most `concurrency` */
  readonly workers?: number;
  /** Outcomes as they end, or in the order of the input. @default 'ended' */
  readonly order?: 'ended' | 'input';
  /** From admission until the request is being written, in ms. @default 10 000 */
  readonly connectTimeoutMs?: number;
  /** From then until the response's headers are whole, in ms. @default 30 000 */
  readonly headersTimeoutMs?: number;
  /** Longest silence inside the body, in ms. @default 30 000 */
  readonly bodyTimeoutMs?: number;
  /** One request with all its attempts and waits, from its first start, in ms. @default Infinity */
  readonly timeoutMs?: number;
  /** Largest body, on the wire and decoded; a larger one ends as `too_large`. @default 64 MiB */
  readonly bodyBytesMax?: number;
  /** Hand bodies back up to this many bytes; larger ones are read and let go. 0 keeps none. @default Infinity */
  readonly keepBodyBytesMax?: number;
  /** Hand the response's headers back. @default true */
  readonly keepHeaders?: boolean;
  /** The user's own code for each response, run where the attempt runs. @default none */
  readonly handler?: HandlerSpec | null;
  /** Every random choice of the run follows from it; a whole number from 0. @default drawn */
  readonly seed?: number;
}

export interface RunPlan {
  readonly strategy: StrategyName;
  /** Attempts in flight at most; Infinity for no limit. */
  readonly limit: number;
  /** Finds how many attempts each host bears, up to so many; null where the limit was given. */
  readonly findsUpTo: number | null;
  /** Where that begins, by origin. */
  readonly paceFrom: ReadonlyMap<string, FoundBefore>;
  /** 0 where attempts run in the parent's own thread. */
  readonly workers: number;
  readonly order: 'ended' | 'input';
  readonly timeoutMs: number;
  readonly seed: number;
  readonly polite: PolitePlan;
  readonly stop: StopPlan;
  readonly attempt: AttemptPlan;
}

/** What the machine gives where an option is left out. */
export interface MachineDefaults {
  /** Cores this process may use. */
  readonly parallelism: number;
  readonly seed: number;
}

/** How long an attempt that was told to end may take to do so. */
export const GRACE_MS = 2000;
export const CONCURRENCY = 10;
const WORKERS_MAX = 256;
/** So many at once nobody has to ask for, over all hosts: a list of thousands of hosts would open thousands. */
export const FOUND_MAX = 1000;

const KNOWN: ReadonlySet<string> = new Set<keyof RunOptions>([
  'strategy',
  'concurrency',
  'concurrencyMax',
  'paceFrom',
  'workers',
  'order',
  'connectTimeoutMs',
  'headersTimeoutMs',
  'bodyTimeoutMs',
  'timeoutMs',
  'bodyBytesMax',
  'keepBodyBytesMax',
  'keepHeaders',
  ...CONNECTION_OPTIONS,
  'handler',
  'seed',
  ...POLITE_OPTIONS,
  ...STOP_OPTIONS,
]);

/** @throws ERR_OPTION_UNKNOWN, ERR_OPTION_INVALID; nothing was started */
export function resolvePlan(options: RunOptions, machine: MachineDefaults): RunPlan {
  const stray = Object.keys(options).find(name => !KNOWN.has(name));
  if (stray !== undefined) {
    throw new PacelineError(
      'ERR_OPTION_UNKNOWN',
      `Unknown option \`${stray}\`. Known: ${[...KNOWN].join(', ')}.`,
    );
  }
  const strategy = strategyNamed(options.strategy ?? 'semaphore');
  const { limit, findsUpTo } = limitFor(strategy, options);
  const paceFrom = resolvePaceFrom(options.paceFrom, options.concurrency === 'auto');
  return {
    strategy: strategy.name,
    limit,
    findsUpTo,
    paceFrom: findsUpTo === null ? new Map() : paceFrom,
    workers:
      STRATEGIES[strategy.name].place === 'this thread' ? 0 : workersFor(options.workers, limit, machine),
    order: checkedOrder(options.order ?? 'ended'),
    timeoutMs: spanMs('timeoutMs', options.timeoutMs ?? Number.POSITIVE_INFINITY),
    seed: checkedSeed(options.seed ?? machine.seed),
    polite: resolvePolite(options),
    stop: resolveStop(options),
    attempt: {
      limits: {
        connectMs: spanMs('connectTimeoutMs', options.connectTimeoutMs ?? ATTEMPT_LIMITS.connectMs),
        headersMs: spanMs('headersTimeoutMs', options.headersTimeoutMs ?? ATTEMPT_LIMITS.headersMs),
        bodyMs: spanMs('bodyTimeoutMs', options.bodyTimeoutMs ?? ATTEMPT_LIMITS.bodyMs),
        bodyBytesMax: bytes('bodyBytesMax', options.bodyBytesMax ?? ATTEMPT_LIMITS.bodyBytesMax),
        headerBytesMax: ATTEMPT_LIMITS.headerBytesMax,
      },
      connection: resolveConnection(options),
      keepHeaders: options.keepHeaders ?? true,
      keepLocation: (options.redirects ?? 0) > 0,
      keepBody: options.keepBodyBytesMax !== 0,
      keepBodyBytesMax: bytes('keepBodyBytesMax', options.keepBodyBytesMax ?? Number.POSITIVE_INFINITY),
      handler: options.handler ?? null,
    },
  };
}

/** @throws ERR_OPTION_CONFLICT, ERR_OPTION_INVALID */
export function limitFor(
  strategy: Strategy,
  { concurrency = CONCURRENCY, concurrencyMax }: Pick<RunOptions, 'concurrency' | 'concurrencyMax'>,
): Pick<RunPlan, 'limit' | 'findsUpTo'> {
  if (concurrency !== 'auto') {
    if (concurrencyMax === undefined)
      return { limit: checkedLimit(strategy.limit(concurrency)), findsUpTo: null };
    throw new PacelineError(
      'ERR_OPTION_CONFLICT',
      'A largest concurrency (--max-concurrency) bounds what -c auto finds. Give one of both numbers.',
    );
  }
  const most = checkedLimit(concurrencyMax ?? FOUND_MAX);
  return { limit: strategy.limit(most), findsUpTo: takesLimit(strategy) ? most : null };
}

function workersFor(asked: number | undefined, limit: number, { parallelism }: MachineDefaults): number {
  if (asked === undefined) return Math.max(1, Math.min(parallelism, limit));
  if (Number.isInteger(asked) && asked >= 1 && asked <= WORKERS_MAX) return Math.min(asked, limit);
  throw invalidOption('workers', `a whole number from 1 to ${WORKERS_MAX}`, asked);
}

/** @throws ERR_OPTION_INVALID */
export function checkedOrder(order: 'ended' | 'input'): 'ended' | 'input' {
  if (order === 'ended' || order === 'input') return order;
  throw invalidOption('order', "'ended' or 'input'", order);
}

/** @throws ERR_OPTION_INVALID for anything but milliseconds above 0, or Infinity */
export function spanMs(name: string, value: number): number {
  if (typeof value === 'number' && value > 0) return value;
  throw invalidOption(name, 'milliseconds above 0, or Infinity', value);
}

function bytes(name: string, value: number): number {
  if (value === Number.POSITIVE_INFINITY || (Number.isSafeInteger(value) && value >= 0)) return value;
  throw invalidOption(name, 'a whole number of bytes, or Infinity', value);
}

function checkedSeed(seed: number): number {
  if (Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw invalidOption('seed', 'a whole number from 0', seed);
}
