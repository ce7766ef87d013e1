// Simulates a great many runs of the engine as it ships, with every law checked at every event: rates, hosts, retries,
// faults, interference, all drawn from the seed. A seed that breaks a law is printed with the command that repeats it.
// `--help` tells how it is called.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import type { CampaignPart } from '../test/property/campaign-part.ts';
import { bundlePart, PART } from './bundled-part.ts';

const HELP = `Simulates a great many runs of the engine, each drawn from its seed, and checks every law at every event.

  npm run simulate:campaign -- --seeds 50000

  --seeds N     how many (20000)
  --from N      the first seed (1)
  --jobs N      processes (one for each core)
  --node FILE   the same seeds on that Node, too: the trace must be the same
  -h, --help    show this

Exit 0 when no law was broken; each seed that broke one is printed with the command that repeats it.`;

const OPTIONS = {
  help: { type: 'boolean', short: 'h', default: false },
  seeds: { type: 'string', default: '20000' },
  from: { type: 'string', default: '1' },
  jobs: { type: 'string', default: String(availableParallelism()) },
  node: { type: 'string' },
} as const;

const values = given();
if (values.help) {
  print(HELP);
  process.exit();
}
const [seeds, from, jobs] = [wholeOf('seeds'), wholeOf('from'), wholeOf('jobs')];

const startedMs = performance.now();
const parts = await runAll(process.execPath, PART);
const seconds = (performance.now() - startedMs) / 1000;
const sum = (count: (part: CampaignPart) => number): number => sumOf(parts, count);
const hash = hashOf(parts);

print(`seeds ${from} to ${from + seeds - 1}, ${jobs} processes, ${seconds.toFixed(0)} s`);
print(`requests simulated  ${sum(part => part.requests)}, in ${sum(part => part.attempts)} attempts`);
printCounts('faults', merged('faults'));
printCounts('branches', merged('branches'));
print(`trace hash  ${hash}, Node ${process.version}`);
const broken = parts.flatMap(part => part.broken);
for (const { seed, law } of broken) {
  print(`BROKEN ${law}`);
  print(`  again: npm run simulate:campaign -- --from ${seed} --seeds 1`);
}
print(broken.length === 0 ? 'no law was broken, no run was stuck' : `${broken.length} seeds broke a law`);
const isSame = values.node === undefined || (await isSameOn(values.node));
process.exitCode = broken.length === 0 && isSame ? 0 : 1;

async function isSameOn(node: string): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'paceline-campaign-'));
  try {
    const there = await runAll(node, await bundlePart(folder));
    print(`trace hash  ${hashOf(there)}, Node ${there[0]?.node}`);
    return hashOf(there) === hash;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runAll(node: string, script: string): Promise<CampaignPart[]> {
  const ranges = Array.from({ length: jobs }, (_, job) => [from + job, from + seeds - 1, jobs]);
  return Promise.all(
    ranges.map(async range => {
      const child = spawn(node, [script, ...range.map(String)], { stdio: ['ignore', 'pipe', 'inherit'] });
      return JSON.parse(await text(child.stdout)) as CampaignPart;
    }),
  );
}

function sumOf(these: readonly CampaignPart[], count: (part: CampaignPart) => number): number {
  return these.reduce((total, part) => total + count(part), 0);
}

/** The same however the seeds are shared out. */
function hashOf(these: readonly CampaignPart[]): string {
  return (sumOf(these, part => part.hash) >>> 0).toString(16);
}

function merged(name: 'faults' | 'branches'): [string, number][] {
  const all = new Map<string, number>();
  for (const part of parts)
    for (const [key, count] of Object.entries(part[name])) all.set(key, (all.get(key) ?? 0) + count);
  return [...all].sort(([, a], [, b]) => b - a);
}

function printCounts(title: string, counts: readonly [string, number][]): void {
  print(`${title}  ${counts.length} kinds, each at least ${counts.at(-1)?.[1] ?? 0} times`);
  for (const [name, count] of counts) print(`  ${String(count).padStart(10)}  ${name}`);
}

function given() {
  try {
    return parseArgs({ options: OPTIONS }).values;
  } catch (cause) {
    process.stderr.write(`campaign: ${(cause as Error).message}\n`);
    process.exit(2);
  }
}

function wholeOf(name: 'seeds' | 'from' | 'jobs'): number {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= 1) return value;
  process.stderr.write(`campaign: --${name}: expected a whole number from 1, got '${values[name]}'.\n`);
  process.exit(2);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
