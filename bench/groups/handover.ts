// What it costs the parent to have attempts run elsewhere: CPU of its main thread for each attempt, beside the
// same engine handing them to nobody. The difference is the hand-over: there and back, in batches.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureDebianPackages } from '../../tools/debian.ts';
import type { BenchResult, Goal } from '../report.ts';
import { startNginx } from '../servers.ts';
import { spreadOf } from '../statistics.ts';
import { type BenchOptions, PROBES } from '../workspace.ts';

const COUNT = 100_000;
const PLACES = ['nobody', 'semaphore', 'threads', 'processes'] as const;
const WORKERS = 2;

export async function handover({ rounds, directory }: BenchOptions): Promise<BenchResult> {
  ensureDebianPackages(['nginx-light'], 'bench handover');
  const nginx = await startNginx(directory);
  const usOf = new Map(PLACES.map(place => [place, [] as number[]]));
  try {
    for (let round = 1; round <= rounds; round++) {
      process.stderr.write(` ${round}`);
      for (const place of PLACES) usOf.get(place)?.push(probe(place, `${nginx.origin}/`));
    }
    process.stderr.write('\n');
  } finally {
    await nginx.stop();
  }
  const mainThread = (place: (typeof PLACES)[number]) => spreadOf(usOf.get(place) ?? []).median;
  const beyond = (place: (typeof PLACES)[number], atMost?: number): Goal => ({
    what: `parent's main thread, ${place}: ${mainThread(place).toFixed(1)} µs an attempt; handing over`,
    value: spreadOf((usOf.get(place) ?? []).map((us, round) => us - (usOf.get('nobody')?.[round] ?? 0)))
      .median,
    unit: `µs beyond the engine's own ${mainThread('nobody').toFixed(1)}`,
    ...(atMost !== undefined && { atMost }),
  });
  return {
    tables: [],
    goals: [beyond('threads', 10), beyond('processes'), beyond('semaphore')],
  };
}

function probe(place: string, url: string): number {
  const args = [join(PROBES, 'handover.ts'), place, url, String(COUNT), String(WORKERS)];
  return Number(execFileSync(process.execPath, args, { encoding: 'utf8' }));
}
