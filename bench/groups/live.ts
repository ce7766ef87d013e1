// What the live picture on a terminal costs: of a million requests, of a slower run of as many, and of a small one that
// takes ten minutes. Goal T7: a hundredth of a core.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { BenchResult, Goal } from '../report.ts';
import { spreadOf } from '../statistics.ts';
import { type BenchOptions, PROBES } from '../workspace.ts';

interface Cost {
  readonly runMs: number;
  readonly frames: number;
  readonly drawMs: number;
  readonly addMs: number;
}

/** Name, requests, of which so many end in a second, screen, keys pressed at the start. */
const RUNS: readonly (readonly [name: string, requests: number, perSecond: number, ...words: string[]])[] = [
  ['a million requests, 15 000/s, 80×24', 1_000_000, 15_000, '80x24'],
  ['a million requests, 15 000/s, 120×40', 1_000_000, 15_000, '120x40'],
  ['the same, its last second and the server', 1_000_000, 15_000, '120x40', 's+++++++'],
  ['a million requests, 2 000/s, 120×40', 1_000_000, 2000, '120x40'],
  ['1 500 requests, 2/s, 120×40', 1500, 2, '120x40'],
];

export function live({ rounds }: BenchOptions): Promise<BenchResult> {
  const goals = RUNS.flatMap(([name, requests, perSecond, ...words]) => {
    const costs = Array.from({ length: rounds }, () =>
      measure([String(requests), String(perSecond), ...words]),
    );
    return goalsOf(name, requests, costs);
  });
  return Promise.resolve({ tables: [], goals });
}

function measure(words: readonly string[]): Cost {
  const text = execFileSync(process.execPath, [join(PROBES, 'live.ts'), ...words], { encoding: 'utf8' });
  return JSON.parse(text) as Cost;
}

function goalsOf(name: string, requests: number, costs: readonly Cost[]): Goal[] {
  const median = (of: (cost: Cost) => number): number => spreadOf(costs.map(of)).median;
  const share = median(({ runMs, drawMs, addMs }) => ((drawMs + addMs) / runMs) * 100);
  const addedUs = median(({ addMs }) => (addMs * 1000) / requests);
  return [
    { what: `${name}: of a core`, value: share, unit: '%', atMost: 1 },
    { what: '  a frame', value: median(({ drawMs, frames }) => drawMs / frames), unit: 'ms' },
    { what: '  frames', value: median(({ runMs, frames }) => (frames / runMs) * 1000), unit: '/s' },
    // In a run of few it would be that of looking at the clock.
    ...(requests < 1_000_000 ? [] : [{ what: '  a request added', value: addedUs, unit: 'µs' }]),
  ];
}
