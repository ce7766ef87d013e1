// The loop: takes requests lazily, admits them through one gate, hands attempts to an executor and
// settles each request exactly once. It waits for nothing itself: everything that happens calls it,
// and each call ends in `#pump`, which starts whatever may start now.
//
//   source ──pull──▶ waiting ──gate: permit, lane──▶ in flight ──end──▶ settled ──▶ sink
//            (read ahead ≤ 2 × limit)                        (held back while the sink is full)
import { assert } from '../base/assert.ts';
import type { Clock, Timer } from '../base/clock.ts';
import { Queue } from '../base/queue.ts';
import { Deadlines } from '../control/deadlines.ts';
import { type Permit, Semaphore } from '../control/semaphore.ts';
import type { Attempt, AttemptEnd } from '../model/attempt.ts';
import type { OutcomeError, OutcomeKind } from '../model/outcome.ts';
import { InvalidInput } from '../model/request.ts';
import type { Settled } from '../model/settled.ts';
import { Lanes } from './lanes.ts';
import { InputOrder } from './order.ts';
import type { EarlyEnd, Executor, OnAttemptEnd } from './ports.ts';
import type { Source } from './source.ts';

export interface EngineOptions<R> {
  readonly clock: Clock;
  /** Attempts in flight at most; Infinity for no limit. */
  readonly limit: number;
  /** Outcomes as they end, or in the order of the input. */
  readonly order: 'ended' | 'input';
  /** Span from its first start in which a request must be final, all attempts together; Infinity for none. */
  readonly timeoutMs: number;
  /** The request's own such span, where it has one. */
  readonly timeoutMsOf?: (request: R) => number | null;
  /** How long an attempt that was told to end may take to do so before it is counted as ended. */
  readonly graceMs: number;
  /** Told of each final outcome, once. Calls `hold` when it can take no more for now. */
  readonly onSettled: (settled: Settled<R>) => void;
  /** Everything is final and nothing is in flight. `failure` holds what the source threw, if it did. */
  readonly onFinished: (failure: { readonly cause: unknown } | undefined) => void;
}

export interface EngineStatistics {
  /** Taken from the source. */
  readonly read: number;
  readonly waiting: number;
  readonly inFlight: number;
  readonly inFlightMax: number;
  readonly settled: number;
  /** Settled with another outcome than `ok`. */
  readonly notOk: number;
  readonly limit: number;
  /** Ends that came after their request had been settled by force; they changed nothing. */
  readonly late: number;
  readonly lanes: number;
}

/** Read ahead at most twice the limit, and never more than this many. */
export const READ_AHEAD_MAX = 4096;
/** With outcomes in input order: how far starts may run ahead of the oldest request that is not final. */
export const ORDER_WINDOW_MIN = 256;
/** Starts in one turn before timers, signals and sockets are heard again. */
const BURST_MAX = 512;

/** A request between being read and being settled. */
class Running<R> {
  readonly request: R;
  readonly index: number;
  readonly createdMs: number;
  readonly tries: AttemptEnd[] = [];
  permit: Permit | undefined;
  admittedMs = 0;
  /** Settled while its attempt was still in flight. */
  forced = false;

  constructor(request: R, index: number, createdMs: number) {
    this.request = request;
    this.index = index;
    this.createdMs = createdMs;
  }
}

export class Engine<R> {
  readonly #options: EngineOptions<R>;
  readonly #clock: Clock;
  readonly #semaphore: Semaphore;
  readonly #lanes = new Lanes();
  readonly #deadlines: Deadlines;
  readonly #source: Source<R>;
  readonly #executor: Executor<R>;
  readonly #waiting = new Queue<Running<R>>();
  /** By lane. */
  readonly #running: (Running<R> | undefined)[] = [];
  readonly #order: InputOrder<R> | undefined;
  #cause: EarlyEnd | undefined; // set once starts have ended for good
  #graceTimer: Timer | undefined;
  #continueTimer: Timer | undefined;
  #held = false;
  #pumping = false;
  #pumpAgain = false;
  #finished = false;
  #read = 0;
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
    this.#source = openSource(() => this.#pump());
  }

  start(): void {
    this.#pump();
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
    this.#source.close();
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      this.#settle(next.request, next.index, next.createdMs, [], 'cancelled', this.#cause.error);
    }
    this.#pump();
  }

  /** As `drain`, and what is in flight is told to end now; whatever does not within the grace period is counted as ended. */
  abort(cause: OutcomeError): void {
    if (this.#finished) return;
    this.drain(cause);
    if (this.#graceTimer || this.#inFlight === 0) return;
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
      read: this.#read,
      waiting: this.#waiting.length,
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
      while (steps < BURST_MAX && this.#mayReadAhead() && this.#readOne()) steps++;
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
    if (this.#waiting.length === 0 && !this.#readOne()) return false;
    const next = this.#waiting.peek();
    if (!next) return true; // what was read could not be sent, and is settled
    if (this.#order && next.index - this.#order.next >= this.#orderWindow()) return false;
    const permit = this.#semaphore.tryAcquire();
    if (!permit) return false;
    this.#waiting.shift();
    this.#startAttempt(next, permit);
    return true;
  }

  #orderWindow(): number {
    return Math.max(ORDER_WINDOW_MIN, 2 * this.#semaphore.limit);
  }

  #mayReadAhead(): boolean {
    const most = Math.min(2 * this.#semaphore.limit, READ_AHEAD_MAX);
    return !this.#held && !this.#cause && this.#waiting.length < most;
  }

  /** Takes one request from the source; false when none is at hand. */
  #readOne(): boolean {
    const request = this.#source.pull();
    if (request === undefined) return false;
    const index = this.#read++;
    const nowMs = this.#clock.now();
    if (request instanceof InvalidInput) {
      const { code, message } = request;
      this.#settle(request, index, nowMs, [], 'invalid_input', { code, message });
    } else {
      this.#waiting.push(new Running(request, index, nowMs));
    }
    return true;
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
    this.#executor.flush();
    this.#finishIfDone();
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
    this.#settle(
      running.request,
      running.index,
      running.createdMs,
      running.tries,
      early.outcome,
      early.error,
    );
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
    if (this.#order) this.#order.add(settled);
    else this.#options.onSettled(settled);
  }

  #finishIfDone(): void {
    if (this.#finished || this.#pumping || this.#inFlight > this.#forced || this.#waiting.length > 0) return;
    if (!this.#source.ended && !this.#cause) return;
    this.#finished = true;
    this.#source.close();
    this.#deadlines.close();
    this.#graceTimer?.cancel();
    this.#continueTimer?.cancel();
    this.#options.onFinished(this.#source.failure);
  }
}
