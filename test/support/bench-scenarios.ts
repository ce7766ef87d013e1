// The forty scenarios that the bench has, and one to change.
import { readFileSync } from 'node:fs';
import { readScenarios } from '../../src/simulation/scenario/read.ts';
import type { Scenario } from '../../src/simulation/scenario/scenario.ts';

const FILE = new URL('../../bench/pace/scenarios.json', import.meta.url);

export function benchScenarios(): Scenario[] {
  return readScenarios(readFileSync(FILE, 'utf8'), 'scenarios.json');
}

/** @throws when there is none of that name */
export function benchScenario(id: string): Scenario {
  const found = benchScenarios().find(scenario => scenario.id === id);
  if (!found) throw new Error(`no scenario ${id}`);
  return found;
}

/** Three workers of one second, with what is given in its place. */
export const scenarioWith = (fields: object): Scenario => {
  const base = {
    ...{ id: 'one', n: 30, server: { workers: 3 }, service: { dist: 'det', mean: 1 } },
    net: { rtt: 0, jitter: 0 },
  };
  const [read] = readScenarios(JSON.stringify({ ...base, ...fields }), 'test');
  if (!read) throw new Error('nothing was read');
  return read;
};
