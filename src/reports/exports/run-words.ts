// What is said of a run where a report of several has to tell them apart.
import { formatCount } from '../../base/units.ts';
import type { RunHeader } from '../../model/record.ts';
import { cut } from './attempt-facts.ts';

const TEXT_CHARS_MAX = 200;

/** `run.ndjson` · `semaphore` · `limit 3` · `started 2026-11-23T00:00:00Z` · `seed 7`, each a text of its own. */
export function runWords(run: RunHeader, name: string): string[] {
  const { strategy, concurrency, findsPace, workers, started, seed, simulated } = run;
  return [
    cut(name, TEXT_CHARS_MAX),
    cut(strategy, TEXT_CHARS_MAX),
    findsPace ? 'limit found' : concurrency === null ? 'no limit' : `limit ${formatCount(concurrency)}`,
    ...(workers === undefined ? [] : [`${formatCount(workers)} workers`]),
    ...(simulated ? ['simulated'] : []),
    `started ${cut(started, TEXT_CHARS_MAX)}`,
    `seed ${seed}`,
  ];
}
