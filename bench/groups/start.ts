// What a short run costs, as with `time`: three and nine requests of one second each on three workers, our
// strategies beside the talk's programs and bare Node. Here the start of the process is most of what differs.
import { join } from 'node:path';
import { ensureDebianPackages } from '../../tools/debian.ts';
import { type Contestant, PYTHON, runInTurn } from '../harness.ts';
import { type BenchResult, type Goal, medianOf, ratioOf, wallMs } from '../report.ts';
import { type Server, startGunicorn, startServe } from '../servers.ts';
import { type BenchOptions, PEERS, paceline } from '../workspace.ts';

const SERVERS = { gunicorn: startGunicorn, 'paceline serve': startServe };

/** Our strategies against gunicorn with the talk's slow API. */
export function start(options: BenchOptions): Promise<BenchResult> {
  ensureDebianPackages(['gunicorn', 'python3-requests', 'python3-aiohttp'], 'bench start');
  return against('gunicorn', options);
}

/** As `start`, against our own slow API. */
export function startOwn(options: BenchOptions): Promise<BenchResult> {
  ensureDebianPackages(['python3-requests', 'python3-aiohttp'], 'bench start-own');
  return against('paceline serve', options);
}

async function against(name: keyof typeof SERVERS, { rounds }: BenchOptions): Promise<BenchResult> {
  const server = await SERVERS[name]();
  try {
    const three = await runInTurn(threeRequests(server), rounds);
    const nine = await runInTurn(nineRequests(server), rounds);
    const goals = [
      ...goalsFor(three, 3, {
        async: 1120,
        semaphore: 1120,
        threads: 1200,
        processes: 1250,
        sequential: 3120,
      }),
      ...goalsFor(nine, 9, { async: 3120, semaphore: 3120 }),
      beats(three, 'fetch -S threads', 'Python, threads'),
      beats(three, 'fetch -S processes', 'Python, pool of 3'),
      beats(three, 'fetch -S async', 'Python, aiohttp gathered'),
    ];
    return {
      tables: [
        { title: `3 requests on 3 workers of 1 s, ${name}`, measured: three, reference: 'fetch -S async' },
        { title: `9 requests on 3 workers of 1 s, ${name}`, measured: nine, reference: 'fetch -S async' },
      ],
      goals,
    };
  } finally {
    await server.stop();
  }
}

function threeRequests({ origin }: Server): Contestant[] {
  return [
    ours(origin, 3, 'async'),
    ours(origin, 3, 'semaphore', '-c', '3'),
    ours(origin, 3, 'threads', '-c', '3', '-w', '3'),
    ours(origin, 3, 'processes', '-c', '3', '-w', '3'),
    ours(origin, 3, 'sequential'),
    bareNode(origin, 3),
    python(origin, 3, 'Python, in a loop', 'sequential.py'),
    python(origin, 3, 'Python, threads', 'threads.py'),
    python(origin, 3, 'Python, aiohttp gathered', 'gather.py'),
    python(origin, 3, 'Python, aiohttp semaphore', 'semaphore.py'),
    python(origin, 3, 'Python, pool of 3', 'pool.py'),
  ];
}

function nineRequests({ origin }: Server): Contestant[] {
  return [
    ours(origin, 9, 'async'),
    ours(origin, 9, 'semaphore', '-c', '3'),
    bareNode(origin, 9),
    python(origin, 9, 'Python, threads', 'threads.py'),
    python(origin, 9, 'Python, aiohttp gathered', 'gather.py'),
    python(origin, 9, 'Python, aiohttp semaphore', 'semaphore.py'),
    python(origin, 9, 'Python, pool of 3', 'pool.py'),
  ];
}

function ours(origin: string, count: number, strategy: string, ...flags: readonly string[]): Contestant {
  const command = paceline('fetch', '-S', strategy, ...flags, '-n', String(count), '-q', '--', `${origin}/`);
  return { name: `fetch -S ${strategy}`, command, requestCount: count };
}

function bareNode(origin: string, count: number): Contestant {
  const command = [process.execPath, join(PEERS, 'node-http.mjs'), `${origin}/`, String(count)];
  return { name: 'bare node:http', command, requestCount: count };
}

function python(origin: string, count: number, name: string, file: string): Contestant {
  return { name, command: [PYTHON, join(PEERS, file), `${origin}/`, String(count)], requestCount: count };
}

type Rounds = Awaited<ReturnType<typeof runInTurn>>;

function goalsFor(measured: Rounds, count: number, atMostMs: Readonly<Record<string, number>>): Goal[] {
  return Object.entries(atMostMs).map(([strategy, ms]) => ({
    what: `${count} requests, ${strategy}`,
    value: medianOf(measured, `fetch -S ${strategy}`, wallMs) / 1000,
    unit: 's',
    atMost: ms / 1000,
  }));
}

function beats(measured: Rounds, name: string, peer: string): Goal {
  const value = ratioOf(measured, name, peer, wallMs);
  return { what: `3 requests, ${name} beside ${peer}`, value, unit: '× its wall', atMost: 1 };
}
