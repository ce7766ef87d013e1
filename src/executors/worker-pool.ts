// Runs attempts in worker threads or child processes. The pool owns no policy: the engine's gate admits, the
// lane says which worker (lane mod workers, so that the smallest lanes spread over all), and each turn's
// starts cross in one message per worker. Whatever becomes of a worker, each of its attempts ends once.
import type { Clock, Timer } from '../base/clock.ts';
import { type ErrorCode, PacelineError } from '../base/errors.ts';
import { Deadlines } from '../control/deadlines.ts';
import type { EarlyEnd, Executor, OnAttemptEnd, WorkerUsage } from '../engine/ports.ts';
import type { Attempt, AttemptEnd } from '../model/attempt.ts';
import type { OutcomeError } from '../model/outcome.ts';
import type { AttemptPlan } from '../model/plan.ts';
import type { HttpRequest } from '../model/request.ts';
import { Respawns } from './respawns.ts';
import { Seat } from './seat.ts';
import type { OpenChannel } from './worker-channel.ts';

export interface WorkerPoolOptions {
  readonly workers: number;
  /** Whether each is a process of its own. */
  readonly areProcesses: boolean;
  readonly plan: AttemptPlan;
  readonly clock: Clock;
  readonly clockOriginMs: number;
  readonly openChannel: OpenChannel;
  /** How long an attempt that was told to end may take before its worker is ended. */
  readonly graceMs: number;
  /** How long a worker that has attempts may be silent before it is taken for lost and ended. */
  readonly silenceMsMax: number;
  /** Workers die faster than they may be replaced: nothing more can run. Told once. */
  readonly onBroken: (cause: OutcomeError) => void;
}

/** Looks at the workers in the time one may be silent. */
const LOOKS = 5;
/** A worker that closes has nothing in flight any more; on a full machine its last words take their time. */
const CLOSE_GRACES = 5;
const MAY_HAVE_BEEN = 'The request may have been carried out.';
const CLOSED: EarlyEnd = {
  outcome: 'cancelled',
  error: { code: 'CLOSED', message: 'The workers were closed.' },
};

export class WorkerPool implements Executor<HttpRequest> {
  readonly #options: WorkerPoolOptions;
  readonly #clock: Clock;
  readonly #seats: Seat[];
  readonly #respawns = new Respawns();
  readonly #deadlines: Deadlines;
  /** By lane: what was started and has not ended, and why it is to end early. */
  readonly #attempts: (Attempt<HttpRequest> | undefined)[] = [];
  readonly #causes: (EarlyEnd | undefined)[] = [];
  readonly #opened = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<void>();
  readonly #usage = { userMs: 0, sysMs: 0, peakMemoryBytes: 0 };
  #onAttemptEnd: OnAttemptEnd = () => {};
  #notReady: number;
  #inFlight = 0;
  #delivering = false;
  #lookTimer: Timer | undefined;
  #forceTimer: Timer | undefined;
  /** Set once nothing can be started any more. */
  #refusal: EarlyEnd | undefined;
  #closing = false;

