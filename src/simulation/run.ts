// A whole run on the virtual clock: the engine as it ships, the modelled server and network, and nothing
// that waits. Outcomes are handed on as they come, so a million requests take no more memory than what the
// caller keeps of them.

import { assert } from '../base/assert.ts';
import type { Shares } from '../base/busy-shares.ts';
import type { Clock } from '../base/clock.ts';
import { seededRandom } from '../base/random.ts';
import type { PaceFinder } from '../control/finder/pace-finder.ts';
import { Engine } from '../engine/engine.ts';
import type { EngineOptions, EngineStatistics } from '../engine/engine-options.ts';
import type { OpenAttempt } from '../engine/in-flight.ts';
import { GRACE_MS } from '../engine/plan.ts';
import { type PolitePlan, politeEngine } from '../engine/polite-plan.ts';
import type { Executor, OnAttemptEnd } from '../engine/ports.ts';
import { openSource } from '../engine/source.ts';
import { InProcessExecutor } from '../executors/in-process.ts';
import { ATTEMPT_LIMITS, type AttemptLimits } from '../model/plan.ts';
import type { HttpRequest, InvalidInput } from '../model/request.ts';
import type { Settled } from '../model/settled.ts';
import { type ClientCosts, NO_COSTS, withCosts } from './executor.ts';
import { ServerModel, type ServerModelPlan, type ServerModelStatistics } from './server-model.ts';
import { type NetworkPlan, SimulatedTransport } from './transport.ts';
import { VirtualClock } from './virtual-clock.ts';
import { WorkerLoads } from './worker-loads.ts';

export interface SimulationPlan {
  readonly requests: Iterable<HttpRequest | InvalidInput>;
  /** Attempts in flight at most; Infinity for no limit. */
  readonly limit: number;
  /** @default 'ended' */
  readonly order?: EngineOptions<HttpRequest>['order'];
  /** Span of a request, all its attempts; Infinity for none. @default Infinity */
  readonly timeoutMs?: number;
  /** @default as for a real run */
  readonly limits?: AttemptLimits;
  /** @default no rates, no retries, and a refusal pauses nobody */
  readonly polite?: PolitePlan;
  /** Finds how much the server bears; needs `polite`. @default nobody looks */
  readonly openFinder?: (origin: string) => PaceFinder;
  readonly server: ServerModelPlan;
  /** @default no round trip, no faults */
  readonly network?: NetworkPlan;
  /** What running attempts costs the client. @default nothing */
  readonly costs?: ClientCosts;
}

export interface SimulationResult {
  /** When the last attempt ended, in ms of the run's clock. */
  readonly makespanMs: number;
  readonly engine: EngineStatistics;
  readonly server: ServerModelStatistics;
}

export interface Simulation {
  /** Goes on by so many steps of the clock at most; false when the run has ended. */
  advance(steps: number): boolean;
  /** How it stands, or stood at its end. */
  result(): SimulationResult;
  /** At its end: how busy each worker was with CPU work, or this thread; none where that costs nothing. */
  loads(): Shares[];
  readonly clock: Clock;
  /** What is in flight now, by lane, up to so many. */
  lookIn(most: number): OpenAttempt[];
}

/**
 * Runs the plan to its end, at once.
 * @param onSettled told of each outcome in the order of the plan
 * @throws what the iterable of requests throws, after the requests before it have ended
 */
export function simulate(
  plan: SimulationPlan,
  onSettled: (settled: Settled<HttpRequest>) => void,
): SimulationResult {
  const simulation = openSimulation(plan, onSettled);
  while (simulation.advance(Number.POSITIVE_INFINITY));
  return simulation.result();
}

/** As `simulate`, piece by piece, for callers that have something else to do between two pieces. */
export function openSimulation(
  plan: SimulationPlan,
  onSettled: (settled: Settled<HttpRequest>) => void,
): Simulation {
  const clock = new VirtualClock();
  const server = new ServerModel(clock, plan.server);
  const costs = plan.costs ?? NO_COSTS;
  const loads = new WorkerLoads(costs.cpuMs > 0 ? (costs.workers ?? 1) : 0);
  let makespanMs = 0;
  let finished: { readonly failure: { readonly cause: unknown } | undefined } | undefined;
  const engine = new Engine<HttpRequest>(
    {
      clock,
      limit: plan.limit,
      order: plan.order ?? 'ended',
      timeoutMs: plan.timeoutMs ?? Number.POSITIVE_INFINITY,
      timeoutMsOf: request => request.timeoutMs,
      graceMs: GRACE_MS,
      ...(plan.polite && politeEngine(plan.polite, seededRandom(plan.server.seed), plan.openFinder)),
      onSettled: settled => {
        if (settled.endedMs > makespanMs) makespanMs = settled.endedMs;
        onSettled(settled);
      },
      onFinished: failure => {
        finished = { failure };
      },
    },
    onReady => openSource(plan.requests, onReady),
    onAttemptEnd => {
      const openInner = (onEnd: OnAttemptEnd) => openExecutor(plan, clock, server, onEnd);
      return withCosts({ clock, costs, loads }, openInner, onAttemptEnd);
    },
  );
  engine.start();
  return {
    advance: steps => {
      for (let left = steps; left > 0 && !finished; left--)
        assert(clock.step(), 'something is due while the run goes on');
      if (finished?.failure) throw finished.failure.cause;
      return !finished;
    },
    clock,
    lookIn: most => engine.lookIn(most),
    loads: () => loads.shares(makespanMs),
    result: () => ({ makespanMs, engine: engine.statistics(), server: server.statistics() }),
  };
}

/** The executor of this thread, over the modelled network. */
function openExecutor(
  plan: SimulationPlan,
  clock: VirtualClock,
  server: ServerModel,
  onAttemptEnd: OnAttemptEnd,
): Executor<HttpRequest> {
  const runner = {
    clock,
    transport: new SimulatedTransport({ clock, server, network: plan.network ?? { rttMs: 0 } }),
    plan: {
      limits: plan.limits ?? ATTEMPT_LIMITS,
      keepHeaders: false,
      keepLocation: false,
      keepBody: false,
      keepBodyBytesMax: 0,
    },
    handler: undefined,
    worker: undefined,
    clockOriginMs: 0,
    wallClock: () => clock.now(),
  };
  return new InProcessExecutor({ ...runner, onAttemptEnd });
}
