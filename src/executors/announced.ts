// Says aloud that an attempt is about to start which must not be made twice, and starts it only once that has been
// written down. Whoever resumes the run after a crash then knows that it may have been carried out.
import type { Clock } from '../base/clock.ts';
import {
  type EarlyEnd,
  type Executor,
  NO_WORKERS,
  type OnAttemptEnd,
  type WorkerUsage,
} from '../engine/ports.ts';
import type { Attempt } from '../model/attempt.ts';
import { type HttpRequest, isRepeatable } from '../model/request.ts';

/**
 * Writes down that attempt `attempt` (from 1) of request `index` is about to start. True when that is safe, false when
 * it never will be.
 */
export type Announce = (index: number, attempt: number) => Promise<boolean>;

type OpenExecutor = (onAttemptEnd: OnAttemptEnd) => Executor<HttpRequest>;

/** Puts the announcement around an executor. Requests that may be sent twice pass through it untouched. */
export function announced(open: OpenExecutor, announce: Announce, clock: Clock): OpenExecutor {
  return onAttemptEnd => new AnnouncingExecutor({ open, announce, clock, onAttemptEnd });
}

interface Parts {
  readonly open: OpenExecutor;
  readonly announce: Announce;
  readonly clock: Clock;
  readonly onAttemptEnd: OnAttemptEnd;
}

const NOT_WRITTEN: EarlyEnd = {
  outcome: 'cancelled',
  error: {
    code: 'OUTPUT_LOST',
    message: 'Not sent: the record that should have said so can no longer be written.',
  },
};
const CLOSED: EarlyEnd = {
  outcome: 'cancelled',
  error: { code: 'CLOSED', message: 'Not sent: the run was closed.' },
};

class AnnouncingExecutor implements Executor<HttpRequest> {
  readonly #announce: Announce;
  readonly #clock: Clock;
  readonly #onAttemptEnd: OnAttemptEnd;
  readonly #inner: Executor<HttpRequest>;
  /** By lane: those whose announcement is being written. They have not been sent. */
  readonly #announcing: (Attempt<HttpRequest> | undefined)[] = [];

  constructor({ open, announce, clock, onAttemptEnd }: Parts) {
    this.#announce = announce;
    this.#clock = clock;
    this.#onAttemptEnd = onAttemptEnd;
    this.#inner = open(onAttemptEnd);
  }

  start(attempt: Attempt<HttpRequest>): void {
    if (isRepeatable(attempt.request)) {
      this.#inner.start(attempt);
      return;
    }
    this.#announcing[attempt.lane] = attempt;
    const written = this.#announce(attempt.index, attempt.number);
    written.then(
      isWritten => (isWritten ? this.#send(attempt) : this.#end(attempt, NOT_WRITTEN)),
      () => this.#end(attempt, NOT_WRITTEN),
    );
  }

  flush(): void {
    this.#inner.flush();
  }

  cancel(lane: number, cause: EarlyEnd): void {
    const attempt = this.#announcing[lane];
    if (attempt) this.#end(attempt, cause);
    else this.#inner.cancel(lane, cause);
  }

  close(): Promise<void> {
    for (const attempt of this.#announcing) if (attempt) this.#end(attempt, CLOSED);
    return this.#inner.close();
  }

  usage(): WorkerUsage {
    return this.#inner.usage?.() ?? NO_WORKERS;
  }

  #send(attempt: Attempt<HttpRequest>): void {
    if (this.#announcing[attempt.lane] !== attempt) return; // it was told to end meanwhile
    this.#announcing[attempt.lane] = undefined;
    this.#inner.start(attempt);
    this.#inner.flush();
  }

  /** Ends one that was not sent. */
  #end({ lane, admittedMs }: Attempt<HttpRequest>, { outcome, error }: EarlyEnd): void {
    if (this.#announcing[lane] === undefined) return;
    this.#announcing[lane] = undefined;
    const end = { lane, outcome, status: null, startedMs: admittedMs, endedMs: this.#clock.now(), bytes: 0 };
    this.#onAttemptEnd({ ...end, phasesMs: {}, error });
  }
}
