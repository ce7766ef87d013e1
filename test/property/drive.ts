// Runs one scenario under watch, step by step, and says which law broke first, if any.
import type { Clock } from '../../src/base/clock.ts';
import { seededRandom } from '../../src/base/random.ts';
import { type FailureRules, TooManyFailures } from '../../src/control/too-many-failures.ts';
import { Engine } from '../../src/engine/engine.ts';
import type { EngineOptions } from '../../src/engine/engine-options.ts';
import type { Handler } from '../../src/engine/handler.ts';
import { politeEngine } from '../../src/engine/polite-plan.ts';
import type { Executor, OnAttemptEnd } from '../../src/engine/ports.ts';
import { openBatchSource, openSource, type Source } from '../../src/engine/source.ts';
import { stopEngine } from '../../src/engine/stop-plan.ts';
import { InProcessExecutor } from '../../src/executors/in-process.ts';
import type { Attempt } from '../../src/model/attempt.ts';
import type { HttpRequest } from '../../src/model/request.ts';
import { withCosts } from '../../src/simulation/executor.ts';
import { seededFaults } from '../../src/simulation/faults.ts';
import { ServerModel } from '../../src/simulation/server-model.ts';
import { SimulatedTransport } from '../../src/simulation/transport.ts';
import { VirtualClock } from '../../src/simulation/virtual-clock.ts';
import { Invariants } from '../support/invariants.ts';
import { WatchedTransport } from '../support/watched-transport.ts';
import type { Action, Scenario } from './scenario.ts';
import { watchedSource } from './sources.ts';
import { Tally } from './tally.ts';

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
    const clock = this.invariants.watchClock('engine');
    const runnersClock = this.invariants.watchClock('runners');
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
    const noted = new NotedFailures(rules, () => this.#stopped('drain'));
    return { maxDurationMs: maxDurationMs ?? Number.POSITIVE_INFINITY, ...(failures && { failures: noted }) };
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

  #openExecutor(clock: Clock, onAttemptEnd: OnAttemptEnd): Executor<HttpRequest> {
    const { scenario } = this;
    const plan = {
      limits: scenario.limits,
      keepHeaders: false,
      keepLocation: false,
      keepBody: false,
      keepBodyBytesMax: 0,
    };
    const { faultShare: share, faultKinds: kinds, faultMsMax: msMax, rttMs, closeMs } = scenario;
    const drawn = seededFaults(seededRandom(scenario.seed).split('faults'), { share, kinds, msMax });
    const faults: typeof drawn = exchange => {
      const fault = drawn(exchange);
      if (fault) this.tally.fault(fault);
      return fault;
    };
    const server = new ServerModel(this.clock, scenario.server);
    const inner = new SimulatedTransport({ clock: this.clock, server, network: { rttMs, closeMs, faults } });
    const transport = new WatchedTransport(this.invariants, this.clock, inner);
    const attempts: Attempt<HttpRequest>[] = [];
    const openInner = (onEnd: OnAttemptEnd): Executor<HttpRequest> => {
      const executor = new InProcessExecutor({
        ...{
          clock,
          transport,
          plan,
          handler: handlerOf(scenario, this.clock),
          worker: undefined,
          clockOriginMs: 0,
          wallClock: () => this.clock.now(),
        },
        onAttemptEnd: end => {
          const lane = transport.lanes[end.lane];
          const deadlineMs = attempts[end.lane]?.deadlineMs ?? Number.NaN;
          const neverSent = end.startedMs >= deadlineMs; // it began after its time: nothing to judge on the wire
          if (lane && !neverSent) transport.judge(lane, end, scenario.limits, deadlineMs);
          onEnd(end);
        },
      });
      return {
        start: attempt => {
          attempts[attempt.lane] = attempt;
          this.starts.push(attempt.index);
          executor.start(attempt);
        },
        flush: () => executor.flush(),
        cancel: (lane, cause) => executor.cancel(lane, cause),
        close: () => executor.close(),
      };
    };
    this.#executor = withCosts(this.clock, scenario.costs, openInner, onAttemptEnd);
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

  end(): Promise<void> | undefined {
    const closed = this.#executor?.close();
    const sealed = !this.tally.fired.has('deaf') && this.scenario.handler !== 'never';
    this.invariants.runEnds(this.engine.statistics(), sealed);
    return closed;
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
    } else {
      this.#stopped(kind);
      if (kind === 'abort') engine.abort(CAUSE);
      else engine.drain(CAUSE);
      if (!inSink) invariants.sourceIsLetGo(); // inside the sink the source may be in the middle of a step
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

function handlerOf({ handler }: Scenario, clock: Clock): Handler | undefined {
  switch (handler) {
    case 'none':
      return undefined;
    case 'value':
      return response => response.body.byteLength;
    case 'throws':
      return (_, { index }) => {
        if (index % 3 === 0) throw index % 2 === 0 ? null : new Error('no');
        return index;
      };
    case 'slow':
      return () => new Promise(resolve => clock.schedule(clock.now() + 10, () => resolve(1)));
    case 'never':
      return (_, { index }) => (index % 5 === 0 ? new Promise(() => undefined) : index);
  }
}

/** Runs a scenario of synchronous parts, at once. */
export function driveNow(scenario: Scenario): Drive {
  const drive = new Drive(scenario);
  drive.start();
  do while (drive.step());
  while (drive.heal());
  drive.end();
  return drive;
}

/** Runs any scenario, letting the promises of each instant run before the next. */
export async function drive(scenario: Scenario): Promise<Drive> {
  const running = new Drive(scenario);
  const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve));
  running.start();
  do {
    await turn(); // what was started or healed may read from its source
    while (running.step()) await turn();
  } while (running.heal());
  await turn();
  await running.end();
  return running;
}
