// The loop: takes requests lazily, admits them through one gate, hands attempts to an executor and
// settles each request exactly once. It waits for nothing itself: everything that happens calls it,
// and each call ends in `#pump`, which starts whatever may start now.
//
//   source ──pull──▶ waiting room ──gate: pace, permit, lane──▶ in flight ──end──▶ settled ──▶ sink
//            (read ahead ≤ 2 × limit)  ▲                            │     (held back while the sink is full)
//                                      └───── backoff ◀── again ────┘
import type { Clock, Timer } from '../base/clock.ts';
import { Deadlines } from '../control/deadlines.ts';
import type { AttemptEnd } from '../model/attempt.ts';
import type { OutcomeError } from '../model/outcome.ts';
import type { Settled } from '../model/settled.ts';
import type { EngineOptions, EngineStatistics, LimitChange } from './engine-options.ts';
import { Gate } from './gate.ts';
import { outOfTime, turnedAway } from './hosts.ts';
import { InFlight, type OpenAttempt } from './in-flight.ts';
import { Intake } from './intake.ts';
import type { EarlyEnd, Executor, OnAttemptEnd } from './ports.ts';
import { endByForce, noteEnd, type Running } from './running.ts';
import { Settling } from './settling.ts';
import type { Source } from './source.ts';
import { runDeadline } from './stop-plan.ts';
import type { PausedHosts } from './waiting-room.ts';

/** In input order: how far starts may run ahead of the oldest request that is not final. */
const ORDER_WINDOW_MIN = 256;
/** Without a limit too: outcomes that wait for their turn take memory. */
const ORDER_WINDOW_MAX = 65_536;
/** Starts in one turn before timers, signals and sockets are heard again. */
const BURST_MAX = 512;

export class Engine<R> {
  readonly #options: EngineOptions<R>;
  readonly #clock: Clock;
  readonly #deadlines: Deadlines;
  readonly #gate: Gate<R>;
  readonly #intake: Intake<R>;
  readonly #executor: Executor<R>;
  readonly #settling: Settling<R>;
  readonly #inFlight = new InFlight<R>();
  #cause: EarlyEnd | undefined; // set once starts have ended for good
  #runTimer: Timer | undefined;
  #graceTimer: Timer | undefined;
  #continueTimer: Timer | undefined;
  #held = false;
  #pumping = false;
  #pumpAgain = false;
  #finished = false;

