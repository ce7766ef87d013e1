// Runs of every size and kind that a picture has to stand.
import { loopsOf, summaryWith } from './loops.ts';
import { aSettled, aTry, scene } from './record-lines.ts';
import { troubles } from './scenes.ts';
import type { TestRun } from './svg.ts';

const SEMAPHORE = { strategy: 'semaphore', concurrency: 3 } as const;
export const RUNS: Readonly<Record<string, () => TestRun[]>> = {
  'one request': () => [{ settled: scene({ requests: 1 }) }],
  'nine on three': () => [{ settled: scene({ requests: 9 }) }],
  'two panels': () => [
    { settled: scene({ requests: 9 }), name: 'a' },
    { header: SEMAPHORE, settled: scene({ requests: 9, limit: 3 }), name: 'b' },
  ],
  'sixty requests': () => [{ header: SEMAPHORE, settled: scene({ requests: 60, limit: 3, spread: 1 }) }],
  'three hundred on lanes': () => [
    {
      header: { strategy: 'semaphore', concurrency: 20 },
      settled: scene({ requests: 300, limit: 20, serverWorkers: 12 }),
    },
  ],
  'a small waiting room': () => [
    {
      header: { strategy: 'semaphore', concurrency: 40 },
      settled: scene({ requests: 75, limit: 40, spread: 1 }),
    },
  ],
  'a thousand on lanes': () => [
    {
      header: { strategy: 'semaphore', concurrency: 50, simulated: true },
      settled: scene({ requests: 1000, limit: 50, serverWorkers: 40, serviceMs: 100, spread: 1 }),
    },
  ],
  'twenty thousand': () => [
    {
      header: { strategy: 'semaphore', concurrency: 64 },
      settled: scene({ requests: 20_000, limit: 64, serverWorkers: 48, serviceMs: 100, spread: 1 }),
    },
  ],
  'no server times': () => [{ settled: scene({ requests: 6, reports: false, downloadMs: 150 }) }],
  troubles: () => [{ settled: troubles() }],
  'no requests': () => [{ settled: [] }],
  'nothing sent': () => [{ settled: [aSettled({ outcome: 'cancelled', tries: [] })] }],
  'no length': () => [{ settled: [aSettled({ tries: [aTry({ endedMs: 0 })] })] }],
  'ten days': () => [
    { settled: [aSettled({ tries: [aTry({ endedMs: 864e6, phasesMs: { ttfb: 864e6 } })] })] },
  ],
  'before the start': () => [
    { settled: [aSettled({ tries: [aTry({ startedMs: -2, endedMs: 5, phasesMs: { ttfb: 7 } })] })] },
  ],
  'busy loops': () => [{ settled: scene({ requests: 9 }), summary: summaryWith(loopsOf(3)) }],
  'loops of many workers': () => [{ settled: scene({ requests: 9 }), summary: summaryWith(loopsOf(100)) }],
  'cut off': () => [{ settled: scene({ requests: 5 }), summary: null }],
};
