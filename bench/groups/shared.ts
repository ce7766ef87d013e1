// Two runs with `-c auto` at one server, which know nothing of each other: what each gets while both are there.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { RecordHeader, RequestLine } from '../../src/model/record.ts';
import { ensureDebianPackages } from '../../tools/debian.ts';
import { type BenchResult, columns, type Goal } from '../report.ts';
import { startTimedGunicorn } from '../servers.ts';
import { type BenchOptions, paceline } from '../workspace.ts';

const WORKERS = 8;
const SERVICE_MS = 100;
/** The second run begins so much later, and is over first. */
const DELAYS_MS = [0, 4000];
const REQUESTS = [1200, 600] as const;
/** Both are through with starting. */
const SETTLED_MS = 1000;

/** On the clock of the machine. */
type Span = readonly [startedMs: number, endedMs: number];

export async function shared({ directory }: BenchOptions): Promise<BenchResult> {
  ensureDebianPackages(['gunicorn'], 'bench shared');
  const rows: string[][] = [];
  const goals: Goal[] = [];
  for (const delayMs of DELAYS_MS) {
    const server = await startTimedGunicorn(['-w', String(WORKERS)], SERVICE_MS);
    try {
      const spans = await Promise.all(
        REQUESTS.map(async (requests, at) => {
          if (at > 0) await sleep(delayMs);
          return fetched(requests, `${server.origin}/`, join(directory, `${delayMs}-${at}.ndjson`));
        }),
      );
      const { shares, inFlight, perSecond } = together(spans);
      const [first = 0, second = 0] = shares;
      const later = `second run ${delayMs / 1000} s later`;
      rows.push([later, percent(first), percent(second), inFlight.toFixed(1), perSecond.toFixed(1)]);
      const most = Math.max(first, second);
      goals.push({ what: `${later}: larger share`, value: most, unit: '', atMost: 0.65 });
    } finally {
      await server.stop();
    }
  }
  const head = [`gunicorn -w ${WORKERS}, ${SERVICE_MS} ms`, 'first', 'second', 'in flight', 'requests/s'];
  return { tables: [], texts: [columns([head, ...rows])], goals };
}

async function fetched(requests: number, url: string, record: string): Promise<Span[]> {
  const flags = ['-n', String(requests), '-o', record, '--body', 'none', '-q'];
  const [program = '', ...args] = paceline('fetch', ...flags, url);
  await promisify(execFile)(program, args);
  const [header = '', ...lines] = readFileSync(record, 'utf8').trim().split('\n');
  const fromMs = Date.parse((JSON.parse(header) as RecordHeader).run.started);
  return lines
    .flatMap(text => (JSON.parse(text) as Partial<RequestLine>).tries ?? [])
    .map(({ startedMs, endedMs }) => [fromMs + startedMs, fromMs + endedMs] as const);
}

/** While all of them are there. */
function together(runs: readonly (readonly Span[])[]) {
  const fromMs = SETTLED_MS + Math.max(...runs.map(spans => Math.min(...spans.map(([started]) => started))));
  const toMs = Math.min(...runs.map(spans => Math.max(...spans.map(([, ended]) => ended))));
  const ends = runs.map(spans => spans.filter(([, ended]) => ended > fromMs && ended < toMs).length);
  const all = ends.reduce((a, b) => a + b, 0);
  const inFlightMs = runs
    .flat()
    .reduce((sum, [from, to]) => sum + Math.max(0, Math.min(to, toMs) - Math.max(from, fromMs)), 0);
  return {
    shares: ends.map(count => count / all),
    inFlight: inFlightMs / (toMs - fromMs),
    perSecond: (1000 * all) / (toMs - fromMs),
  };
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;