  /** Nothing happens before `start`. */
  constructor(
    options: EngineOptions<R>,
    openSource: (onReady: () => void) => Source<R>,
    openExecutor: (onAttemptEnd: OnAttemptEnd) => Executor<R>,
  ) {
    const { clock } = options;
    this.#options = options;
    this.#clock = clock;
    this.#deadlines = new Deadlines(clock, lane => this.#overdue(lane));
    this.#settling = new Settling(options, settled => this.#judge(settled));
    this.#gate = new Gate(options, () => this.#pump());
    this.#executor = openExecutor(end => this.#attemptEnded(end));
    const source = openSource(() => this.#pump());
    this.#intake = new Intake(source, {
      clock,
      gate: this.#gate,
      onInvalid: (input, index) => this.#settling.settleInvalid(input, index),
      onRoom: () => this.#pump(),
    });
  }

  start(): void {
    if (this.#finished) return;
    const { maxDurationMs = Number.POSITIVE_INFINITY } = this.#options;
    if (maxDurationMs !== Number.POSITIVE_INFINITY) {
      this.#runTimer ??= this.#clock.schedule(this.#clock.now() + maxDurationMs, () =>
        this.abort(runDeadline(maxDurationMs)),
      );
    }
    this.#pump();
  }

  /** What ended starts for good before the input was at its end, or was said at its end; null when nothing did. */
  get endedEarlyBy(): OutcomeError | null {
    return this.#cause?.error ?? null;
  }

  /** Changes limits and rates, now. More may start in this turn; nothing in flight is stopped. */
  change(limits: LimitChange): void {
    this.#gate.change(limits);
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
    for (const running of this.#gate.empty()) this.#settling.settle(running, this.#cause);
    this.#pump();
  }

  /** As `drain`; what is in flight is told to end now, and what does not within the grace counts as ended. */
  abort(cause: OutcomeError): void {
    if (this.#finished) return;
    this.drain(cause);
    if (this.#finished || this.#graceTimer || this.#inFlight.count === 0) return;
    const early: EarlyEnd = { outcome: 'cancelled', error: cause };
    const graceEndsMs = this.#clock.now() + this.#options.graceMs;
    this.#graceTimer = this.#clock.schedule(graceEndsMs, () => this.#forceEnds(early));
    for (const lane of this.#inFlight.busyLanes()) this.#executor.cancel(lane, early);
    this.#executor.flush();
  }

  /** Hosts that have refused a request and for whom others wait; null for none. */
  pausedHosts(): PausedHosts | null {
    return this.#gate.paused();
  }

  /** What is in flight now, by lane, up to so many. */
  lookIn(most: number): OpenAttempt[] {
    return this.#inFlight.look(most);
  }

  statistics(): EngineStatistics {
    return {
      read: this.#intake.read,
      waiting: this.#gate.waiting,
      inBackoff: this.#gate.inBackoff,
      inFlight: this.#inFlight.count,
      inFlightMax: this.#inFlight.most,
      settled: this.#settling.settled,
      notOk: this.#settling.notOk,
      limit: this.#gate.limit,
      late: this.#inFlight.late,
      lanes: this.#inFlight.lanes,
    };
  }

  /** Starts what may start, reads ahead, and ends the run when nothing is left. Safe to call at any time. */
  #pump(): void {
    if (this.#pumping) {
      this.#pumpAgain = true;
      return;
    }
    if (this.#finished) return;
    this.#pumping = true;
    for (const late of this.#gate.wakeDue()) this.#settling.settle(late, outOfTime(late));
    let steps = 0;
    do {
      this.#pumpAgain = false;
      while (steps < BURST_MAX && this.#startNext()) steps++;
      while (steps < BURST_MAX && this.#readAhead()) steps++;
    } while (this.#pumpAgain && steps < BURST_MAX);
    if (steps >= BURST_MAX) this.#continueLater();
    this.#gate.setAlarm();
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

  /** Starts the first that the gate lets through, or reads one more; false when neither can be now. */
  #startNext(): boolean {
    if (this.#held || this.#cause || !this.#gate.hasFree) return false;
    const nowMs = this.#clock.now();
    const next = this.#gate.next(nowMs);
    if (!next) return this.#readAhead();
    if (this.#settling.aheadOf(next.index) >= this.#orderWindow()) return false;
    const closedUntilMs = this.#gate.closedUntilMs(next, nowMs);
    if (closedUntilMs !== undefined) {
      this.#gate.turnAway(next);
      this.#settling.settle(next, turnedAway(next, closedUntilMs - nowMs));
      return true;
    }
    if (!this.#gate.admit(next, nowMs)) return false;
    this.#startAttempt(next);
    return true;
  }

  #orderWindow(): number {
    return Math.min(ORDER_WINDOW_MAX, Math.max(ORDER_WINDOW_MIN, 2 * this.#gate.limit));
  }

  #readAhead(): boolean {
    if (this.#held || this.#cause || !this.#intake.hasRoom()) return false;
    return this.#intake.readOne();
  }

  #startAttempt(running: Running<R>): void {
    const lane = this.#inFlight.take(running);
    const { admittedMs } = running;
    const number = running.tries.length + 1;
    if (number === 1) {
      const spanMs = this.#options.timeoutMsOf?.(running.request) ?? this.#options.timeoutMs;
      running.deadlineMs = admittedMs + spanMs;
    }
    const { toSend: request, index, deadlineMs } = running;
    // The runner keeps the deadline; this one is for a runner that no longer answers.
    if (deadlineMs !== Number.POSITIVE_INFINITY)
      this.#deadlines.set(lane, deadlineMs + this.#options.graceMs);
    this.#executor.start({ request, index, number, lane, admittedMs, deadlineMs });
    this.#gate.began(running);
  }

  /** Told by the executor: the attempt is over and its socket is given back or gone. */
  #attemptEnded(end: AttemptEnd): void {
    const { lane } = end;
    const running = this.#inFlight.giveBack(lane);
    this.#deadlines.clear(lane);
    this.#gate.leave(running, end);
    if (!running.isFinal) {
      noteEnd(running, end);
      this.#goOn(running, end);
    }
    this.#pump();
  }

  /** Each outcome, as it becomes final: one may be one too many. */
  #judge({ outcome, index }: Settled<R>): void {
    const { failures } = this.#options;
    if (!failures || this.#cause) return;
    const why = failures.add(outcome === 'ok', index);
    if (why !== null) this.drain({ code: 'RUN_FAILED', message: why });
  }

  /** After an attempt: sent again, or final. */
  #goOn(running: Running<R>, end: AttemptEnd): void {
    const { index, toSend: sent, sentBefore: before, tries, deadlineMs } = running;
    const { outcome, endedMs: nowMs } = end;
    const step = this.#options.nextStep?.({ index, sent, before, tries, nowMs, deadlineMs });
    if (step?.kind !== 'again') this.#settling.settle(running, { outcome, ...step });
    else if (this.#cause) this.#settling.settle(running, { outcome, noRetry: 'stopping' });
    else if (step.dueMs >= deadlineMs) this.#settling.settle(running, { outcome, noRetry: 'deadline' });
    else this.#gate.comeBack(running, step);
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
    for (const lane of this.#inFlight.busyLanes()) this.#forceEnd(lane, early);
    this.#finishIfDone();
  }

  /** Settles a request whose attempt is still in flight. The attempt keeps its lane and permit until it ends. */
  #forceEnd(lane: number, early: EarlyEnd): void {
    const running = this.#inFlight.force(lane);
    if (!running) return;
    endByForce(running, lane, early, this.#clock.now());
    this.#settling.settle(running, { outcome: early.outcome });
  }

  #finishIfDone(): void {
    if (this.#finished || this.#pumping || this.#settling.isTelling || this.#inFlight.awaited > 0) return;
    if (!(this.#intake.ended && this.#gate.waiting === 0) && !this.#cause) return;
    this.#finished = true;
    this.#intake.close();
    this.#deadlines.close();
    this.#gate.close();
    this.#runTimer?.cancel();
    this.#graceTimer?.cancel();
    this.#continueTimer?.cancel();
    const why = this.#cause ? null : this.#options.failures?.atEnd();
    if (why) this.#cause = { outcome: 'cancelled', error: { code: 'RUN_FAILED', message: why } };
    this.#options.onFinished(this.#intake.failure);
  }
}
