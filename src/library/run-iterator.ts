// A run as the caller of the library holds it: opened by the first `next`, ended by the last outcome, by
// `return` or by the caller's signal. Written by hand, because each layer of async generators costs every
// outcome three turns of the microtask queue.
import type { LimitChange } from '../engine/engine-options.ts';
import { describeThrown } from '../engine/handler.ts';
import { type Limits, resolveLimits } from '../engine/polite-plan.ts';
import type { Settled } from '../model/settled.ts';
import type { Run } from '../run.ts';

/**
 * Outcomes as they come, each once. `next` may be called again before the last has answered: each call gets
 * its own outcome, in order. `return` (what `break` calls) resolves when everything is let go of.
 */
export interface OutcomeIterator<T> extends AsyncIterableIterator<T, undefined, undefined> {
  return(): Promise<IteratorResult<T, undefined>>;
  throw(cause?: unknown): Promise<IteratorResult<T, undefined>>;
  [Symbol.asyncIterator](): OutcomeIterator<T>;
  /**
   * Changes limits and rates while the run goes on, now: more may start at once, nothing in flight is stopped.
   * Before the first `next` it changes what the run begins with.
   * @throws ERR_OPTION_INVALID, ERR_OPTION_UNKNOWN; nothing was changed
   */
  change(limits: Limits): void;
  /** As `return`: `await using outcomes = fetchAll(…)`. */
  [Symbol.asyncDispose](): Promise<void>;
}

export interface RunIteratorOptions<R, T> {
  /** May throw: the first `next` rejects with it, and the iterator is at its end. */
  readonly open: () => Run<R> | Promise<Run<R>>;
  readonly show: (settled: Settled<R>) => T;
  readonly signal: AbortSignal | undefined;
}

export class RunIterator<R, T> implements OutcomeIterator<T> {
  readonly #options: RunIteratorOptions<R, T>;
  #opening: Promise<void> | undefined;
  #outcomes: Run<R>['outcomes'] | undefined;
  #run: Run<R> | undefined;
  /** Changes that came before the run was open. */
  #changes: LimitChange[] = [];
  #left = false;

  constructor(options: RunIteratorOptions<R, T>) {
    this.#options = options;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    return this.#outcomes && !this.#left ? this.#outcomes.next().then(this.#shown) : this.#nextOnceOpen();
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.#left = true;
    await this.#opening?.catch(() => {}); // told to the `next` that opened it
    await this.#outcomes?.return();
    return { done: true, value: undefined };
  }

  async throw(cause?: unknown): Promise<never> {
    await this.return();
    throw cause;
  }

  change(limits: Limits): void {
    const change = resolveLimits(limits);
    if (this.#run) this.#run.change(change);
    else this.#changes.push(change);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Kept as one function: a closure for each outcome would be litter. */
  readonly #shown = (step: IteratorResult<Settled<R>, undefined>): IteratorResult<T, undefined> =>
    step.done ? step : { done: false, value: this.#options.show(step.value) };

  async #nextOnceOpen(): Promise<IteratorResult<T, undefined>> {
    if (this.#opening) await this.#opening.catch(() => {});
    else if (!this.#left) {
      this.#opening = this.#open();
      await this.#opening;
    }
    return this.#outcomes && !this.#left ? this.next() : { done: true, value: undefined };
  }

  async #open(): Promise<void> {
    const run = await this.#options.open();
    endWithSignal(run, this.#options.signal);
    this.#run = run;
    for (const change of this.#changes) run.change(change);
    this.#outcomes = run.outcomes;
  }
}

/** One listener for the whole run, gone when the run has ended: a signal may be shared by thousands of runs. */
function endWithSignal<R>(run: Run<R>, signal: AbortSignal | undefined): void {
  if (!signal) return;
  const abort = (): void => {
    run.abort({ code: 'ABORTED', message: `The run was aborted: ${describeThrown(signal.reason)}` });
  };
  if (signal.aborted) {
    abort();
    return;
  }
  signal.addEventListener('abort', abort, { once: true });
  void run.ended.then(() => signal.removeEventListener('abort', abort));
}
