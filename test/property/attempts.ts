// What runs the attempts of a scenario: this thread, this thread with costs put around it, or workers.
import type { Clock } from '../../src/base/clock.ts';
import { seededRandom } from '../../src/base/random.ts';
import type { Handler } from '../../src/engine/handler.ts';
import type { Executor, OnAttemptEnd, Transport } from '../../src/engine/ports.ts';
import { InProcessExecutor } from '../../src/executors/in-process.ts';
import type { Attempt } from '../../src/model/attempt.ts';
import type { OutcomeError } from '../../src/model/outcome.ts';
import { type AttemptPlan, PLAIN_CONNECTION } from '../../src/model/plan.ts';
import type { HttpRequest } from '../../src/model/request.ts';
import { withCosts } from '../../src/simulation/executor.ts';
import { type FaultPlan, seededFaults } from '../../src/simulation/faults.ts';
import { ServerModel } from '../../src/simulation/server-model.ts';
import { SimulatedTransport } from '../../src/simulation/transport.ts';
import type { VirtualClock } from '../../src/simulation/virtual-clock.ts';
import { WorkerLoads } from '../../src/simulation/worker-loads.ts';
import type { Invariants } from '../support/invariants.ts';
import { WatchedTransport } from '../support/watched-transport.ts';
import type { Scenario } from './scenario.ts';
import type { Tally } from './tally.ts';
import { openTroubledWorkers } from './troubled-workers.ts';

export interface AttemptsParts {
  readonly scenario: Scenario;
  readonly clock: VirtualClock;
  /** The same clock, which counts the timers of whatever runs attempts. */
  readonly runnersClock: Clock;
  readonly invariants: Invariants;
  readonly tally: Tally;
  readonly onStart: (index: number) => void;
  /** Workers die faster than they may be replaced. */
  readonly onBroken: (cause: OutcomeError) => void;
}

export function openAttempts(parts: AttemptsParts, onAttemptEnd: OnAttemptEnd): Executor<HttpRequest> {
  const { scenario, clock, runnersClock, tally, onBroken } = parts;
  const server = new ServerModel(clock, scenario.server);
  const { rttMs, closeMs } = scenario;
  const faults = countedFaults(scenario, tally);
  const openTransport = (): Transport =>
    new SimulatedTransport({ clock, server, network: { rttMs, closeMs, faults } });
  const attemptPlan = planOf(scenario);
  const here = (worker: number | undefined, ownClock: Clock, onEnd: OnAttemptEnd): Executor<HttpRequest> =>
    watchedExecutor(parts, { worker, clock: ownClock, transport: openTransport(), onAttemptEnd: onEnd });
  if (scenario.workers) {
    const { workers, seed, graceMs } = scenario;
    const random = seededRandom(seed).split('workers live');
    const ground = { clock: runnersClock, wire: clock, random, tally, onBroken, openExecutor: here };
    return openTroubledWorkers({ ...workers, plan: attemptPlan, graceMs: graceMs / 2 }, ground, onAttemptEnd);
  }
  const openHere = (onEnd: OnAttemptEnd): Executor<HttpRequest> => here(undefined, runnersClock, onEnd);
  const costs = { clock, costs: scenario.costs, loads: new WorkerLoads(0) };
  return withCosts(costs, openHere, onAttemptEnd);
}

function planOf({ limits }: Scenario): AttemptPlan {
  return {
    ...{ limits, handler: null, connection: PLAIN_CONNECTION },
    ...{ keepHeaders: false, keepLocation: false, keepBody: false, keepBodyBytesMax: 0 },
  };
}

/** The exchanges of all transports are counted together, so that each fault comes once. */
function countedFaults(
  { seed, faultShare: share, faultKinds: kinds, faultMsMax: msMax }: Scenario,
  tally: Tally,
): FaultPlan {
  const drawn = seededFaults(seededRandom(seed).split('faults'), { share, kinds, msMax });
  let exchanges = 0;
  return () => {
    const fault = drawn(exchanges++);
    if (fault) tally.fault(fault);
    return fault;
  };
}

interface Place {
  readonly worker: number | undefined;
  readonly clock: Clock;
  readonly transport: Transport;
  readonly onAttemptEnd: OnAttemptEnd;
}

/** Attempts under watch in one place. */
function watchedExecutor(parts: AttemptsParts, place: Place): Executor<HttpRequest> {
  const { scenario, clock, invariants } = parts;
  const transport = new WatchedTransport(invariants, clock, place.transport);
  const attempts: Attempt<HttpRequest>[] = [];
  /** By lane: its place among the lanes of the transport, which are opened as they are first used. */
  const places: number[] = [];
  const executor = new InProcessExecutor({
    ...{ clock: place.clock, transport, plan: planOf(scenario), worker: place.worker, clockOriginMs: 0 },
    handler: handlerOf(scenario, clock),
    wallClock: () => clock.now() + wallStepMs(scenario, clock.now()),
    onAttemptEnd: end => {
      const lane = transport.lanes[places[end.lane] ?? -1];
      const deadlineMs = attempts[end.lane]?.deadlineMs ?? Number.NaN;
      const neverSent = end.startedMs >= deadlineMs; // it began after its time: nothing to judge on the wire
      const isOver = end.error?.code === 'ABORTED'; // its worker is dead, and so are its deadlines
      if (lane && !neverSent && !isOver) transport.judge(lane, end, scenario.limits, deadlineMs);
      place.onAttemptEnd(end);
    },
  });
  return {
    start: attempt => {
      attempts[attempt.lane] = attempt;
      places[attempt.lane] ??= transport.lanes.length;
      parts.onStart(attempt.index);
      executor.start(attempt);
    },
    flush: () => executor.flush(),
    cancel: (lane, cause) => executor.cancel(lane, cause),
    close: () => executor.close(),
  };
}

/** The wall clock is set, to and fro. */
function wallStepMs({ wallSteps }: Scenario, nowMs: number): number {
  return wallSteps && Math.floor(nowMs / wallSteps.everyMs) % 2 === 1 ? wallSteps.byMs : 0;
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
