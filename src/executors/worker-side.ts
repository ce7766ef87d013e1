// A worker's end of the conversation, the same in a thread and in a child process: it runs what it is told
// as the parent's own thread would, and owns no policy. Ends are gathered and posted once a turn, so that
// one message carries what one poll of the sockets brought.
import { unreachable } from '../base/assert.ts';
import { PacelineError } from '../base/errors.ts';
import { describeThrown, type Handler } from '../engine/handler.ts';
import type { Executor, OnAttemptEnd } from '../engine/ports.ts';
import type { Attempt, AttemptEnd } from '../model/attempt.ts';
import type { HttpRequest } from '../model/request.ts';
import { systemClock } from '../platform/system-clock.ts';
import { packEnd, unpackStarts } from './crossing.ts';
import { openLocalExecutor } from './open-local.ts';
import { type Cancel, type FromWorker, isOurs, type OpenMessage, type ToWorker } from './protocol.ts';

/** What a worker stands on, which in a simulation is none of it real. */
export interface WorkerGround {
  /** Opens what runs its attempts. */
  openExecutor(
    open: OpenMessage,
    parts: { readonly handler: Handler | undefined; readonly onAttemptEnd: OnAttemptEnd },
  ): Executor<HttpRequest>;
  /** Calls back when all that one poll of the sockets brought was heard. */
  afterTurn(run: () => void): void;
}

const REAL: WorkerGround = {
  openExecutor: ({ plan, clockOriginMs, worker }, parts) =>
    openLocalExecutor({ plan, clock: systemClock(clockOriginMs), clockOriginMs, worker, ...parts }),
  afterTurn: setImmediate,
};

export class WorkerSide {
  readonly #post: (message: FromWorker) => void;
  readonly #onClosed: () => void;
  readonly #ground: WorkerGround;
  #executor: Executor<HttpRequest> | undefined;
  /** By lane: what runs there, so that a cancel that comes late hits nothing else. */
  readonly #attempts: (Attempt<HttpRequest> | undefined)[] = [];
  #ends: unknown[] = [];

  /** @param onClosed everything of this worker is closed: say goodbye and exit */
  constructor(post: (message: FromWorker) => void, onClosed: () => void, ground = REAL) {
    this.#post = post;
    this.#onClosed = onClosed;
    this.#ground = ground;
  }

  receive(message: unknown): void {
    if (!isOurs(message)) return;
    const ours = message as ToWorker;
    switch (ours.paceline) {
      case 'open':
        void this.#open(ours);
        break;
      case 'work':
        this.#work(ours.starts, ours.cancels);
        break;
      case 'ping':
        this.#post({ paceline: 'pong' });
        break;
      case 'close':
        void this.#close();
        break;
      default:
        unreachable(ours);
    }
  }

  /** Posts the ends that are gathered, at once: this worker is about to go. */
  postEnds(): void {
    if (this.#ends.length === 0) return;
    const ends = this.#ends;
    this.#ends = [];
    this.#post({ paceline: 'ends', ends });
  }

  async #open(open: OpenMessage): Promise<void> {
    const { plan } = open;
    try {
      const handler = plan.handler
        ? await (await import('./handlers.ts')).loadHandler(plan.handler)
        : undefined;
      const onAttemptEnd = (end: AttemptEnd): void => {
        this.#attempts[end.lane] = undefined;
        if (this.#ends.length === 0) this.#ground.afterTurn(() => this.postEnds());
        packEnd(this.#ends, end);
      };
      this.#executor = this.#ground.openExecutor(open, { handler, onAttemptEnd });
      this.#post({ paceline: 'ready' });
    } catch (thrown) {
      const code = thrown instanceof PacelineError ? thrown.code : 'ERR_BUG';
      this.#post({ paceline: 'refused', code, message: describeThrown(thrown) });
    }
  }

  /** Comes only after `ready`. */
  #work(starts: readonly unknown[], cancels: readonly Cancel[]): void {
    const executor = this.#executor as Executor<HttpRequest>;
    unpackStarts(starts, attempt => {
      this.#attempts[attempt.lane] = attempt;
      executor.start(attempt);
    });
    for (const { lane, index, number, cause } of cancels) {
      const running = this.#attempts[lane];
      if (running?.index === index && running.number === number) executor.cancel(lane, cause);
    }
    executor.flush();
  }

  async #close(): Promise<void> {
    await this.#executor?.close();
    this.postEnds();
    this.#onClosed();
  }
}
