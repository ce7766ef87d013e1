// The options of the slow API: checked, filled in, complete. The same words describe the server that
// `compare` starts and `simulate` models.
import { PacelineError } from '../base/errors.ts';
import { formatDuration } from '../base/units.ts';
import { parseRate, type Rate } from '../control/gcra.ts';
import {
  formatServiceTime,
  ONE_SECOND,
  parseServiceTime,
  type ServiceTime,
} from '../workload/service-time.ts';
import { BACKLOG_MAX, BACKLOG_USUAL, DELAY_MS_MAX, WORKERS_MAX } from './limits.ts';

export type WorkerClass = 'sync' | 'async';

export interface SlowServerOptions {
  /** Address to listen on. Another than this machine's own (127.0.0.1, ::1) lets others in. @default '127.0.0.1' */
  readonly host?: string;
  /** 0 picks a free one. @default 0 */
  readonly port?: number;
  /** Worker processes, 1 to 256. @default 3 */
  readonly workers?: number;
  /** `sync`: a worker serves one request at a time; `async`: as many as come. @default 'sync' */
  readonly workerClass?: WorkerClass;
  /** How long a request takes; draws are cut at 60 s. @default one second */
  readonly serviceTime?: ServiceTime;
  /** Burn CPU for the service time in place of sleeping. @default false */
  readonly burnCpu?: boolean;
  /** Requests that may wait for a worker, 0 to 1 000 000; the next one is answered 503. @default 10 000 */
  readonly backlog?: number;
  /**
   * Requests accepted in a time, all clients together, as many at once after a quiet time as the rate's
   * count; the next one is answered 429. Null for no limit. @default null
   */
  readonly rateLimit?: Rate | null;
  /** Every draw follows from it and the request's arrival number. @default 1 */
  readonly seed?: number;
}

export type SlowServerPlan = Readonly<Required<SlowServerOptions>>;

/** The flags that describe a server, as far as they need reading or checking against each other. */
export interface ServerFlags {
  /** `--delay` as written. */
  readonly delay?: string | undefined;
  /** `--cpu` in ms. */
  readonly cpuMs?: number | undefined;
  /** `--rate-limit` as written. */
  readonly rateLimit?: string | undefined;
}

/**
 * Reads `--delay`, `--cpu` and `--rate-limit` of `serve`, `compare` and `simulate`.
 * @throws ERR_OPTION_INVALID, or ERR_OPTION_CONFLICT for a delay and a burn together
 */
export function readServerFlags(
  flags: ServerFlags,
): Pick<SlowServerOptions, 'serviceTime' | 'burnCpu' | 'rateLimit'> {
  const { delay, cpuMs, rateLimit } = flags;
  if (delay !== undefined && cpuMs !== undefined) {
    throw new PacelineError(
      'ERR_OPTION_CONFLICT',
      '--delay sleeps and --cpu burns CPU in its place: give one of the two.',
    );
  }
  if (cpuMs !== undefined && !(cpuMs >= 0 && cpuMs <= DELAY_MS_MAX))
    throw invalid(`--cpu: expected at most ${formatDuration(DELAY_MS_MAX)}, got ${formatDuration(cpuMs)}.`);
  return {
    ...(delay !== undefined && {
      serviceTime: parseServiceTime(delay, { name: '--delay', msMax: DELAY_MS_MAX }),
    }),
    ...(cpuMs !== undefined && { serviceTime: { kind: 'constant', ms: cpuMs }, burnCpu: true }),
    ...(rateLimit !== undefined && { rateLimit: parseRate(rateLimit, '--rate-limit') }),
  };
}

/**
 * Checks and completes.
 * @throws ERR_OPTION_UNKNOWN, ERR_OPTION_INVALID
 */
export function resolveSlowServer(options: SlowServerOptions): SlowServerPlan {
  const {
    host = '127.0.0.1',
    port = 0,
    workers = 3,
    workerClass = 'sync',
    serviceTime = ONE_SECOND,
    burnCpu = false,
    backlog = BACKLOG_USUAL,
    rateLimit = null,
    seed = 1,
    ...unknown
  } = options;
  const [stray] = Object.keys(unknown);
  if (stray !== undefined)
    throw new PacelineError('ERR_OPTION_UNKNOWN', `Unknown option \`${stray}\` of the slow API.`);
  checkWhole(port, { name: 'port', from: 0, to: 65_535 });
  checkWhole(workers, { name: 'workers', from: 1, to: WORKERS_MAX });
  checkWhole(backlog, { name: 'backlog', from: 0, to: BACKLOG_MAX });
  checkWhole(seed, { name: 'seed', from: 0, to: Number.MAX_SAFE_INTEGER });
  if (host === '') throw invalid('Expected `host` to be an address such as 127.0.0.1, got nothing.');
  return { host, port, workers, workerClass, serviceTime, burnCpu, backlog, rateLimit, seed };
}

/** Whether only this machine can reach a server on that address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** For people: `3 sync workers, 1 s a request`. */
export function describeSlowServer(plan: SlowServerPlan): string {
  const workers = `${plan.workers} ${plan.workerClass} ${plan.workers === 1 ? 'worker' : 'workers'}`;
  return `${workers}, ${formatServiceTime(plan.serviceTime)}${plan.burnCpu ? ' of CPU' : ''} a request`;
}

function checkWhole(value: number, rule: { name: string; from: number; to: number }): void {
  if (Number.isInteger(value) && value >= rule.from && value <= rule.to) return;
  throw invalid(
    `Expected \`${rule.name}\` to be a whole number from ${rule.from} to ${rule.to}, ` +
      `got ${String(value)} (${typeof value}).`,
  );
}

function invalid(message: string): PacelineError {
  return new PacelineError('ERR_OPTION_INVALID', message);
}
