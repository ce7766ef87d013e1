// Makes a scenario that breaks a law smaller, as long as it breaks the same law: fewer requests, fewer interferences,
// fewer kinds of trouble. What is left is what somebody has to understand.
import { NO_COSTS } from '../../src/simulation/executor.ts';
import type { Scenario } from './scenario.ts';

/** The law that a scenario breaks, by its number; undefined where it holds them all. */
export type LawBroken = (scenario: Scenario) => Promise<string | undefined> | string | undefined;

/** Its number, at the head of what a checker says. */
export const lawIn = (broken: string | undefined): string | undefined => broken?.split(' ', 1)[0];

/** What a scenario can do without. */
const PLAINER: readonly Partial<Scenario>[] = [
  ...[{ polite: null }, { stop: null }, { wallSteps: null }, { workers: null }, { costs: NO_COSTS }],
  ...([{ handler: 'none' }, { source: 'array' }, { order: 'ended' }, { faultShare: 0 }] as const),
];

export async function shrink(scenario: Scenario, lawBroken: LawBroken): Promise<Scenario> {
  const law = await lawBroken(scenario);
  let smallest = scenario;
  const takes = async (part: Partial<Scenario>): Promise<boolean> => {
    const smaller = { ...smallest, ...part };
    if ((await lawBroken(smaller)) !== law) return false;
    smallest = smaller;
    return true;
  };
  for (let before: Scenario | undefined; before !== smallest; ) {
    before = smallest;
    for (const list of ['requests', 'actions', 'faultKinds'] as const)
      await fewer<unknown>(smallest[list], some => takes({ [list]: some }));
    for (const part of PLAINER) if (!isAlready(smallest, part)) await takes(part);
  }
  return smallest;
}

/** Leaves out runs of items, long ones first, while `takes` goes along. */
async function fewer<T>(items: readonly T[], takes: (some: readonly T[]) => Promise<boolean>): Promise<void> {
  let left = items;
  for (let size = left.length; size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < left.length; ) {
      const some = left.toSpliced(at, size);
      if (await takes(some)) left = some;
      else at += size;
    }
  }
}

function isAlready(scenario: Scenario, part: Partial<Scenario>): boolean {
  return Object.entries(part).every(([name, value]) => scenario[name as keyof Scenario] === value);
}

/** One line for people: what it is made of. */
export function describeScenario({ seed, requests, actions, faultKinds, limit, ...more }: Scenario): string {
  const kept = Object.entries(more).filter(([, value]) => value !== null && typeof value !== 'object');
  const rest = JSON.stringify({ limit, ...Object.fromEntries(kept) });
  const done = actions.map(({ kind, at, inSink }) => `${kind} at ${at}${inSink ? ' in the sink' : ''}`);
  const parts = (['polite', 'stop', 'wallSteps', 'workers'] as const).filter(name => more[name] !== null);
  return (
    `seed ${seed}, ${requests.length} requests, [${done.join(', ')}], faults: ${faultKinds.join(' ') || 'none'}, ` +
    `with ${parts.join(', ') || 'nothing else'}; ${rest}`
  );
}
