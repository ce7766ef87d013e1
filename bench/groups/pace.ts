// How well the pace is found: the finder that ships against published limiters, in forty scenarios (docs/SCENARIOS.md).
// No round is needed: everything follows from the seeds. What the finder costs is measured beside it.
import { readFileSync } from 'node:fs';
import { cpuUsage } from 'node:process';
import { openPaceFinder } from '../../src/control/finder/open-pace-finder.ts';
import { type Aggregate, aggregate } from '../../src/simulation/scenario/aggregate.ts';
import { fixedDecider, type OpenDecider, oracleDecider } from '../../src/simulation/scenario/deciders.ts';
import { readScenarios } from '../../src/simulation/scenario/read.ts';
import { runScenario } from '../../src/simulation/scenario/run.ts';
import type { Scenario } from '../../src/simulation/scenario/scenario.ts';
import { type ScenarioScore, Scorer } from '../../src/simulation/scenario/score.ts';
import { aimd } from '../pace/aimd.ts';
import { goodput } from '../pace/goodput.ts';
import { gradient2 } from '../pace/gradient2.ts';
import { asFinder } from '../pace/limiter.ts';
import { vegas } from '../pace/vegas.ts';
import { type BenchResult, columns, type Goal } from '../report.ts';
import type { BenchOptions } from '../workspace.ts';

const FILE = new URL('../pace/scenarios.json', import.meta.url);
const SEEDS = [1, 2, 3, 4, 5];
const LIMIT_MAX = 65_535;
const OURS: OpenDecider = () => openPaceFinder({ maxLimit: LIMIT_MAX });

export const AGGREGATE_HEAD: string[] = [
  ...['', 'penalty', 'makespan ×', 'queue / L*', 'refused', 'strict', 'ramped', 'settled after'],
];

const CONTESTANTS: Readonly<Record<string, OpenDecider>> = {
  paceline: OURS,
  goodput: () => asFinder(goodput()),
  vegas: ({ seed }) => asFinder(vegas(seed)),
  gradient2: () => asFinder(gradient2()),
  aimd: () => asFinder(aimd()),
  'fixed 10': fixedDecider(10),
  unlimited: fixedDecider(Number.POSITIVE_INFINITY),
  oracle: oracleDecider,
};

export async function pace({ rounds }: BenchOptions): Promise<BenchResult> {
  const scenarios = readScenarios(readFileSync(FILE, 'utf8'), 'scenarios.json');
  const scorer = new Scorer();
  const scores = Object.entries(CONTESTANTS).map(([name, open]) => {
    process.stderr.write(`${name} `);
    return { name, scores: scenarios.map(scenario => scorer.score(scenario, open, SEEDS)) };
  });
  process.stderr.write('\n');
  const rows = scores.map(one => aggregateRow(one.name, aggregate(one.scores)));
  const ours = scores.find(({ name }) => name === 'paceline')?.scores ?? [];
  return {
    tables: [],
    texts: [
      `${scenarios.length} scenarios, ${SEEDS.length} seeds each\n${columns([AGGREGATE_HEAD, ...rows])}`,
      `mean penalty by family\n${columns(familyRows(scores))}`,
    ],
    goals: [...paceGoals(ours, { penalty: 0.04, strictShare: 0.75 }), costOf(scenarios, rounds)],
  };
}

export function aggregateRow(name: string, total: Aggregate): string[] {
  const { settledAfterShare } = total;
  return [
    name,
    total.penalty.toFixed(3),
    total.makespanRatio.toFixed(3),
    total.excessQueueShare.toFixed(2),
    `${(100 * total.refusedShare).toFixed(1)} %`,
    `${total.meetStrict}/${total.scenarios}`,
    `${total.meetRamped}/${total.scenarios}`,
    settledAfterShare === null ? '' : `${(100 * settledAfterShare).toFixed(0)} %`,
  ];
}

export function familyRows(all: readonly { name: string; scores: readonly ScenarioScore[] }[]): string[][] {
  const families = [...new Set((all[0]?.scores ?? []).map(({ family }) => family))];
  const rows = all.map(({ name, scores }) => [
    name,
    ...families.map(family => aggregate(scores.filter(one => one.family === family)).penalty.toFixed(3)),
  ]);
  return [['', ...families], ...rows];
}

/** What the finder is meant to reach, on scenarios that it may have been tuned on and on others. */
export function paceGoals(
  scores: readonly ScenarioScore[],
  { penalty, strictShare }: { readonly penalty: number; readonly strictShare: number },
): Goal[] {
  const total = aggregate(scores);
  const runs = scores.flatMap(score => score.runs);
  const steady = scores
    .filter(({ family }) => family === 'steady')
    .flatMap(({ runs: own, level }) =>
      own.map(({ excessQueue }) => excessQueue <= Math.max(1.5, 0.15 * level)),
    );
  const share = (list: readonly boolean[]): number => (100 * list.filter(Boolean).length) / list.length;
  return [
    { what: 'mean penalty', value: total.penalty, unit: '', atMost: penalty },
    {
      what: 'scenarios that meet the strict goal',
      value: total.meetStrict,
      unit: `of ${total.scenarios}`,
      atLeast: Math.round(strictShare * total.scenarios),
    },
    {
      what: 'runs that take at most 1.05 × the ramped oracle',
      value: share(runs.map(({ ramped }) => ramped <= 1.05)),
      unit: '%',
      atLeast: 95,
    },
    {
      what: 'the slowest of them',
      value: Math.max(...runs.map(({ ramped }) => ramped)),
      unit: '×',
      atMost: 1.25,
    },
    {
      what: 'steady runs with a queue of at most max(1.5, 0.15 L*)',
      value: share(steady),
      unit: '%',
      atLeast: 90,
    },
    { what: 'refused or timed out', value: 100 * total.refusedShare, unit: '%', atMost: 0.5 },
  ];
}

/** CPU of a run with the finder less that of one with a fixed limit, for each request; the median of the rounds. */
function costOf(scenarios: readonly Scenario[], rounds: number): Goal {
  const scenario = scenarios.find(({ id }) => id === 'fast-w8-5ms') as Scenario;
  const microsOf = (open: OpenDecider): number => {
    const before = cpuUsage();
    runScenario(scenario, 1, open);
    const { user, system } = cpuUsage(before);
    return (user + system) / scenario.requests;
  };
  const costs: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const cost = microsOf(OURS) - microsOf(fixedDecider(10));
    if (round > 0) costs.push(cost);
  }
  costs.sort((a, b) => a - b);
  const value = Math.max(0, costs[Math.floor(costs.length / 2)] ?? 0);
  return { what: 'CPU of the finder for each request', value, unit: 'µs', atMost: 5 };
}
