// The pictures that must be right: the talk's, and those that break naive drawings.
import type { HttpRequest } from '../../src/model/request.ts';
import type { Settled } from '../../src/model/settled.ts';
import type { TitledRun } from '../../src/timeline/caption.ts';
import { PictureModel } from '../../src/timeline/picture.ts';
import type { DrawnRun } from '../../src/timeline/terminal.ts';
import { loopsOf } from './loops.ts';
import { aSettled, aTry, failedTry, scene } from './record-lines.ts';

export function drawn(
  run: TitledRun,
  settled: Iterable<Settled<HttpRequest>>,
): DrawnRun & { readonly picture: PictureModel } {
  const picture = new PictureModel();
  for (const one of settled) picture.add(one);
  return { run, picture };
}

function busy(run: DrawnRun & { readonly picture: PictureModel }, workers: number): DrawnRun {
  run.picture.eventLoops = loopsOf(workers);
  return run;
}

/** Nine requests of which some end in each bad way, one after a retry. */
export function troubles(): Settled<HttpRequest>[] {
  const endings = [
    undefined,
    failedTry('timeout', {
      endedMs: 1500,
      error: { code: 'TIMEOUT_HEADERS', message: '', phase: 'headers' },
    }),
    { outcome: 'http_error' as const, status: 500 },
    failedTry('network_error', { endedMs: 40 }),
    { outcome: 'http_error' as const, status: 429 },
    failedTry('cancelled', { endedMs: 1800 }),
  ];
  const settled = [...scene({ requests: 6, ending: index => endings[index] })];
  const first = aTry({
    lane: 1,
    startedMs: 0,
    endedMs: 300,
    outcome: 'http_error',
    status: 503,
    phasesMs: { network: 2, ttfb: 298 },
  });
  const second = aTry({
    lane: 4,
    startedMs: 800,
    endedMs: 1800,
    phasesMs: { network: 2, ttfb: 997, download: 1 },
  });
  return [
    ...settled,
    aSettled({ index: 6, tries: [first, second] }),
    aSettled({ index: 7, outcome: 'invalid_input', tries: [], endedMs: 0 }),
    aSettled({ index: 8, outcome: 'cancelled', tries: [], endedMs: 1800 }),
  ];
}

const refused = () => ({ ...failedTry('network_error', { endedMs: 3 }), phasesMs: { permit: 0 } });

export const SCENES: Readonly<Record<string, () => DrawnRun[]>> = {
  'sequential-3': () => [drawn({ strategy: 'sequential', concurrency: 1 }, scene({ requests: 3, limit: 1 }))],
  'threads-3': () => [drawn({ strategy: 'threads', concurrency: 3 }, scene({ requests: 3 }))],
  'async-3': () => [drawn({ strategy: 'async', concurrency: null }, scene({ requests: 3 }))],
  'async-9-on-3': () => [drawn({ strategy: 'async', concurrency: null }, scene({ requests: 9 }))],
  'semaphore-9-on-3': () => [
    drawn({ strategy: 'semaphore', concurrency: 3 }, scene({ requests: 9, limit: 3 })),
  ],
  compared: () => [
    drawn({ strategy: 'sequential', concurrency: 1 }, scene({ requests: 9, limit: 1 })),
    drawn({ strategy: 'async', concurrency: null }, scene({ requests: 9 })),
    drawn({ strategy: 'semaphore', concurrency: 3 }, scene({ requests: 9, limit: 3 })),
  ],
  troubles: () => [drawn({ strategy: 'async', concurrency: null }, troubles())],
  '1000-on-50-lanes': () => [
    drawn(
      { strategy: 'semaphore', concurrency: 50, simulated: true },
      scene({
        requests: 1000,
        limit: 50,
        serverWorkers: 40,
        serviceMs: 100,
        spread: 0.5,
        ending: index => (index === 700 ? { outcome: 'http_error', status: 500 } : undefined),
      }),
    ),
  ],
  '5000-on-500-lanes': () => [
    drawn(
      { strategy: 'async', concurrency: 500 },
      scene({
        requests: 5000,
        limit: 500,
        serverWorkers: 100,
        serviceMs: 100,
        spread: 2,
        ending: index => (index === 4100 ? { outcome: 'timeout', status: null } : undefined),
      }),
    ),
  ],
  loops: () => [
    busy(drawn({ strategy: 'async', concurrency: null }, scene({ requests: 9 })), 0),
    busy(drawn({ strategy: 'threads', concurrency: 9, workers: 3 }, scene({ requests: 9 })), 3),
    busy(drawn({ strategy: 'threads', concurrency: 9, workers: 12 }, scene({ requests: 9 })), 12),
  ],
  'zero-requests': () => [drawn({ strategy: 'semaphore', concurrency: 10 }, [])],
  'all-errors': () => [
    drawn({ strategy: 'semaphore', concurrency: 4 }, scene({ requests: 4, reports: false, ending: refused })),
  ],
  'no-server-timing': () => [
    drawn({ strategy: 'async', concurrency: null }, scene({ requests: 6, reports: false, downloadMs: 150 })),
  ],
};
