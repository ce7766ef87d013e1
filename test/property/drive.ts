// Runs one scenario under watch, step by step, and says which law broke first, if any.
import type { Clock } from '../../src/base/clock.ts';
import { seededRandom } from '../../src/base/random.ts';
import {
  type FailureRules,
  SHARE_JUDGED_FROM,
  TooManyFailures,
} from '../../src/control/too-many-failures.ts';
import { Engine } from '../../src/engine/engine.ts';
import type { EngineOptions } from '../../src/engine/engine-options.ts';
import { politeEngine } from '../../src/engine/polite-plan.ts';
import type { Executor, OnAttemptEnd } from '../../src/engine/ports.ts';
import { openBatchSource, openSource, type Source } from '../../src/engine/source.ts';
import { stopEngine } from '../../src/engine/stop-plan.ts';
import type { HttpRequest } from '../../src/model/request.ts';
import { VirtualClock } from '../../src/simulation/virtual-clock.ts';
import { Invariants } from '../support/invariants.ts';
import { type AttemptsParts, openAttempts } from './attempts.ts';
import type { Action, Scenario } from './scenario.ts';
import { watchedSource } from './sources.ts';
import { add, Tally } from './tally.ts';

const CAUSE = { code: 'INTERRUPTED', message: 'the test says so' };
/** Far more steps of the clock than any run needs that comes to an end. */
const STEPS_MAX = 1_000_000;
const STEPS_MAX_PER_REQUEST = 1000;
const BATCH = 7;

/** A scenario in progress. */
export class Drive {
  readonly clock = new VirtualClock();
  readonly scenario: Scenario;
  readonly invariants: Invariants;
  readonly engine: Engine<HttpRequest>;
  readonly tally = new Tally();
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  makespanMs = 0;
  #executor: Executor<HttpRequest> | undefined;
  #steps = 0;
  #told = 0;
  #notOk = 0;

  constructor(scenario: Scenario) {
    this.scenario = scenario;
    const { limit, order, timeoutMs, graceMs, source, polite } = scenario;
    const asynchronous = source.startsWith('async') || source === 'blocked';
    const sourceSlack = asynchronous ? 1 : source === 'batches' ? BATCH : 0;
    this.invariants = new Invariants(this.clock, {
      ...{ limit, order, timeoutMs, graceMs },
      sourceSlack,
      polite,
    });
    const clock = this.invariants.timers.clockOf('engine');
    const runnersClock = this.invariants.timers.clockOf('runners');
    this.engine = new Engine<HttpRequest>(
      {
        ...{ clock, limit, order, timeoutMs, graceMs },
        ...(polite && politeEngine(polite, seededRandom(scenario.seed).split('polite run'))),
        ...this.#ends(),
        timeoutMsOf: request => request.timeoutMs,
        onSettled: settled => {
          this.invariants.settled(settled);
          this.ends.push(settled.index);
          this.makespanMs = Math.max(this.makespanMs, settled.endedMs);
          this.tally.settled(settled);
          this.#told++;
          if (settled.outcome !== 'ok') this.#notOk++;
          this.invariants.mustHaveStopped ||= this.#hasTooMany();
          this.#act(true, this.invariants.emitted);
        },
        onFinished: failure => this.invariants.onFinished(failure),
      },
      onReady => this.#openSource(onReady),
      onAttemptEnd =>
        this.invariants.watchExecutor(onEnd => this.#openExecutor(runnersClock, onEnd), onAttemptEnd),
    );
  }

  /** The run's own ends; the invariants hear of one when it comes. */
  #ends(): Partial<EngineOptions<HttpRequest>> {
    const { stop } = this.scenario;
    if (!stop) return {};
    const { maxDurationMs, failures } = stopEngine(stop);
    const rules = { failEarly: stop.failEarly, errorsMax: stop.maxErrors };
    const noted = new NotedFailures(rules, () => {
      const isCounted = this.scenario.order === 'input' || this.#hasTooMany();
      this.invariants.claim(isCounted, 'stop', () => `it ends after ${this.#notOk} of ${this.#told}`);
      this.#stopped('drain');
    });
    return { maxDurationMs: maxDurationMs ?? Number.POSITIVE_INFINITY, ...(failures && { failures: noted }) };
  }

  /** Counted a second time: when too many have failed, and not before, starts must have ended. */
  #hasTooMany(): boolean {
    const { failEarly = false, maxErrors = null } = this.scenario.stop ?? {};
    if (failEarly && this.#notOk > 0) return true;
    if (maxErrors === null) return false;
    if ('count' in maxErrors) return this.#notOk > maxErrors.count;
    return this.#told >= SHARE_JUDGED_FROM && this.#notOk * 100 > maxErrors.percent * this.#told;
  }

