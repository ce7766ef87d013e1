// Worker threads and child processes in a simulation: the executor that runs attempts, behind costs given as
// numbers. A worker answers nothing until it has started; every message takes its time, in order, both ways.
import type { Clock } from '../base/clock.ts';
import type { EarlyEnd, Executor, OnAttemptEnd } from '../engine/ports.ts';
import type { Attempt } from '../model/attempt.ts';

export interface HandOverCosts {
  /** From the run's start until a worker takes its first message. */
  readonly startUpMs: number;
  /** From a message's sending until it is read, each way. */
  readonly messageMs: number;
}

/** Nothing costs anything: threads and processes behave as this thread does. */
export const NO_COSTS: HandOverCosts = { startUpMs: 0, messageMs: 0 };

/** Puts costs before an executor; with none it is the executor itself. */
export function withHandOver<R>(
  clock: Clock,
  costs: HandOverCosts,
  openInner: (onAttemptEnd: OnAttemptEnd) => Executor<R>,
  onAttemptEnd: OnAttemptEnd,
): Executor<R> {
  if (costs.startUpMs === 0 && costs.messageMs === 0) return openInner(onAttemptEnd);
  return new HandOverExecutor(clock, costs, openInner, onAttemptEnd);
}

class HandOverExecutor<R> implements Executor<R> {
  readonly #clock: Clock;
  readonly #messageMs: number;
  readonly #readyMs: number;
  readonly #inner: Executor<R>;

  constructor(
    clock: Clock,
    { startUpMs, messageMs }: HandOverCosts,
    openInner: (onAttemptEnd: OnAttemptEnd) => Executor<R>,
    onAttemptEnd: OnAttemptEnd,
  ) {
    this.#clock = clock;
    this.#messageMs = messageMs;
    this.#readyMs = clock.now() + startUpMs;
    this.#inner = openInner(end => clock.schedule(clock.now() + messageMs, () => onAttemptEnd(end)));
  }

  start(attempt: Attempt<R>): void {
    this.#hand(() => this.#inner.start(attempt));
  }

  flush(): void {
    // A message's time is its own; the clock keeps those of one instant in order.
  }

  cancel(lane: number, cause: EarlyEnd): void {
    this.#hand(() => this.#inner.cancel(lane, cause));
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  #hand(read: () => void): void {
    this.#clock.schedule(Math.max(this.#clock.now() + this.#messageMs, this.#readyMs), read);
  }
}
