// The options of the slow API: checked, filled in, complete. The same words describe the server that
// `compare` starts and `simulate` models.
import { PacelineError } from '../base/errors.ts';
import { parseDuration } from '../base/units.ts';
import { parseRate, type Rate } from '../control/gcra.ts';
import { ONE_SECOND, parseServiceTime, type ServiceTime } from '../workload/service-time.ts';
import { BACKLOG_MAX, DELAY_MS_MAX, WORKERS_MAX } from './limits.ts';

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
  /** Requests that may wait for a worker, 0 to 10 000; the next one is answered 503. @default 10 000 */
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

/** The flags of `serve` that need more than a number: text in, typed options out. */
export interface ServerTexts {
  readonly delay?: string | undefined;
  readonly cpu?: string | undefined;
  readonly rateLimit?: string | undefined;
  readonly workerClass?: string | undefined;
}

/**
 * Reads `--delay`, `--cpu`, `--rate-limit` and `--worker-class` as they were written.
 * @throws ERR_OPTION_INVALID, or ERR_OPTION_CONFLICT for a delay and a burn together
 */
export function parseServerTexts(texts: ServerTexts): SlowServerOptions {
  if (texts.delay !== undefined && texts.cpu !== undefined) {
    throw new PacelineError(
      'ERR_OPTION_CONFLICT',
      '--delay sleeps and --cpu burns CPU in its place: give one of the two.',
    );
  }
  const { workerClass } = texts;
  if (workerClass !== undefined && workerClass !== 'sync' && workerClass !== 'async')
    throw invalid(`--worker-class: expected sync or async, got '${workerClass}'.`);
  return {
    ...(workerClass !== undefined && { workerClass }),
    ...(texts.delay !== undefined && {
      serviceTime: parseServiceTime(texts.delay, { name: '--delay', msMax: DELAY_MS_MAX }),
    }),
    ...(texts.cpu !== undefined && { serviceTime: readBurn(texts.cpu), burnCpu: true }),
    ...(texts.rateLimit !== undefined && { rateLimit: parseRate(texts.rateLimit, '--rate-limit') }),
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
    backlog = BACKLOG_MAX,
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

function readBurn(text: string): ServiceTime {
  const ms = parseDuration(text, '--cpu');
  if (ms > DELAY_MS_MAX) throw invalid(`--cpu: ${text} is longer than the 60 s allowed here.`);
  return { kind: 'constant', ms };
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
