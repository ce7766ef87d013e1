// Runs attempts in this thread. The strategies sequential, async and semaphore differ only in their limit;
// workers use the same executor for their share of the lanes.
import type { Clock } from '../base/clock.ts';
import { Deadlines } from '../control/deadlines.ts';
import { AttemptRunner, type RunnerOptions } from '../engine/attempt-runner.ts';
import type { EarlyEnd, Executor } from '../engine/ports.ts';
import type { Attempt } from '../model/attempt.ts';
import type { HttpRequest } from '../model/request.ts';

export class InProcessExecutor implements Executor<HttpRequest> {
  readonly #options: RunnerOptions;
  /** By lane; opened when the lane is first used. A worker's lanes have gaps between them. */
  readonly #runners: (AttemptRunner | undefined)[] = [];

  constructor(options: Omit<RunnerOptions, 'deadlines'> & { readonly clock: Clock }) {
    const deadlines = new Deadlines(options.clock, lane => this.#runners[lane]?.overdue());
    this.#options = { ...options, deadlines };
  }

  start(attempt: Attempt<HttpRequest>): void {
    const { lane } = attempt;
    let runner = this.#runners[lane];
    if (!runner) {
      runner = new AttemptRunner(lane, this.#options);
      this.#runners[lane] = runner;
    }
    runner.start(attempt);
  }

  flush(): void {
    // Nothing is gathered: an attempt starts when it is told to.
  }

  cancel(lane: number, cause: EarlyEnd): void {
    this.#runners[lane]?.cancel(cause);
  }

  async close(): Promise<void> {
    this.#options.deadlines.close();
    await this.#options.transport.close();
  }
}
