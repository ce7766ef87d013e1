// Opens the pool that a strategy asks for: threads of this process, or processes of their own.
import type { Clock } from '../base/clock.ts';
import type { OutcomeError } from '../model/outcome.ts';
import type { AttemptPlan } from '../model/plan.ts';
import type { LoopWatch } from './loop-watch.ts';
import { watchedChannels } from './watched-channels.ts';
import type { ChannelOptions, OpenChannel } from './worker-channel.ts';
import { boundedOutput } from './worker-output.ts';
import { WorkerPool } from './worker-pool.ts';

export interface WorkersOptions {
  readonly place: 'worker threads' | 'child processes';
  readonly workers: number;
  readonly plan: AttemptPlan;
  readonly clock: Clock;
  /** The machine's monotonic clock at the run's zero. */
  readonly clockOriginMs: number;
  /**
   * Wait until each worker is ready. What is admitted while one loads starts all at once when it has, and that would
   * break a rate. @default only with a handler, which may not load
   */
  readonly awaitReady?: boolean;
  /** Reads how busy their event loops are; left out for nobody. */
  readonly watch?: LoopWatch | undefined;
  /** Workers die faster than they may be replaced; from now on attempts end at once as `cancelled`. */
  readonly onBroken?: (cause: OutcomeError) => void;
  /** How long an attempt told to end, and a fifth of how long closing may take before force. @default 1000 */
  readonly graceMs?: number;
  /** How long a worker with attempts may be silent, computing say, before it is ended. @default 60 000 */
  readonly silenceMsMax?: number;
  /** Largest heap of each worker in MiB. @default Node's own bound */
  readonly heapMibMax?: number;
  /** Where the words of workers go, 64 KiB of them at most. @default standard error */
  readonly onOutput?: (chunk: Uint8Array | string) => void;
}

/** Shorter than the engine's own grace period, so that it is the pool that tells how an attempt ended. */
const GRACE_MS = 1000;
const SILENCE_MS_MAX = 60_000;

/**
 * Starts all workers at once. Without a handler, or `awaitReady`, it does not wait for them: what is started
 * meanwhile is handed over when they are ready.
 * @throws ERR_HANDLER_LOAD, ERR_ENV_WORKERS; nothing was sent, no worker is left
 */
export async function openWorkers(options: WorkersOptions): Promise<WorkerPool> {
  const { place, workers, plan, clock, clockOriginMs, heapMibMax, watch } = options;
  let isOpen = plan.handler === null && !options.awaitReady;
  const onOutput = boundedOutput(options.onOutput ?? (chunk => process.stderr.write(chunk)));
  const openChannel = await channelsFor(place, { clock, heapMibMax, onOutput });
  const pool = new WorkerPool({
    ...{ workers, plan, clock, clockOriginMs },
    areProcesses: place === 'child processes',
    openChannel: watch ? watchedChannels(openChannel, watch) : openChannel,
    graceMs: options.graceMs ?? GRACE_MS,
    silenceMsMax: options.silenceMsMax ?? SILENCE_MS_MAX,
    onBroken: cause => {
      if (isOpen) options.onBroken?.(cause); // before that the caller is told by what is thrown
    },
  });
  if (isOpen) return pool;
  try {
    await pool.opened();
    isOpen = true;
  } catch (thrown) {
    await pool.close();
    throw thrown;
  }
  return pool;
}

async function channelsFor(place: WorkersOptions['place'], options: ChannelOptions): Promise<OpenChannel> {
  if (place === 'worker threads') return (await import('./thread-channel.ts')).threadChannels(options);
  return (await import('./process-channel.ts')).processChannels(options);
}
