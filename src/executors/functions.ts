// Runs a function of the user for each item, in this thread. A function cannot be stopped from outside: it
// is told through its signal, and it keeps its permit until it has really ended, whatever its outcome.
import type { Clock } from '../base/clock.ts';
import { Deadlines } from '../control/deadlines.ts';
import { describeThrown } from '../engine/handler.ts';
import type { EarlyEnd, Executor, OnAttemptEnd } from '../engine/ports.ts';
import type { Attempt, AttemptEnd } from '../model/attempt.ts';

/** Which item a function was called for, and the sign to stop. */
export interface ItemContext {
  /** Place of the item in the input, from 0. */
  readonly index: number;
  /** Aborted when the item's time is over or the run is aborted. */
  readonly signal: AbortSignal;
}

export type ItemFunction<T> = (item: T, context: ItemContext) => unknown;

class Call implements ItemContext {
  readonly index: number;
  readonly startedMs: number;
  cause: EarlyEnd | undefined;
  #controller: AbortController | undefined;

  constructor(index: number, startedMs: number) {
    this.index = index;
    this.startedMs = startedMs;
  }

  /** Made only for a function that looks at it. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.cause) this.#controller.abort(this.cause.error);
    return this.#controller.signal;
  }

  end(cause: EarlyEnd): void {
    this.cause = cause;
    this.#controller?.abort(cause.error);
  }
}

export class FunctionExecutor<T> implements Executor<T> {
  readonly #function: ItemFunction<T>;
  readonly #clock: Clock;
  readonly #onAttemptEnd: OnAttemptEnd;
  readonly #deadlines: Deadlines;
  /** By lane. */
  readonly #calls: (Call | undefined)[] = [];

  constructor(itemFunction: ItemFunction<T>, clock: Clock, onAttemptEnd: OnAttemptEnd) {
    this.#function = itemFunction;
    this.#clock = clock;
    this.#onAttemptEnd = onAttemptEnd;
    this.#deadlines = new Deadlines(clock, lane => this.cancel(lane, OVERDUE));
  }

  start({ lane, index, request, deadlineMs }: Attempt<T>): void {
    const call = new Call(index, this.#clock.now());
    this.#calls[lane] = call;
    if (deadlineMs !== Number.POSITIVE_INFINITY) this.#deadlines.set(lane, deadlineMs);
    const fail = (thrown: unknown): void => {
      const error = { code: 'FUNCTION_THREW', message: describeThrown(thrown) };
      this.#end(lane, call, call.cause ?? { outcome: 'handler_error', error }, thrown);
    };
    try {
      const value = this.#function(request, call);
      Promise.resolve(value).then(result => this.#end(lane, call, call.cause, result), fail);
    } catch (thrown) {
      fail(thrown);
    }
  }

  flush(): void {
    // Nothing is gathered.
  }

  cancel(lane: number, cause: EarlyEnd): void {
    const call = this.#calls[lane];
    if (call && !call.cause) call.end(cause);
  }

  async close(): Promise<void> {
    this.#deadlines.close();
  }

  /** @param value what the function returned, or threw */
  #end(lane: number, call: Call, cause: EarlyEnd | undefined, value: unknown): void {
    this.#calls[lane] = undefined;
    this.#deadlines.clear(lane);
    const end: AttemptEnd = {
      lane,
      outcome: cause?.outcome ?? 'ok',
      status: null,
      startedMs: call.startedMs,
      endedMs: this.#clock.now(),
      phasesMs: {},
      bytes: 0,
      value,
      ...(cause ? { error: cause.error } : undefined),
    };
    this.#onAttemptEnd(end);
  }
}

const OVERDUE: EarlyEnd = {
  outcome: 'timeout',
  error: { code: 'TIMEOUT_REQUEST', message: 'The function took longer than `timeoutMs`.', phase: 'request' },
};
