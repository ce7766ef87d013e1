// Whether a long run costs more than a short one: 10 000 and 1 000 000 URLs through a pipe. What the engine holds
// must not depend on how much there is to do.
import { join } from 'node:path';
import { ensureDebianPackages } from '../../tools/debian.ts';
import { type Contestant, runInTurn } from '../harness.ts';
import { type BenchResult, cpuMs, medianOf, memoryBytes, ratioOf } from '../report.ts';
import { startNginx } from '../servers.ts';
import { type BenchOptions, paceline, writeUrls } from '../workspace.ts';

const FEW = 10_000;
const MANY = 1_000_000;
const nameOf = (count: number): string => `${count} URLs from stdin`;

export async function memory({ rounds, directory }: BenchOptions): Promise<BenchResult> {
  ensureDebianPackages(['nginx-light'], 'bench memory');
  const nginx = await startNginx(directory);
  try {
    const contestants = [FEW, MANY].map((count): Contestant => {
      const record = join(directory, 'record.ndjson');
      return {
        name: nameOf(count),
        command: paceline('fetch', '-i', '-', '-S', 'semaphore', '-c', '50', '-o', record, '-q'),
        requestCount: count,
        stdinFile: writeUrls(join(directory, `${count}.txt`), nginx.origin, count),
      };
    });
    const measured = await runInTurn(contestants, rounds);
    const cpuRatio = (ratioOf(measured, nameOf(MANY), nameOf(FEW), cpuMs) * FEW) / MANY;
    return {
      tables: [{ title: 'fetch -i - -c 50, nginx', measured, reference: nameOf(FEW) }],
      goals: [
        {
          what: 'peak memory of a million beside ten thousand',
          value: ratioOf(measured, nameOf(MANY), nameOf(FEW), memoryBytes),
          unit: '×',
          atMost: 1.25,
        },
        {
          what: 'peak memory of a million',
          value: medianOf(measured, nameOf(MANY), memoryBytes) / 1e6,
          unit: 'MB',
          atMost: 160,
        },
        { what: 'CPU per request beside ten thousand', value: cpuRatio, unit: '×', atMost: 1.15 },
      ],
    };
  } finally {
    await nginx.stop();
  }
}
