// How much arithmetic a core of this machine does in a given time.
import type { Clock } from '../../base/clock.ts';
import { burn } from './burn-cpu.ts';

const TRIAL_STEPS = 4_000_000;
const TRIALS = 5;

/** Steps of `burn` that take about `spanMs` on an idle core. The fastest trial counts: the others were disturbed. */
export function stepsFor(spanMs: number, clock: Clock): number {
  let fastestMs = Number.POSITIVE_INFINITY;
  for (let trial = 0; trial < TRIALS; trial++) {
    const startedMs = clock.now();
    burn(TRIAL_STEPS);
    fastestMs = Math.min(fastestMs, clock.now() - startedMs);
  }
  return Math.max(1, Math.round((TRIAL_STEPS * spanMs) / fastestMs));
}
