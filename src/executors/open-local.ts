// Attempts over real HTTP in whatever thread or process this is called in: the parent's own, a worker
// thread or a child process. What a worker runs is what the parent would run.
import type { Clock } from '../base/clock.ts';
import type { Handler } from '../engine/handler.ts';
import type { Executor, OnAttemptEnd } from '../engine/ports.ts';
import type { AttemptPlan } from '../model/plan.ts';
import type { HttpRequest } from '../model/request.ts';
import { epochMs } from '../platform/wall-clock.ts';
import { openHttpTransport } from '../transports/http.ts';
import { InProcessExecutor } from './in-process.ts';

export interface LocalOptions {
  readonly plan: AttemptPlan;
  /** The plan's handler, loaded; undefined where it has none. */
  readonly handler: Handler | undefined;
  readonly clock: Clock;
  /** The machine's monotonic clock at the run's zero. */
  readonly clockOriginMs: number;
  /** Number of this thread or process among the workers; undefined in the parent. */
  readonly worker: number | undefined;
  readonly onAttemptEnd: OnAttemptEnd;
}

export function openLocalExecutor({ plan, ...options }: LocalOptions): Executor<HttpRequest> {
  const transport = openHttpTransport({
    connection: plan.connection,
    limits: plan.limits,
    clock: options.clock,
  });
  return new InProcessExecutor({ ...options, plan, transport, wallClock: epochMs });
}
