// What `-c auto` finds on other people's servers, beside the best fixed `-c` of a few, and what each has in line there.
// Whole processes, one after another, each with a server of its own; what happened is read from the record.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RequestLine, Summary } from '../../src/model/record.ts';
import { paceText } from '../../src/reports/pace-text.ts';
import { ensureDebianPackages } from '../../tools/debian.ts';
import { type BenchResult, columns, type Goal } from '../report.ts';
import {
  type Server,
  startApachePrefork,
  startBusyNode,
  startNginxWith,
  startTimedGunicorn,
} from '../servers.ts';
import { type BenchOptions, paceline } from '../workspace.ts';

interface Subject {
  readonly name: string;
  readonly requests: number;
  /** What it serves at once. */
  readonly workers: number;
  /** Fixed limits that take part. */
  readonly fixed: readonly number[];
  start(directory: string): Promise<Server>;
}

const ALL_RETRIES = ['--retries', '50', '--retry-delay', '200ms', '--retry-max-delay', '5s'];
const LIMIT_REQ = 'limit_req_zone $binary_remote_addr zone=all:1m rate=10r/s; limit_req_status 429;';
const LIMIT_CONN = 'limit_conn_zone $binary_remote_addr zone=all:1m;';

/** nginx in front of a gunicorn that has room enough. */
async function startLimitedConnections(directory: string): Promise<Server> {
  const behind = await startTimedGunicorn(['-w', '2', '--threads', '8'], 100);
  const front = await startNginxWith(directory, LIMIT_CONN, `limit_conn all 4; proxy_pass ${behind.origin};`);
  const stop = async (): Promise<void> => {
    await front.stop();
    await behind.stop();
  };
  return { origin: front.origin, stop };
}

const SUBJECTS: readonly Subject[] = [
  {
    ...{ name: 'the talk: gunicorn -w 3, 1 s', requests: 60, workers: 3, fixed: [3, 10] },
    start: () => startTimedGunicorn(['-w', '3'], 1000),
  },
  {
    ...{ name: 'gunicorn -w 8, 100 ms', requests: 400, workers: 8, fixed: [4, 8, 16] },
    start: () => startTimedGunicorn(['-w', '8'], 100),
  },
  {
    ...{ name: 'gunicorn, 2 × 4 threads, 100 ms', requests: 400, workers: 8, fixed: [4, 8, 16] },
    start: () => startTimedGunicorn(['-w', '2', '--threads', '4'], 100),
  },
  {
    ...{ name: 'Apache prefork, 5 × 250 ms, keep-alive', requests: 200, workers: 5, fixed: [3, 5, 8] },
    start: startApachePrefork,
  },
  {
    ...{ name: 'a Node server, 5 ms of CPU', requests: 1000, workers: 1, fixed: [1, 2, 8] },
    start: startBusyNode,
  },
  {
    ...{ name: 'nginx limit_req 10r/s', requests: 60, workers: 1, fixed: [1, 10] },
    start: directory => startNginxWith(directory, LIMIT_REQ, `limit_req zone=all; root ${directory};`),
  },
  {
    ...{ name: 'nginx limit_req 10r/s, burst 20', requests: 60, workers: 1, fixed: [1, 10] },
    start: directory =>
      startNginxWith(directory, LIMIT_REQ, `limit_req zone=all burst=20 nodelay; root ${directory};`),
  },
  {
    ...{ name: 'nginx limit_req 10r/s, burst 20, delayed', requests: 60, workers: 1, fixed: [1, 10] },
    start: directory =>
      startNginxWith(directory, LIMIT_REQ, `limit_req zone=all burst=20; root ${directory};`),
  },
  {
    ...{ name: 'nginx limit_conn 4, 100 ms behind', requests: 300, workers: 4, fixed: [4, 10] },
    start: startLimitedConnections,
  },
];

interface Outcome {
  readonly concurrency: string;
  readonly summary: Summary;
  /** Mean in flight beyond what the server serves at once. */
  readonly line: number;
  readonly lastInFlight: number;
}

export async function found({ directory }: BenchOptions): Promise<BenchResult> {
  ensureDebianPackages(['gunicorn', 'nginx-light', 'apache2'], 'bench found');
  const rows: string[][] = [];
  const goals: Goal[] = [];
  const words: string[] = [];
  for (const subject of SUBJECTS) {
    process.stderr.write(`${subject.name} `);
    const outcomes: Outcome[] = [];
    for (const concurrency of [...subject.fixed.map(String), 'auto'])
      outcomes.push(await onServer(subject, concurrency, directory));
    rows.push(...outcomes.map(outcome => rowOf(subject, outcome)));
    const own = outcomes.find(({ concurrency }) => concurrency === 'auto');
    const best = Math.min(
      ...outcomes.filter(one => one !== own && !hasRefusals(one)).map(({ summary }) => summary.makespanMs),
    );
    if (!own) continue;
    words.push(`${subject.name}: ${paceText(own.summary).join(' ')}`);
    if (Number.isFinite(best))
      goals.push({
        what: `${subject.name}: makespan of -c auto × the best`,
        value: own.summary.makespanMs / best,
        unit: '',
        atMost: 1.05,
      });
  }
  process.stderr.write('\n');
  const head = ['', '-c', 'makespan s', 'most in flight', 'mean beyond', 'last in flight', 'refused'];
  return { tables: [], texts: [columns([head, ...rows]), words.join('\n')], goals };
}

const hasRefusals = ({ summary }: Outcome): boolean => summary.attempts > 1.02 * summary.requests;

/** One that nobody has asked anything: what it counts is full. */
async function onServer(subject: Subject, concurrency: string, directory: string): Promise<Outcome> {
  const server = await subject.start(mkdtempSync(join(directory, 'server-')));
  try {
    return await fetched(subject, server, concurrency, directory);
  } finally {
    await server.stop();
  }
}

async function fetched(
  { requests, workers }: Subject,
  { origin }: Server,
  concurrency: string,
  directory: string,
): Promise<Outcome> {
  const record = join(mkdtempSync(join(directory, 'run-')), 'run.ndjson');
  const flags = [
    '-c',
    concurrency,
    '-n',
    String(requests),
    '-o',
    record,
    '--body',
    'none',
    '-q',
    ...ALL_RETRIES,
  ];
  const [program = '', ...args] = paceline('fetch', ...flags, `${origin}/`);
  await promisify(execFile)(program, args);
  const lines = readFileSync(record, 'utf8')
    .trim()
    .split('\n')
    .map(text => JSON.parse(text));
  const { summary } = lines[lines.length - 1] as { summary: Summary };
  const tries = lines.flatMap(line => (line as Partial<RequestLine>).tries ?? []);
  const inFlightMs = tries.reduce((sum, one) => sum + one.endedMs - one.startedMs, 0);
  // The last quarter, without its end in which nothing waits any more: where it has settled.
  const [from, to] = [0.7 * summary.makespanMs, 0.95 * summary.makespanMs];
  const lateMs = tries.reduce(
    (sum, one) => sum + Math.max(0, Math.min(to, one.endedMs) - Math.max(from, one.startedMs)),
    0,
  );
  return {
    concurrency,
    summary,
    line: Math.max(0, inFlightMs / summary.makespanMs - workers),
    lastInFlight: lateMs / (to - from),
  };
}

function rowOf({ name }: Subject, { concurrency, summary, line, lastInFlight }: Outcome): string[] {
  return [
    name,
    concurrency,
    (summary.makespanMs / 1000).toFixed(2),
    String(summary.inFlightMax),
    line.toFixed(2),
    lastInFlight.toFixed(1),
    String(summary.attempts - summary.requests),
  ];
}
