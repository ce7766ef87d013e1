// What it costs the client to run attempts, as numbers put around the executor that runs them: the start-up
// of workers, the way of a message to a worker and back, and the CPU time that each response burns. A worker
// burns for one response at a time, and the others of its lanes wait; this thread counts as one worker.
import type { Clock } from '../base/clock.ts';
import type { EarlyEnd, Executor, OnAttemptEnd } from '../engine/ports.ts';
import type { Attempt, AttemptEnd } from '../model/attempt.ts';
import type { WorkerLoads } from './worker-loads.ts';

export interface ClientCosts {
  /** Threads or processes; null for this thread, which needs neither start-up nor messages. */
  readonly workers: number | null;
  /** From the run's start until a worker takes its first message. */
  readonly startUpMs: number;
  /** From a message's sending until it is read, each way. */
  readonly messageMs: number;
  /** CPU time for each response. */
  readonly cpuMs: number;
}

/** Nothing costs anything: wherever attempts run, they run as in this thread. */
export const NO_COSTS: ClientCosts = { workers: null, startUpMs: 0, messageMs: 0, cpuMs: 0 };

export interface CostParts {
  readonly clock: Clock;
  readonly costs: ClientCosts;
  /** Is told when each worker burns. */
  readonly loads: WorkerLoads;
}

/** Puts costs around an executor; with none it is the executor itself. */
export function withCosts<R>(
  parts: CostParts,
  openInner: (onAttemptEnd: OnAttemptEnd) => Executor<R>,
  onAttemptEnd: OnAttemptEnd,
): Executor<R> {
  const { costs } = parts;
  if (costs.workers === null && costs.cpuMs === 0) return openInner(onAttemptEnd);
  return new CostlyExecutor(parts, openInner, onAttemptEnd);
}

class CostlyExecutor<R> implements Executor<R> {
  readonly #clock: Clock;
  readonly #costs: ClientCosts;
  readonly #loads: WorkerLoads;
  readonly #onAttemptEnd: OnAttemptEnd;
  readonly #readyMs: number;
  readonly #inner: Executor<R>;
  /** Messages on their way to workers. */
  #unread = 0;
  /** By lane: what was started there last. */
  readonly #attempts: (Attempt<R> | undefined)[] = [];
  /** By worker: when it has burnt for all it has taken so far. */
  readonly #idleMs: number[];

  constructor(
    { clock, costs, loads }: CostParts,
    openInner: (onAttemptEnd: OnAttemptEnd) => Executor<R>,
    onAttemptEnd: OnAttemptEnd,
  ) {
    this.#clock = clock;
    this.#costs = costs;
    this.#loads = loads;
    this.#onAttemptEnd = onAttemptEnd;
    this.#readyMs = clock.now() + costs.startUpMs;
    this.#idleMs = new Array(costs.workers ?? 1).fill(0);
    this.#inner = openInner(end => this.#attemptEnded(end));
  }

  start(attempt: Attempt<R>): void {
    this.#attempts[attempt.lane] = attempt;
    this.#hand(() => this.#inner.start(attempt));
  }

  flush(): void {
    // A message's time is its own; the clock keeps those of one instant in order.
  }

  /** As with real workers, one that comes late hits no other attempt. */
  cancel(lane: number, cause: EarlyEnd): void {
    const attempt = this.#attempts[lane];
    this.#hand(() => {
      if (this.#attempts[lane] === attempt) this.#inner.cancel(lane, cause);
    });
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  #hand(read: () => void): void {
    const { workers, messageMs } = this.#costs;
    const atMs = Math.max(this.#clock.now() + messageMs, this.#readyMs);
    // Messages are read in the order in which they were sent, also those of one instant.
    if (workers === null || (this.#unread === 0 && atMs === this.#clock.now())) {
      read();
      return;
    }
    this.#unread++;
    this.#clock.schedule(atMs, () => {
      this.#unread--;
      read();
    });
  }

  #attemptEnded(end: AttemptEnd): void {
    const { workers, cpuMs } = this.#costs;
    const worker = end.lane % this.#idleMs.length;
    const told = workers === null ? end : { ...end, worker };
    // CPU work is not for what has no response, and nothing can stop it once it is taken up.
    if (cpuMs === 0 || end.error) {
      this.#tell(told);
      return;
    }
    const burntMs = Math.max(this.#clock.now(), this.#idleMs[worker] as number) + cpuMs;
    this.#idleMs[worker] = burntMs;
    this.#loads.burn(worker, burntMs - cpuMs, burntMs);
    const handlerMs = (end.phasesMs.handler ?? 0) + burntMs - end.endedMs;
    const phasesMs = { ...end.phasesMs, handler: handlerMs };
    this.#clock.schedule(burntMs, () => this.#tell({ ...told, endedMs: burntMs, phasesMs }));
  }

  #tell(end: AttemptEnd): void {
    const { workers, messageMs } = this.#costs;
    if (workers === null || messageMs === 0) this.#onAttemptEnd(end);
    else this.#clock.schedule(this.#clock.now() + messageMs, () => this.#onAttemptEnd(end));
  }
}
