// Many small requests: 60 000 URLs from a file, 50 in flight, one nginx worker, a record of each to a file.
// Here each microsecond of CPU per request counts.
import { join } from 'node:path';
import { ensureDebianPackages } from '../../tools/debian.ts';
import { type Contestant, PYTHON, runInTurn } from '../harness.ts';
import { type BenchResult, cpuMs, medianOf, ratioOf, wallMs } from '../report.ts';
import { startNginx } from '../servers.ts';
import { type BenchOptions, PEERS, paceline, writeUrls } from '../workspace.ts';

const COUNT = 60_000;
const IN_FLIGHT = '50';
const OURS = 'fetch -c 50';
/** What finds its own pace, and the fixed number that is the quickest here. */
const AUTO = 'fetch -c auto';
const QUICKEST = 'fetch -c 20';
const BARE = 'bare undici, Client per lane';
const CURL = 'curl --parallel-max 50';
const HEY = 'hey -c 50';
const AIOHTTP = 'aiohttp behind a semaphore';

export async function bulk({ rounds, directory }: BenchOptions): Promise<BenchResult> {
  ensureDebianPackages(['nginx-light', 'curl', 'hey', 'wget2', 'python3-aiohttp'], 'bench bulk');
  const nginx = await startNginx(directory);
  try {
    const measured = await runInTurn(contestants(nginx.origin, directory), rounds);
    const ahead = (peer: string, of: typeof cpuMs, what: string) => ({
      what: `${what} beside ${peer}`,
      value: ratioOf(measured, OURS, peer, of),
      unit: '×',
      atMost: 1,
    });
    const peers = [CURL, HEY, AIOHTTP];
    return {
      tables: [
        { title: `${COUNT} URLs from a file, ${IN_FLIGHT} in flight, nginx`, measured, reference: OURS },
      ],
      goals: [
        { ...ahead(BARE, cpuMs, 'CPU'), atMost: 1.5 },
        { ...ahead(BARE, wallMs, 'wall'), atMost: 1.5 },
        ...peers.map(peer => ahead(peer, wallMs, 'wall')),
        ...peers.map(peer => ahead(peer, cpuMs, 'CPU')),
        {
          what: 'CPU for each request that finding the pace adds',
          value: (1000 * (medianOf(measured, AUTO, cpuMs) - medianOf(measured, QUICKEST, cpuMs))) / COUNT,
          unit: 'µs',
          atMost: 5,
        },
        {
          what: `wall of ${AUTO} beside ${QUICKEST}`,
          value: ratioOf(measured, AUTO, QUICKEST, wallMs),
          unit: '×',
          atMost: 1.25,
        },
      ],
    };
  } finally {
    await nginx.stop();
  }
}

function contestants(origin: string, directory: string): Contestant[] {
  const urls = writeUrls(join(directory, 'urls.txt'), origin, COUNT);
  const config = writeUrls(
    join(directory, 'curl.txt'),
    origin,
    COUNT,
    url => `url = "${url}"\noutput = "/dev/null"`,
  );
  const record = join(directory, 'record.ndjson');
  const bare = [process.execPath, join(PEERS, 'undici-client-per-lane.mjs'), urls, IN_FLIGHT];
  const ours = (inFlight: string) =>
    paceline('fetch', '-i', urls, '-S', 'semaphore', '-c', inFlight, '-o', record, '-q');
  const commands: Readonly<Record<string, readonly string[]>> = {
    [OURS]: ours(IN_FLIGHT),
    [AUTO]: ours('auto'),
    [QUICKEST]: ours('20'),
    [BARE]: bare,
    [`${BARE}, short record`]: [...bare, record],
    [CURL]: ['curl', '-s', '-f', '--parallel', '--parallel-max', IN_FLIGHT, '-K', config],
    [HEY]: ['hey', '-n', String(COUNT), '-c', IN_FLIGHT, `${origin}/item/0`],
    'wget2 --max-threads 50': ['wget2', '-q', '--max-threads', IN_FLIGHT, '-O', '/dev/null', '-i', urls],
    [AIOHTTP]: [PYTHON, join(PEERS, 'bulk_aiohttp.py'), urls, IN_FLIGHT, record],
  };
  return Object.entries(commands).map(([name, command]) => ({ name, command, requestCount: COUNT }));
}
