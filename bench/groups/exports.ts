// What it costs to write a run in the formats of other people's viewers: bytes and CPU for each attempt, beside a
// report that writes nothing.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type Contestant, runInTurn } from '../harness.ts';
import { type BenchResult, cpuMs, type Goal, medianOf } from '../report.ts';
import { type BenchOptions, PROBES } from '../workspace.ts';

const FORMATS = ['pftrace', 'trace.json', 'har', 'otlp.json', 'csv'];
const NOTHING = 'none';
const ATTEMPTS = 100_000;

export async function exports({ rounds }: BenchOptions): Promise<BenchResult> {
  const command = (format: string): string[] => [
    ...[process.execPath, join(PROBES, 'exports.ts'), format, String(ATTEMPTS)],
  ];
  const contestant = (name: string): Contestant => ({ name, command: command(name), requestCount: ATTEMPTS });
  const measured = await runInTurn([NOTHING, ...FORMATS].map(contestant), rounds);
  const goals = FORMATS.flatMap((format): Goal[] => {
    const [program = '', ...args] = command(format);
    const bytes = Number(execFileSync(program, args, { encoding: 'utf8' }));
    const own = medianOf(measured, format, cpuMs) - medianOf(measured, NOTHING, cpuMs);
    return [
      { what: `${format}, file for each attempt`, value: bytes / ATTEMPTS, unit: 'B' },
      { what: `${format}, CPU for each attempt`, value: (own * 1000) / ATTEMPTS, unit: 'µs' },
    ];
  });
  return { tables: [{ title: 'a run of 100 000 attempts, written', measured, reference: NOTHING }], goals };
}
