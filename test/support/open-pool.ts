// A pool of real workers, driven by hand.
import { fileURLToPath } from 'node:url';
import { openWorkers, type WorkersOptions } from '../../src/executors/open-workers.ts';
import { monotonicMs, systemClock } from '../../src/platform/system-clock.ts';
import { attemptPlan, DrivenExecutor, type PlanOptions } from './driven-executor.ts';

export type Place = WorkersOptions['place'];

/** A handler from test/executors/fixtures. */
export const fixture = (name: string) =>
  ({
    kind: 'module',
    path: fileURLToPath(new URL(`../executors/fixtures/${name}.ts`, import.meta.url)),
  }) as const;

/** Two workers, unless told otherwise. */
export async function openDrivenPool(
  place: Place,
  planOptions: PlanOptions = {},
  options: Partial<Omit<WorkersOptions, 'place' | 'plan'>> = {},
): Promise<DrivenExecutor> {
  const clockOriginMs = monotonicMs();
  const clock = systemClock(clockOriginMs);
  const plan = attemptPlan(planOptions);
  const pool = await openWorkers({ place, workers: 2, plan, clock, clockOriginMs, ...options });
  return new DrivenExecutor(clock, onAttemptEnd => pool.attach(onAttemptEnd));
}
