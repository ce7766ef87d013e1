// The last step of a request: it gets its one final outcome, which is told as it comes or in the order of the input.
import type { Clock } from '../base/clock.ts';
import type { OutcomeError, OutcomeKind } from '../model/outcome.ts';
import type { InvalidInput } from '../model/request.ts';
import type { NoRetry, Settled } from '../model/settled.ts';
import type { EngineOptions } from './engine-options.ts';
import { InputOrder } from './order.ts';
import type { Running } from './running.ts';

/** How a request ends. */
export interface Ending {
  readonly outcome: OutcomeKind;
  /** Where the last attempt does not tell it. */
  readonly error?: OutcomeError;
  readonly noRetry?: NoRetry;
}

export class Settling<R> {
  readonly #clock: Clock;
  readonly #onSettled: (settled: Settled<R>) => void;
  readonly #order: InputOrder<R> | undefined;
  readonly #onFinal: (settled: Settled<R>) => void;
  #telling = 0;
  #settled = 0;
  #notOk = 0;

  /**
   * @param onSettled told of each in its order
   * @param onFinal told of each as it becomes final, also where its order keeps it from being told yet
   */
  constructor(
    { clock, order, onSettled }: Pick<EngineOptions<R>, 'clock' | 'order' | 'onSettled'>,
    onFinal: (settled: Settled<R>) => void,
  ) {
    this.#clock = clock;
    this.#onSettled = onSettled;
    this.#onFinal = onFinal;
    this.#order = order === 'input' ? new InputOrder(onSettled) : undefined;
  }

  get settled(): number {
    return this.#settled;
  }

  get notOk(): number {
    return this.#notOk;
  }

  /** An outcome is being told: whoever takes it may call back, and more may follow in input order. */
  get isTelling(): boolean {
    return this.#telling > 0;
  }

  /** How far ahead of the oldest request that is not final this one is; 0 where the order does not matter. */
  aheadOf(index: number): number {
    return this.#order ? index - this.#order.next : 0;
  }

  settle(running: Running<R>, { outcome, error, noRetry }: Ending): void {
    running.isFinal = true;
    const { index, request, createdMs, tries } = running;
    const endedMs = error ? this.#clock.now() : (tries[tries.length - 1]?.endedMs ?? this.#clock.now());
    const settled: { -readonly [Key in keyof Settled<R>]: Settled<R>[Key] } = {
      index,
      request,
      outcome,
      createdMs,
      endedMs,
      tries,
    };
    if (error) settled.error = error;
    if (noRetry) settled.noRetry = noRetry;
    this.#tell(settled);
  }

  /** What was read and cannot be sent. */
  settleInvalid(request: InvalidInput, index: number): void {
    const { code, message } = request;
    const nowMs = this.#clock.now();
    const ending = { outcome: 'invalid_input', error: { code, message } } as const;
    this.#tell({ index, request, createdMs: nowMs, endedMs: nowMs, tries: [], ...ending });
  }

  #tell(settled: Settled<R>): void {
    this.#settled++;
    if (settled.outcome !== 'ok') this.#notOk++;
    this.#telling++;
    if (this.#order) this.#order.add(settled);
    else this.#onSettled(settled);
    this.#onFinal(settled);
    this.#telling--;
  }
}
