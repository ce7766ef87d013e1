// The loop: takes requests lazily, admits them through one gate, hands attempts to an executor and
// settles each request exactly once. It waits for nothing itself: everything that happens calls it,
// and each call ends in `#pump`, which starts whatever may start now.
//
//   source ──pull──▶ waiting ──gate: permit, lane──▶ in flight ──end──▶ settled ──▶ sink
//            (read ahead ≤ 2 × limit)                        (held back while the sink is full)
import { assert } from '../base/assert.ts';
import type { Clock, Timer } from '../base/clock.ts';
import { Deadlines } from '../control/deadlines.ts';
import { type Permit, Semaphore } from '../control/semaphore.ts';
import type { Attempt, AttemptEnd } from '../model/attempt.ts';
import type { OutcomeError, OutcomeKind } from '../model/outcome.ts';
import type { InvalidInput } from '../model/request.ts';
import type { Settled } from '../model/settled.ts';
import type { EngineOptions, EngineStatistics } from './engine-options.ts';
import { Intake, type Running } from './intake.ts';
import { Lanes } from './lanes.ts';
import { InputOrder } from './order.ts';
import type { EarlyEnd, Executor, OnAttemptEnd } from './ports.ts';
import type { Source } from './source.ts';

/** With outcomes in input order: how far starts may run ahead of the oldest request that is not final. */
const ORDER_WINDOW_MIN = 256;
/** Starts in one turn before timers, signals and sockets are heard again. */
const BURST_MAX = 512;

export class Engine<R> {
  readonly #options: EngineOptions<R>;
  readonly #clock: Clock;
  readonly #semaphore: Semaphore;
  readonly #lanes = new Lanes();
  readonly #deadlines: Deadlines;
  readonly #intake: Intake<R>;
  readonly #executor: Executor<R>;
  /** By lane. */
  readonly #running: (Running<R> | undefined)[] = [];
  readonly #order: InputOrder<R> | undefined;
  #cause: EarlyEnd | undefined; // set once starts have ended for good
  #graceTimer: Timer | undefined;
  #continueTimer: Timer | undefined;
  #held = false;
  #pumping = false;
  #settling = 0;
  #pumpAgain = false;
  #finished = false;
  #inFlight = 0;
  #inFlightMax = 0;
  #forced = 0;
  #settled = 0;
  #notOk = 0;
  #late = 0;

