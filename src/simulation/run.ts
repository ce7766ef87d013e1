// A whole run on the virtual clock: the engine as it ships, the modelled server and network, and nothing
// that waits. Outcomes are handed on as they come, so a million requests take no more memory than what the
// caller keeps of them.

import { Engine } from '../engine/engine.ts';
import type { EngineOptions, EngineStatistics } from '../engine/engine-options.ts';
import { openSource } from '../engine/source.ts';
import { InProcessExecutor } from '../executors/in-process.ts';
import { ATTEMPT_LIMITS, type AttemptLimits } from '../model/plan.ts';
import type { HttpRequest, InvalidInput } from '../model/request.ts';
import type { Settled } from '../model/settled.ts';
import { type HandOverCosts, NO_COSTS, withHandOver } from './executor.ts';
import { ServerModel, type ServerModelPlan, type ServerModelStatistics } from './server-model.ts';
import { type NetworkPlan, SimulatedTransport } from './transport.ts';
import { VirtualClock } from './virtual-clock.ts';

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
  readonly server: ServerModelPlan;
  /** @default no round trip, no faults */
  readonly network?: NetworkPlan;
  /** Of threads and processes. @default none */
  readonly costs?: HandOverCosts;
}

export interface SimulationResult {
  /** When the last attempt ended, in ms of the run's clock. */
  readonly makespanMs: number;
  readonly engine: EngineStatistics;
  readonly server: ServerModelStatistics;
}

/** How long an attempt that was told to end may take to do so. */
const GRACE_MS = 1000;

/**
 * Runs the plan to its end, at once.
 * @param onSettled told of each outcome in the order of the plan
 * @throws what the iterable of requests throws, after the requests before it have ended
 */
export function simulate(
  plan: SimulationPlan,
  onSettled: (settled: Settled<HttpRequest>) => void,
): SimulationResult {
  const clock = new VirtualClock();
  const server = new ServerModel(clock, plan.server);
  const transport = new SimulatedTransport({ clock, server, network: plan.network ?? { rttMs: 0 } });
  let makespanMs = 0;
  let failed: { readonly cause: unknown } | undefined;
  const engine = new Engine<HttpRequest>(
    {
      clock,
      limit: plan.limit,
      order: plan.order ?? 'ended',
      timeoutMs: plan.timeoutMs ?? Number.POSITIVE_INFINITY,
      timeoutMsOf: request => request.timeoutMs,
      graceMs: GRACE_MS,
      onSettled: settled => {
        if (settled.endedMs > makespanMs) makespanMs = settled.endedMs;
        onSettled(settled);
      },
      onFinished: failure => {
        failed = failure;
      },
    },
    onReady => openSource(plan.requests, onReady),
    onAttemptEnd => {
      const runner = {
        clock,
        transport,
        plan: {
          limits: plan.limits ?? ATTEMPT_LIMITS,
          keepHeaders: false,
          keepBody: false,
          keepBodyBytesMax: 0,
        },
        handler: undefined,
        worker: undefined,
        clockOriginMs: 0,
      };
      return withHandOver(
        clock,
        plan.costs ?? NO_COSTS,
        onEnd => new InProcessExecutor({ ...runner, onAttemptEnd: onEnd }),
        onAttemptEnd,
      );
    },
  );
  engine.start();
  while (clock.step());
  if (failed) throw failed.cause;
  return { makespanMs, engine: engine.statistics(), server: server.statistics() };
}