  #stopped(kind: 'drain' | 'abort'): void {
    const { invariants } = this;
    const nowMs = this.clock.now();
    invariants.stoppedMs = Math.min(invariants.stoppedMs, nowMs);
    if (kind === 'abort') invariants.abortedMs = Math.min(invariants.abortedMs, nowMs);
  }

  #openSource(onReady: () => void): Source<HttpRequest> {
    const watched = watchedSource(this.scenario, this.clock, this.invariants, BATCH);
    return 'batches' in watched
      ? openBatchSource(watched.batches, onReady)
      : openSource(watched.requests, onReady);
  }

  #openExecutor(runnersClock: Clock, onAttemptEnd: OnAttemptEnd): Executor<HttpRequest> {
    const { scenario, clock, invariants, tally } = this;
    const parts: AttemptsParts = {
      ...{ scenario, clock, runnersClock, invariants, tally },
      onStart: index => this.starts.push(index),
      onBroken: cause => {
        this.#stopped('abort');
        this.engine.abort(cause);
      },
    };
    this.#executor = openAttempts(parts, onAttemptEnd);
    return this.#executor;
  }

  start(): void {
    const maxDurationMs = this.scenario.stop?.maxDurationMs ?? Number.POSITIVE_INFINITY;
    if (maxDurationMs !== Number.POSITIVE_INFINITY) {
      // Asked for just ahead of the engine's own timer, which is made to follow at once.
      this.clock.schedule(maxDurationMs, () => {
        if (this.invariants.finished > 0) return;
        this.#stopped('abort');
        this.clock.step();
      });
    }
    this.engine.start();
  }

  /** One step of the clock, after what is to happen before it. False when the run is over or stuck. */
  step(): boolean {
    this.#act(false, this.#steps++);
    this.invariants.claim(
      this.#steps < STEPS_MAX + STEPS_MAX_PER_REQUEST * this.scenario.requests.length,
      'I68',
      () => 'the run goes on for ever',
    );
    this.invariants.engineIsQuiet();
    if (this.invariants.broken !== undefined) return false;
    if (this.clock.nextMs() > this.clock.now()) this.invariants.instantEnds(this.engine.statistics());
    return this.invariants.broken === undefined && this.clock.step();
  }

  /** Something is due, and no law is broken. */
  hasMore(): boolean {
    return this.invariants.broken === undefined && this.clock.nextMs() !== Number.POSITIVE_INFINITY;
  }

  /** Nothing is due. What holds the run up is taken away; false when it is over, or nothing helps. */
  heal(): boolean {
    if (this.invariants.broken !== undefined || this.invariants.finished > 0) return false;
    if (this.invariants.held) this.#do({ kind: 'release', at: 0, inSink: false, limit: 1 });
    else if (this.mayStick() && this.invariants.stoppedMs === Number.POSITIVE_INFINITY)
      this.#do({ kind: 'drain', at: 0, inSink: false, limit: 1 });
    else {
      this.invariants.claim(
        false,
        'I68',
        () => `the run is stuck: ${JSON.stringify(this.engine.statistics())}`,
      );
      return false;
    }
    return true;
  }

  /** Sockets and handlers that never end keep their permits; sources that block keep the run open. */
  mayStick(): boolean {
    return (
      this.tally.fired.has('deaf') || this.scenario.handler === 'never' || this.scenario.source === 'blocked'
    );
  }

  close(): Promise<void> | undefined {
    return this.#executor?.close();
  }

  /** After `close`. */
  end(): void {
    const sealed = !this.tally.fired.has('deaf') && this.scenario.handler !== 'never';
    this.invariants.runEnds(this.engine.statistics(), sealed);
  }

  abortNow(): void {
    this.#do({ kind: 'abort', at: 0, inSink: false, limit: 1 });
  }

  #act(inSink: boolean, at: number): void {
    for (const action of this.scenario.actions)
      if (action.inSink === inSink && action.at === at) this.#do(action);
  }

  #do({ kind, limit, inSink }: Action): void {
    const { invariants, engine } = this;
    if (kind === 'resize') {
      invariants.limit = limit;
      engine.change({ limit });
    } else if (kind === 'hold') {
      invariants.held = true;
      engine.hold();
    } else if (kind === 'release') {
      invariants.held = false;
      engine.release();
    } else if (kind === 'stall') {
      add(this.tally.faults, 'the process stands still');
      invariants.stalledMs += limit;
      this.clock.stall(limit);
    } else {
      this.#stopped(kind);
      if (kind === 'abort') engine.abort(CAUSE);
      else engine.drain(CAUSE);
      if (!inSink) invariants.source.isLetGo(); // inside the sink the source may be in the middle of a step
    }
  }
}

class NotedFailures extends TooManyFailures {
  readonly #onEnough: () => void;

  constructor(rules: FailureRules, onEnough: () => void) {
    super(rules);
    this.#onEnough = onEnough;
  }

  override add(isOk: boolean, index: number): string | null {
    const why = super.add(isOk, index);
    if (why !== null) this.#onEnough();
    return why;
  }
}

/** Runs a scenario of synchronous parts, at once. */
export function driveNow(scenario: Scenario): Drive {
  const drive = new Drive(scenario);
  drive.start();
  do while (drive.step());
  while (drive.heal());
  void drive.close();
  drive.end();
  return drive;
}

/** Runs any scenario, letting the promises of each instant run before the next. */
export async function drive(scenario: Scenario): Promise<Drive> {
  const running = new Drive(scenario);
  const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve));
  running.start();
  do {
    // Whatever was started, healed or done last may have asked the source, whose answer comes a turn later.
    do {
      await turn();
      while (running.step()) await turn();
      await turn();
    } while (running.hasMore());
  } while (running.heal());
  await turn();
  let closing = true;
  void running.close()?.then(() => {
    closing = false;
  });
  for (await turn(); closing && running.clock.step(); await turn()); // workers take their time to go
  running.end();
  return running;
}
