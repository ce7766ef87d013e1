// Watches an engine from outside: stands between it and its source, clock, executor, transport and sink, and
// notes the first law that is broken. The names are those of the reliability notes (I01 …) and of the laws of
// the engine (law 1 …). It also folds all it sees into one number, so that two runs can be compared.
import type { EngineStatistics } from '../../src/engine/engine-options.ts';
import type { EarlyEnd, Executor, OnAttemptEnd } from '../../src/engine/ports.ts';
import type { Attempt, AttemptEnd } from '../../src/model/attempt.ts';
import { type HttpRequest, InvalidInput } from '../../src/model/request.ts';
import type { Settled } from '../../src/model/settled.ts';
import type { VirtualClock } from '../../src/simulation/virtual-clock.ts';
import { endClaims, instantClaims, orderWindow, spanProblem, type Watched, waitProblem } from './claims.ts';
import { LiveTimers } from './counting-clock.ts';
import { PoliteInvariants } from './polite-invariants.ts';
import { SourceLaws } from './source-laws.ts';
import { StartModel } from './start-model.ts';

const [READ_AHEAD_MAX, HELD_MAX, HELD_SOON] = [4096, 10_000, 512];
const NEAR_MS = 1e-6;

const WAITING = 1;
const RUNNING = 2;
const FINAL = 3;

export class Invariants {
  readonly #clock: VirtualClock;
  readonly #watched: Watched;
  /** The first broken law, with when; undefined while all hold. */
  broken: string | undefined;
  /** Everything seen so far, as a number. */
  hash = 0x811c9dc5;
  limit: number;
  held = false;
  stoppedMs = Number.POSITIVE_INFINITY;
  abortedMs = Number.POSITIVE_INFINITY;
  /** Too much has failed. */
  mustHaveStopped = false;
  finished = 0;
  failure: { readonly cause: unknown } | undefined;
  late = 0;
  readonly #states: number[] = [];
  readonly #lanes: (number | undefined)[] = [];
  readonly #told: (boolean | undefined)[] = [];
  #busy = 0;
  #busyMax = 0;
  #pulled = 0;
  #notStarted = 0;
  #lastStarted = -1;
  #emitted = 0;
  #notOk = 0;
  readonly timers: LiveTimers;
  readonly #deadlinesMs: number[] = [];
  readonly #admittedMs: number[] = [];
  readonly #attempts: (Attempt<HttpRequest> | undefined)[] = [];
  readonly source: SourceLaws;
  readonly polite: PoliteInvariants | null;
  readonly #model: StartModel;
  /** How long the process stood still, in all: so much later may things end. */
  stalledMs = 0;
  /** Hosts and rates may hold up what a permit is free for. */
  readonly #mayHoldUp: boolean;

  constructor(clock: VirtualClock, watched: Watched) {
    this.#clock = clock;
    this.#watched = watched;
    this.timers = new LiveTimers(clock);
    this.limit = watched.limit;
    const { polite, timeoutMs, graceMs, order } = watched;
    const claim = this.claim.bind(this);
    this.source = new SourceLaws(claim, { isAsynchronous: watched.sourceSlack > 0 });
    const slackMs = (): number => graceMs + this.stalledMs;
    this.polite = polite && new PoliteInvariants(polite, { claim, timeoutMs, slackMs });
    this.#model = new StartModel(polite, order);
    this.#mayHoldUp = polite !== null;
  }

  get pulled(): number {
    return this.#pulled;
  }

