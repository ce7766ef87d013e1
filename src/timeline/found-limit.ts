// The limit that was found during a run, over time: a step for each change, of several origins their sum.
import type { OriginPace } from '../model/record.ts';

export interface LimitStep {
  readonly fromMs: number;
  /** Attempts in flight at most, from then on. */
  readonly limit: number;
}

/** Changes close upon each other are many in a long run: so many steps can be told apart. */
const STEPS_MAX = 400;

/** In the order of time; none where no pace was looked for. Of more than can be told apart every n-th is left. */
export function limitSteps(pace: readonly Pick<OriginPace, 'changes'>[]): LimitStep[] {
  const changes = pace
    .flatMap(({ changes }, origin) => changes.map(([fromMs, limit]) => ({ fromMs, limit, origin })))
    .sort((a, b) => a.fromMs - b.fromMs);
  const limits = new Map<number, number>();
  const steps: LimitStep[] = [];
  let sum = 0;
  for (const { fromMs, limit, origin } of changes) {
    sum += limit - (limits.get(origin) ?? 0);
    limits.set(origin, limit);
    const last = steps.at(-1);
    if (last?.fromMs === fromMs) steps.pop();
    if (steps.at(-1)?.limit !== sum) steps.push({ fromMs, limit: sum });
  }
  const every = Math.ceil(steps.length / STEPS_MAX);
  return every <= 1 ? steps : steps.filter((_, i) => i % every === 0 || i === steps.length - 1);
}