  /** Starts all workers at once, before anything is known of the requests. */
  constructor(options: WorkerPoolOptions) {
    const { workers, plan, clock, clockOriginMs, openChannel, graceMs } = options;
    this.#options = options;
    this.#clock = clock;
    this.#deadlines = new Deadlines(clock, lane => this.#ignored(lane));
    this.#notReady = workers;
    this.#opened.promise.catch(() => {}); // not everybody waits for it
    this.#seats = Array.from({ length: workers }, (_, worker) => {
      const seat: Seat = new Seat(
        { paceline: 'open', plan, clockOriginMs, worker },
        openChannel,
        clock,
        graceMs,
        {
          onReady: () => this.#onReady(seat),
          onEnd: end => this.#onEnd(end),
          onDelivered: () => this.#onDelivered(),
          onRefused: (code, message) => this.#onRefused(seat, code, message),
          onUsage: usage => {
            this.#usage.userMs += usage.userMs;
            this.#usage.sysMs += usage.sysMs;
            this.#usage.peakMemoryBytes += usage.peakMemoryBytes;
          },
          onGone: death => this.#onGone(seat, death),
        },
      );
      return seat;
    });
    for (const seat of this.#seats) seat.spawn();
  }

  /** Resolves when every worker is ready. @throws ERR_HANDLER_LOAD, ERR_ENV_WORKERS */
  opened(): Promise<void> {
    return this.#opened.promise;
  }

  /** From here on ends are told; before the first start the workers do not keep this process alive. */
  attach(onAttemptEnd: OnAttemptEnd): this {
    this.#onAttemptEnd = onAttemptEnd;
    if (this.#inFlight === 0) for (const seat of this.#seats) seat.keepAlive(false);
    return this;
  }

  start(attempt: Attempt<HttpRequest>): void {
    const { lane } = attempt;
    this.#attempts[lane] = attempt;
    if (this.#inFlight++ === 0) this.#wake();
    if (this.#refusal) this.#endHere(attempt, this.#refusal);
    else this.#seatOf(lane).start(attempt);
  }

  flush(): void {
    if (this.#delivering) return; // one message is answered by one message
    for (const seat of this.#seats) seat.flush();
  }

  cancel(lane: number, cause: EarlyEnd): void {
    const attempt = this.#attempts[lane];
    if (!attempt || this.#causes[lane]) return;
    const seat = this.#seatOf(lane);
    if (seat.takeBack(attempt)) {
      this.#endHere(attempt, cause);
      return;
    }
    this.#causes[lane] = cause;
    this.#deadlines.set(lane, this.#clock.now() + this.#options.graceMs);
    seat.cancel(attempt, cause);
  }

  /** Polite, then forced after a few grace periods. Attempts in flight end as `cancelled`. */
  close(): Promise<void> {
    if (this.#closing) return this.#closed.promise;
    this.#closing = true;
    this.#refusal ??= CLOSED;
    this.#lookTimer?.cancel();
    for (let lane = 0; lane < this.#attempts.length; lane++) this.cancel(lane, CLOSED);
    this.flush();
    for (const seat of this.#seats) {
      seat.keepAlive(true);
      if (seat.isReady) seat.close();
      else seat.terminate('It was closed.');
    }
    const forceMs = this.#clock.now() + CLOSE_GRACES * this.#options.graceMs;
    this.#forceTimer = this.#clock.schedule(forceMs, () => {
      for (const seat of this.#seats) seat.terminate('It was closed.');
    });
    this.#closeIfGone();
    return this.#closed.promise;
  }

  usage(): WorkerUsage {
    const { workers, areProcesses } = this.#options;
    return { ...this.#usage, processes: areProcesses ? workers : 0, threads: workers };
  }

  #seatOf(lane: number): Seat {
    return this.#seats[lane % this.#seats.length] as Seat;
  }

  #wake(): void {
    for (const seat of this.#seats) seat.keepAlive(true);
    this.#lookTimer ??= this.#lookLater();
  }

  #lookLater(): Timer {
    const atMs = this.#clock.now() + this.#options.silenceMsMax / LOOKS;
    return this.#clock.schedule(atMs, () => {
      this.#lookTimer = undefined;
      if (this.#closing || this.#inFlight === 0) return;
      this.#lookTimer = this.#lookLater();
      for (const seat of this.#seats) seat.look();
    });
  }

  #onReady(seat: Seat): void {
    if (this.#notReady > 0 && --this.#notReady === 0) this.#opened.resolve();
    seat.flush();
  }

  #onEnd(end: AttemptEnd): void {
    this.#delivering = true;
    this.#tell(end);
  }

  #onDelivered(): void {
    this.#delivering = false;
    if (!this.#closing) this.flush();
  }

  /** An end whose attempt is no longer known here changes nothing. */
  #tell(end: AttemptEnd): void {
    const { lane } = end;
    if (!this.#attempts[lane]) return;
    this.#attempts[lane] = undefined;
    if (this.#causes[lane]) {
      this.#causes[lane] = undefined;
      this.#deadlines.clear(lane);
    }
    this.#inFlight--;
    this.#onAttemptEnd(end);
  }

  /** An attempt that no worker will tell the end of. */
  #endHere({ lane, admittedMs }: Attempt<HttpRequest>, cause: EarlyEnd, worker?: number): void {
    this.#tell({
      lane,
      outcome: cause.outcome,
      status: null,
      startedMs: admittedMs,
      endedMs: this.#clock.now(),
      phasesMs: {},
      bytes: 0,
      error: cause.error,
      ...(worker === undefined ? undefined : { worker }),
    });
  }

  /** An attempt was told to end and did not: its worker is beyond words. */
  #ignored(lane: number): void {
    this.#seatOf(lane).terminate('Its worker was ended, because an attempt in it did not end when told to.');
  }

  #onRefused(seat: Seat, code: ErrorCode, message: string): void {
    this.#opened.reject(new PacelineError(code, message));
    seat.close();
  }

  #onGone(seat: Seat, death: string): void {
    const waiting = new Set(seat.waiting);
    const count = this.#seats.length;
    const lost: EarlyEnd = {
      outcome: 'unknown',
      error: { code: 'WORKER_LOST', message: `${death} ${MAY_HAVE_BEEN}` },
    };
    const orphans: Attempt<HttpRequest>[] = [];
    for (let lane = seat.worker; lane < this.#attempts.length; lane += count) {
      const attempt = this.#attempts[lane];
      if (attempt && !waiting.has(attempt)) orphans.push(attempt);
    }
    if (!this.#closing && !this.#refusal) this.#replace(seat, death);
    for (const attempt of orphans) this.#endHere(attempt, this.#causes[attempt.lane] ?? lost, seat.worker);
    if (this.#refusal) this.#endWaiting(this.#refusal);
    this.#closeIfGone();
  }

  #replace(seat: Seat, death: string): void {
    const refusal = this.#respawns.refusal(seat.deathsInARow, this.#clock.now());
    if (refusal === null) {
      seat.spawn(); // what was not handed over yet was not sent: the new worker takes it
      return;
    }
    const message = `${refusal} The last one: ${death} No more are started.`;
    const cause: OutcomeError = { code: 'ERR_ENV_WORKERS', message };
    this.#refusal = { outcome: 'cancelled', error: cause };
    this.#opened.reject(new PacelineError('ERR_ENV_WORKERS', message));
    this.#options.onBroken(cause);
  }

  /** A seat that keeps its worker goes on with what it has; one without can do nothing more. */
  #endWaiting(cause: EarlyEnd): void {
    for (const seat of this.#seats) {
      if (seat.taken) continue;
      for (const attempt of [...seat.waiting]) this.cancel(attempt.lane, cause);
    }
  }

  #closeIfGone(): void {
    if (!this.#closing || this.#seats.some(seat => seat.taken)) return;
    this.#forceTimer?.cancel();
    this.#deadlines.close();
    this.#closed.resolve();
  }
}