  get #hasStopped(): boolean {
    return this.stoppedMs !== Number.POSITIVE_INFINITY;
  }

  get emitted(): number {
    return this.#emitted;
  }

  claim(holds: boolean, law: string, seen: () => string): void {
    if (holds || this.broken !== undefined) return;
    this.broken = `${law} at ${this.#clock.now()} ms: ${seen()}`;
  }

  note(...seen: readonly number[]): void {
    for (const one of seen) this.hash = Math.imul(this.hash ^ (one * 1000), 0x01000193);
  }

  /** The source's `next` is called. */
  sourceAsked(): void {
    this.claim(!this.held, 'back-pressure', () => 'the source is read while the sink is full');
    this.source.asked(this.limit, !this.#hasStopped);
  }

  sourceGave(request: HttpRequest | InvalidInput): void {
    const index = this.#pulled++;
    this.#states[index] = request instanceof InvalidInput ? FINAL : WAITING;
    if (!(request instanceof InvalidInput)) {
      this.#notStarted++;
      this.#model.read(index, request);
    }
    // Turned away and not told yet: an outcome that waits for its turn.
    const untold = this.#watched.order === 'input' ? orderWindow(this.limit) : 0;
    const ahead = Math.min(2 * this.source.limitWhenAsked, READ_AHEAD_MAX) + this.#watched.sourceSlack;
    const most = ahead + (this.#mayHoldUp ? HELD_MAX + untold : 0);
    this.claim(
      this.#notStarted <= most,
      'I10',
      () => `${this.#notStarted} read ahead with a limit of ${this.source.limitWhenAsked}`,
    );
  }

  watchExecutor(
    open: (onAttemptEnd: OnAttemptEnd) => Executor<HttpRequest>,
    onAttemptEnd: OnAttemptEnd,
  ): Executor<HttpRequest> {
    const inner = open(end => {
      this.#attemptEnds(end);
      onAttemptEnd(end);
    });
    return {
      start: attempt => {
        this.#attemptStarts(attempt);
        inner.start(attempt);
      },
      flush: () => inner.flush(),
      cancel: (lane: number, cause: EarlyEnd) => {
        this.note(5, lane);
        inner.cancel(lane, cause);
      },
      close: () => inner.close(),
    };
  }

  #attemptStarts(attempt: Attempt<HttpRequest>): void {
    const { index, lane, request, number, admittedMs, deadlineMs } = attempt;
    this.polite?.starts(attempt);
    const overtaken = this.#model.starts(attempt);
    const isAwake = this.#clock.nextMs() >= this.#clock.now(); // else it stood still, and is not through with waking
    this.claim(overtaken === undefined || !isAwake, 'I11', () => `${index} overtakes ${overtaken}`);
    this.#attempts[lane] = attempt;
    this.note(1, index, lane, admittedMs);
    this.claim(!this.#hasStopped, 'I15', () => `${index} starts after the end of starts`);
    this.claim(!this.held, 'back-pressure', () => `${index} starts while the sink is full`);
    this.claim(
      this.#busy < this.limit,
      'I01',
      () => `${index} starts with ${this.#busy} of ${this.limit} in flight`,
    );
    this.claim(this.#lanes[lane] === undefined, 'law 2', () => `lane ${lane} is taken`);
    for (let smaller = 0; smaller < lane; smaller++)
      this.claim(this.#lanes[smaller] !== undefined, 'lanes', () => `${lane} taken, ${smaller} free`);
    if (!this.#mayHoldUp)
      this.claim(index > this.#lastStarted, 'I04', () => `${index} starts after ${this.#lastStarted}`);
    this.claim(
      this.#states[index] === (number === 1 ? WAITING : RUNNING),
      'law 1',
      () => `${index} starts in state ${this.#states[index]}`,
    );
    this.claim(
      (number === 1 || this.#mayHoldUp) && admittedMs === this.#clock.now(),
      'attempt',
      () => `number ${number} at ${admittedMs}`,
    );
    const spanMs = request.timeoutMs ?? this.#watched.timeoutMs;
    if (number === 1) this.#deadlinesMs[index] = admittedMs + spanMs;
    this.claim(deadlineMs === this.#deadlinesMs[index], 'I35', () => `a deadline at ${deadlineMs}`);
    if (this.#watched.order === 'input') {
      const ahead = index - this.#emitted;
      this.claim(ahead < orderWindow(this.limit), 'I12', () => `${index} starts ${ahead} ahead`);
    }
    this.claim(this.finished === 0, 'I14', () => `${index} starts after the end`);
    this.#admittedMs[index] = admittedMs;
    this.#states[index] = RUNNING;
    this.#lastStarted = index;
    if (number === 1) this.#notStarted--;
    this.#lanes[lane] = index;
    this.#busy++;
    if (this.#busy > this.#busyMax) this.#busyMax = this.#busy;
  }

  #attemptEnds(end: AttemptEnd): void {
    const index = this.#lanes[end.lane];
    this.note(2, end.lane, end.endedMs, end.status ?? -1);
    this.claim(index !== undefined, 'law 1', () => `lane ${end.lane} ends twice`);
    this.#lanes[end.lane] = undefined;
    this.#busy--;
    const attempt = this.#attempts[end.lane];
    if (attempt) {
      this.polite?.ends(attempt, end);
      this.#model.ends(attempt, end);
    }
    if (index !== undefined && this.#states[index] === FINAL) this.late++;
    const problem = spanProblem(end, this.#clock.now());
    this.claim(problem === null, 'I38', () => problem ?? '');
  }

  settled(settled: Settled<HttpRequest>): void {
    const { index, outcome, endedMs, tries } = settled;
    this.polite?.settled(settled);
    this.#model.settled(index);
    this.note(3, index, endedMs, outcome.length, tries.length);
    if (this.#watched.order === 'input')
      this.claim(index === this.#emitted, 'I12', () => `${index} comes where ${this.#emitted} is due`);
    this.#emitted++;
    if (outcome !== 'ok') this.#notOk++;
    this.claim(this.#told[index] === undefined, 'I05', () => `${index} is settled twice`);
    this.#told[index] = true;
    if (this.#states[index] === WAITING) {
      this.#notStarted--;
      this.claim(
        outcome === 'cancelled' && tries.length === 0,
        'I05',
        () => `${index}, never started, is ${outcome}`,
      );
    }
    this.claim(this.finished === 0, 'I14', () => `${index} is settled after the end`);
    const problem = waitProblem(settled, this.#admittedMs[index] ?? 0, this.#clock.now());
    this.claim(problem === null, 'I38', () => problem ?? '');
    if (this.#states[index] === RUNNING && tries.length === 0) {
      const dueMs = Math.min(this.#deadlinesMs[index] ?? 0, this.abortedMs) + this.#watched.graceMs;
      this.claim(endedMs >= dueMs - NEAR_MS, 'I16', () => `${index} is settled by force before ${dueMs} ms`);
    }
    this.#states[index] = FINAL;
  }

  onFinished(failure: { readonly cause: unknown } | undefined): void {
    this.finished++;
    this.failure = failure;
    this.claim(this.finished === 1, 'I14', () => 'finished twice');
    const graceEndsMs = this.abortedMs + this.#watched.graceMs + this.stalledMs;
    this.claim(this.#clock.now() <= graceEndsMs + NEAR_MS, 'I16', () => `finished after ${graceEndsMs}`);
  }

  /** Nothing more happens at this instant: whatever may start has started. */
  instantEnds(statistics: EngineStatistics): void {
    const { waiting, read } = statistics;
    const seen = { busy: this.#busy, busyMax: this.#busyMax };
    for (const [holds, law, text] of instantClaims(statistics, seen)) this.claim(holds, law, () => text);
    this.claim(
      this.#hasStopped || !this.mustHaveStopped,
      'stop',
      () => 'too much has failed, and it goes on',
    );
    if (this.held || this.#hasStopped || this.#busy >= this.limit) return;
    const free = this.#model.free(this.#clock.now());
    if (
      free !== undefined &&
      this.#watched.order === 'input' &&
      free - this.#emitted >= orderWindow(this.limit)
    )
      return;
    const isRead = free !== undefined && free < read; // else its source is about to give it
    this.claim(!isRead, 'I03', () => `${free} waits, ${this.#busy} of ${this.limit} in flight`);
    if (this.#watched.sourceSlack > 0 || this.finished > 0) return;
    const isSoon = this.#clock.now() < 1000 * Math.max(1, (read - waiting) / HELD_MAX);
    const ahead = Math.min(2 * this.limit, READ_AHEAD_MAX, isSoon ? HELD_SOON : HELD_MAX);
    const room = this.#mayHoldUp ? ahead : 1;
    this.claim(
      this.source.isOver || waiting >= room,
      'I03',
      () => `the source has more, ${this.#busy} of ${this.limit} in flight`,
    );
  }

  /** The run is over and its executor closed. `sealed`: every attempt could be made to end. */
  runEnds(statistics: EngineStatistics, sealed: boolean): void {
    const { finished, late, emitted } = this;
    const isOrdered = this.#watched.order === 'input';
    const counts = { finished, late, emitted, notOk: this.#notOk };
    const seen = { ...counts, isOrdered, sealed, armed: this.timers.armed.runners };
    for (const [holds, law, text] of endClaims(statistics, seen)) this.claim(holds, law, () => text);
    this.engineIsQuiet();
    this.source.isLetGo();
  }

  /** Once the run has finished, no timer of the engine is left. */
  engineIsQuiet(): void {
    const { engine } = this.timers.armed;
    this.claim(
      this.finished === 0 || engine === 0,
      'I14',
      () => `${engine} timers of the engine are still armed`,
    );
  }
}