  /** Nothing happens before `start`. */
  constructor(
    options: EngineOptions<R>,
    openSource: (onReady: () => void) => Source<R>,
    openExecutor: (onAttemptEnd: OnAttemptEnd) => Executor<R>,
  ) {
    this.#options = options;
    this.#clock = options.clock;
    this.#semaphore = new Semaphore(options.limit);
    this.#deadlines = new Deadlines(options.clock, lane => this.#overdue(lane));
    this.#order = options.order === 'input' ? new InputOrder(options.onSettled) : undefined;
    this.#executor = openExecutor(end => this.#attemptEnded(end));
    const source = openSource(() => this.#pump());
    this.#intake = new Intake(source, options.clock, (input, index) => {
      const { code, message } = input;
      this.#settle(input, index, this.#clock.now(), [], 'invalid_input', { code, message });
    });
  }

  start(): void {
    if (!this.#finished) this.#pump();
  }

  /** Changes the limit, now. Raising it starts more in this turn; lowering it stops nothing in flight. */
  resize(limit: number): void {
    this.#semaphore.resize(limit);
    this.#pump();
  }

  /** Starts nothing more until `release`: whoever takes the outcomes is full. */
  hold(): void {
    this.#held = true;
  }

  release(): void {
    if (!this.#held) return;
    this.#held = false;
    this.#pump();
  }

  /** No new starts: what waits settles as cancelled, what is in flight goes on to its own end. */
  drain(cause: OutcomeError): void {
    this.#cause ??= { outcome: 'cancelled', error: cause };
    this.#intake.close();
    for (let next = this.#intake.shift(); next; next = this.#intake.shift()) {
      this.#settle(next.request, next.index, next.createdMs, [], 'cancelled', this.#cause.error);
    }
    this.#pump();
  }

  /**
   * As `drain`, and what is in flight is told to end now; whatever does not within the grace period is counted
   * as ended.
   */
  abort(cause: OutcomeError): void {
    if (this.#finished) return;
    this.drain(cause);
    if (this.#finished || this.#graceTimer || this.#inFlight === 0) return;
    const early: EarlyEnd = { outcome: 'cancelled', error: cause };
    this.#graceTimer = this.#clock.schedule(this.#clock.now() + this.#options.graceMs, () =>
      this.#forceEnds(early),
    );
    for (let lane = 0; lane < this.#running.length; lane++) {
      if (this.#running[lane]) this.#executor.cancel(lane, early);
    }
    this.#executor.flush();
  }

  statistics(): EngineStatistics {
    return {
      read: this.#intake.read,
      waiting: this.#intake.waiting,
      inFlight: this.#inFlight,
      inFlightMax: this.#inFlightMax,
      settled: this.#settled,
      notOk: this.#notOk,
      limit: this.#semaphore.limit,
      late: this.#late,
      lanes: this.#lanes.opened,
    };
  }

  /** Starts what may start, reads ahead, and ends the run when nothing is left. Safe to call at any time. */
  #pump(): void {
    if (this.#pumping) {
      this.#pumpAgain = true;
      return;
    }
    this.#pumping = true;
    let steps = 0;
    do {
      this.#pumpAgain = false;
      while (steps < BURST_MAX && this.#startNext()) steps++;
      while (steps < BURST_MAX && this.#mayReadAhead() && this.#intake.readOne()) steps++;
    } while (this.#pumpAgain && steps < BURST_MAX);
    if (steps >= BURST_MAX) this.#continueLater();
    this.#executor.flush();
    this.#pumping = false;
    this.#finishIfDone();
  }

  /** Lets timers, signals and sockets be heard between two long bursts. */
  #continueLater(): void {
    this.#continueTimer ??= this.#clock.schedule(this.#clock.now(), () => {
      this.#continueTimer = undefined;
      this.#pump();
    });
  }

  /** The one gate: a request, room for its outcome, a permit and a lane, and it starts. */
  #startNext(): boolean {
    if (this.#held || this.#cause) return false;
    if (this.#intake.waiting === 0 && !this.#intake.readOne()) return false;
    const next = this.#intake.peek();
    if (!next) return true; // what was read could not be sent, and is settled
    if (this.#order && next.index - this.#order.next >= this.#orderWindow()) return false;
    const permit = this.#semaphore.tryAcquire();
    if (!permit) return false;
    this.#intake.shift();
    this.#startAttempt(next, permit);
    return true;
  }

  #orderWindow(): number {
    return Math.max(ORDER_WINDOW_MIN, 2 * this.#semaphore.limit);
  }

  #mayReadAhead(): boolean {
    return !this.#held && !this.#cause && this.#intake.hasRoom(this.#semaphore.limit);
  }

  #startAttempt(running: Running<R>, permit: Permit): void {
    const lane = this.#lanes.take();
    assert(this.#running[lane] === undefined, 'a lane runs one attempt at a time');
    const admittedMs = this.#clock.now();
    running.permit = permit;
    running.admittedMs = admittedMs;
    this.#running[lane] = running;
    this.#inFlight++;
    if (this.#inFlight > this.#inFlightMax) this.#inFlightMax = this.#inFlight;
    const spanMs = this.#options.timeoutMsOf?.(running.request) ?? this.#options.timeoutMs;
    const deadlineMs = admittedMs + spanMs;
    // The runner keeps the deadline; this one is for a runner that no longer answers.
    if (deadlineMs !== Number.POSITIVE_INFINITY)
      this.#deadlines.set(lane, deadlineMs + this.#options.graceMs);
    const attempt: Attempt<R> = {
      request: running.request,
      index: running.index,
      number: running.tries.length + 1,
      lane,
      admittedMs,
      deadlineMs,
    };
    this.#executor.start(attempt);
  }

  /** Told by the executor: the attempt is over and its socket is given back or gone. */
  #attemptEnded(end: AttemptEnd): void {
    const { lane } = end;
    const running = this.#running[lane];
    assert(running?.permit, 'an end belongs to an attempt in flight');
    this.#running[lane] = undefined;
    this.#deadlines.clear(lane);
    running.permit.release();
    this.#lanes.giveBack(lane);
    this.#inFlight--;
    if (running.forced) {
      this.#forced--;
      this.#late++;
    } else {
      end.phasesMs.permit = running.admittedMs - running.createdMs;
      if (end.worker !== undefined) end.phasesMs.handover = Math.max(0, end.startedMs - running.admittedMs);
      running.tries.push(end);
      this.#settle(running.request, running.index, running.createdMs, running.tries, end.outcome);
    }
    this.#pump();
  }

  /** The runner did not end an attempt by its deadline: its worker no longer answers. */
  #overdue(lane: number): void {
    const error: OutcomeError = {
      code: 'TIMEOUT_REQUEST',
      message: 'The request took longer than its timeout, and its worker did not answer.',
      phase: 'request',
    };
    this.#forceEnd(lane, { outcome: 'timeout', error });
    this.#executor.cancel(lane, { outcome: 'timeout', error });
    this.#pump(); // in input order, those behind it may start now
  }

  #forceEnds(early: EarlyEnd): void {
    for (let lane = 0; lane < this.#running.length; lane++) this.#forceEnd(lane, early);
    this.#finishIfDone();
  }

  /** Settles a request whose attempt is still in flight. The attempt keeps its lane and permit until it ends. */
  #forceEnd(lane: number, early: EarlyEnd): void {
    const running = this.#running[lane];
    if (!running || running.forced) return;
    running.forced = true;
    this.#forced++;
    running.tries.push({
      lane,
      outcome: early.outcome,
      status: null,
      startedMs: running.admittedMs,
      endedMs: this.#clock.now(),
      phasesMs: { permit: running.admittedMs - running.createdMs },
      bytes: 0,
      error: early.error,
    });
    this.#settle(running.request, running.index, running.createdMs, running.tries, early.outcome);
  }

  #settle(
    request: R | InvalidInput,
    index: number,
    createdMs: number,
    tries: readonly AttemptEnd[],
    outcome: OutcomeKind,
    error?: OutcomeError,
  ): void {
    this.#settled++;
    if (outcome !== 'ok') this.#notOk++;
    const endedMs = tries[tries.length - 1]?.endedMs ?? this.#clock.now();
    const settled: Settled<R> = error
      ? { index, request, outcome, createdMs, endedMs, tries, error }
      : { index, request, outcome, createdMs, endedMs, tries };
    this.#settling++; // the sink may call back, and more outcomes may follow in input order
    if (this.#order) this.#order.add(settled);
    else this.#options.onSettled(settled);
    this.#settling--;
  }

  #finishIfDone(): void {
    if (this.#finished || this.#pumping || this.#settling > 0 || this.#inFlight > this.#forced) return;
    if (!this.#intake.exhausted && !this.#cause) return;
    this.#finished = true;
    this.#intake.close();
    this.#deadlines.close();
    this.#graceTimer?.cancel();
    this.#continueTimer?.cancel();
    this.#options.onFinished(this.#intake.failure);
  }
}
