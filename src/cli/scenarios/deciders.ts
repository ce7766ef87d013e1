// Whom `-c` names to choose the pace in a scenario.
import { openPaceFinder } from '../../control/finder/open-pace-finder.ts';
import { fixedDecider, type OpenDecider, oracleDecider } from '../../simulation/scenario/deciders.ts';
import type { FlagValues } from '../flags/command-line.ts';
import { CONCURRENCY_MAX } from '../flags/polite-table.ts';

export interface NamedDecider {
  readonly name: string;
  readonly open: OpenDecider;
}

export function deciderOf({ concurrency = 'auto' }: Pick<FlagValues, 'concurrency'>): NamedDecider {
  if (concurrency === 'auto')
    return { name: 'auto', open: () => openPaceFinder({ maxLimit: CONCURRENCY_MAX }) };
  if (concurrency === 'oracle') return { name: 'oracle', open: oracleDecider };
  const name = concurrency === Number.POSITIVE_INFINITY ? 'unlimited' : `fixed ${concurrency}`;
  return { name, open: fixedDecider(concurrency) };
}
