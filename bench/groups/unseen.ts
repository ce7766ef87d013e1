// As `pace`, on scenarios that nobody has tuned for: drawn from seeds, of the same families as the forty.
import { openPaceFinder } from '../../src/control/finder/open-pace-finder.ts';
import { aggregate } from '../../src/simulation/scenario/aggregate.ts';
import { fixedDecider, type OpenDecider } from '../../src/simulation/scenario/deciders.ts';
import { readScenarios } from '../../src/simulation/scenario/read.ts';
import { Scorer } from '../../src/simulation/scenario/score.ts';
import { generatedScenarios } from '../pace/generated.ts';
import { goodput } from '../pace/goodput.ts';
import { asFinder } from '../pace/limiter.ts';
import { type BenchResult, columns } from '../report.ts';
import { AGGREGATE_HEAD, aggregateRow, familyRows, paceGoals } from './pace.ts';

/** Sets of forty, by the seed that they follow from. */
const SETS = [601, 602, 603, 604, 605, 606, 607, 608, 609, 610];
/** Each set has runs of its own: with one seed, all servers of one law would draw the same luck. */
const RUNS = 3;
const seedsOf = (set: number): number[] => Array.from({ length: RUNS }, (_, run) => RUNS * set + run);
const LIMIT_MAX = 65_535;

const CONTESTANTS: Readonly<Record<string, OpenDecider>> = {
  paceline: () => openPaceFinder({ maxLimit: LIMIT_MAX }),
  goodput: () => asFinder(goodput()),
  'fixed 10': fixedDecider(10),
};

export async function unseen(): Promise<BenchResult> {
  const sets = SETS.map(seed =>
    readScenarios(JSON.stringify(generatedScenarios(seed)), `generated from ${seed}`),
  );
  // An oracle is remembered by its scenario's name, and each set has the same ones.
  const scorers = sets.map(() => new Scorer());
  const scores = Object.entries(CONTESTANTS).map(([name, open]) => {
    process.stderr.write(`${name} `);
    const scoresOf = (set: number) => {
      const scorer = scorers[set] as Scorer;
      const seeds = seedsOf(SETS[set] as number);
      return (sets[set] ?? []).map(scenario => scorer.score(scenario, open, seeds));
    };
    return { name, scores: sets.flatMap((_, set) => scoresOf(set)) };
  });
  process.stderr.write('\n');
  const rows = scores.map(one => aggregateRow(one.name, aggregate(one.scores)));
  const [first, last] = [SETS[0], SETS.at(-1)];
  const ours = scores.find(({ name }) => name === 'paceline')?.scores ?? [];
  return {
    tables: [],
    texts: [
      `${sets.flat().length} scenarios, drawn from ${first} to ${last}, ${RUNS} runs each\n` +
        columns([AGGREGATE_HEAD, ...rows]),
      `mean penalty by family\n${columns(familyRows(scores))}`,
    ],
    goals: paceGoals(ours, { penalty: 0.06, strictShare: 0.5 }),
  };
}
