// What it is worth to begin with what an earlier run found: each scenario twice on the virtual clock, the second time
// with the first run's finding and without it, at the same server and at one that has changed since.
//
//   node bench/pace/reuse.ts
import { readFileSync } from 'node:fs';
import type { FoundBefore } from '../../src/control/finder/found-before.ts';
import { openPaceFinder } from '../../src/control/finder/open-pace-finder.ts';
import type { Finding } from '../../src/control/finder/pace-finder.ts';
import { readScenarios } from '../../src/simulation/scenario/read.ts';
import { runScenario, type ScenarioRun } from '../../src/simulation/scenario/run.ts';
import type { Scenario } from '../../src/simulation/scenario/scenario.ts';

const SEEDS = [1, 2, 3, 4, 5];
const MAX = 1000;
const FILE = new URL('scenarios.json', import.meta.url);

interface Sums {
  runs: number;
  time: number;
  queueMean: number;
  queueMost: number;
  refused: number;
  worst: number;
}

const scenarios = readScenarios(readFileSync(FILE, 'utf8'), 'scenarios.json');
console.log('of the second run, with the finding against without it; 1.00 is the same');
console.log(`${'server since'.padEnd(22)} runs   time  worst  mean queue  longest queue  429s and 503s`);
for (const [name, change] of [
  ['as it was', 1],
  ['half the workers', 0.5],
  ['a quarter', 0.25],
  ['twice the workers', 2],
  ['four times', 4],
] as const) {
  const before = emptySums();
  const without = emptySums();
  for (const scenario of scenarios) {
    for (const seed of SEEDS) {
      const found = startOf(run(scenario, seed).finding);
      if (found === null) continue;
      const changed = { ...scenario, server: { ...scenario.server, workers: scaled(scenario, change) } };
      const plain = run(changed, seed + 100);
      const begun = run(changed, seed + 100, found);
      add(without, plain, 1);
      add(before, begun, begun.makespanMs / plain.makespanMs);
    }
  }
  const ratio = (key: 'queueMean' | 'queueMost' | 'time'): string => (before[key] / without[key]).toFixed(2);
  console.log(
    `${name.padEnd(22)} ${String(before.runs).padStart(4)}   ${ratio('time')}   ${before.worst.toFixed(2)}` +
      `        ${ratio('queueMean')}           ${ratio('queueMost')}  ${without.refused} → ${before.refused}`,
  );
}

function run(scenario: Scenario, seed: number, before?: FoundBefore): ScenarioRun {
  return runScenario(scenario, seed, () => openPaceFinder({ maxLimit: MAX, ...(before && { before }) }));
}

/** As a record would say it. */
function startOf({ mode, limit, capacity, ratePerSecond, quota }: Finding): FoundBefore | null {
  if (mode === 'starting') return null;
  return {
    ...{ mode, limit },
    ...(capacity !== null && { capacity }),
    ...(ratePerSecond !== null && { ratePerSecond }),
    ...(quota !== undefined && { quota }),
  };
}

function scaled({ server }: Scenario, by: number): Scenario['server']['workers'] {
  return server.workers.map(step => ({ ...step, workers: Math.max(1, Math.round(step.workers * by)) }));
}

function add(sums: Sums, { queueMean, queueMost, counts }: ScenarioRun, ratio: number): void {
  sums.runs++;
  sums.time += ratio;
  sums.worst = Math.max(sums.worst, ratio);
  sums.queueMean += queueMean;
  sums.queueMost += queueMost;
  sums.refused += counts.throttled + counts.refused;
}

function emptySums(): Sums {
  return { runs: 0, time: 0, queueMean: 0, queueMost: 0, refused: 0, worst: 0 };
}
