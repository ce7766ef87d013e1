// How sharp are the tests? Plants one bug at a time into a copy of the sources and runs the simulation against it,
// and what the simulation does not notice against the tests beside it.
//
//   node tools/mutants.ts [part of a file's name] [--jobs 2]     prints each bug that the simulation did not notice
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { MUTANTS } from './mutants-list.ts';

const SEEDS = '600';
/** A planted bug may make a run endless; that counts as noticed. */
const TIMEOUT_MS = 180_000;
const SIMULATION = ['test/property/{engine,cancel,makespan}.test.ts'];
const BESIDE = [
  ...['test/engine/*.test.ts', 'test/control/*.test.ts', 'test/base/*.test.ts'],
  'test/executors/worker-pool*.test.ts',
];
const root = join(import.meta.dirname, '..');

interface Mutant {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const { values, positionals } = parseArgs({
  options: { jobs: { type: 'string', default: String(availableParallelism()) } },
  allowPositionals: true,
});
const wanted = positionals[0] ?? '';
const chosen: Mutant[] = Object.entries(MUTANTS)
  .filter(([file]) => file.includes(wanted))
  .flatMap(([file, bugs]) => bugs.map(([from, to]) => ({ file, from, to })));
checkUpToDate(chosen);

const counts = { simulation: 0, beside: 0, nobody: 0 };
const todo = chosen[Symbol.iterator]();
await Promise.all(Array.from({ length: Number(values.jobs) }, work));
const { simulation, beside, nobody } = counts;
const share = ((100 * simulation) / chosen.length).toFixed(1);
print(`${chosen.length} bugs, ${simulation} of them (${share} %) noticed by the simulation,`);
print(`${beside} more by the tests beside it, ${nobody} by nobody`);

/** In a copy of its own, so that several can be tried at once. */
async function work(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'paceline-mutants-'));
  try {
    for (const part of ['src', 'test', 'bench', 'package.json'])
      cpSync(join(root, part), join(folder, part), {
        recursive: true,
        filter: path => !path.includes('node_modules'),
      });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    if (!(await passes(folder, SIMULATION))) throw new Error('The tests fail before any bug is planted.');
    for (const mutant of todo) await tryOne(folder, mutant);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function tryOne(folder: string, { file, from, to }: Mutant): Promise<void> {
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    text.replace(from, () => to),
  );
  const noticed = !(await passes(folder, SIMULATION))
    ? 'simulation'
    : (await passes(folder, BESIDE))
      ? 'nobody'
      : 'beside';
  writeFileSync(path, text);
  counts[noticed]++;
  if (noticed === 'simulation') return;
  print(`${noticed === 'nobody' ? 'NOT NOTICED' : 'by tests only'}: ${file}: ${JSON.stringify([from, to])}`);
}

function checkUpToDate(mutants: readonly Mutant[]): void {
  for (const { file, from } of mutants) {
    if (readFileSync(join(root, file), 'utf8').split(from).length === 2) continue;
    throw new Error(`${file} has '${from}' not exactly once: bring tools/mutants-list.ts up to date.`);
  }
}

function passes(cwd: string, tests: readonly string[]): Promise<boolean> {
  const child = spawn(process.execPath, ['--test', '--test-force-exit', ...tests], {
    cwd,
    env: { ...process.env, PACELINE_SEEDS: SEEDS, NODE_TEST_CONTEXT: undefined },
    stdio: 'ignore',
    detached: true, // a group of its own: the runner's children, which may be endless, are ended with it
  });
  const timer = setTimeout(() => process.kill(-(child.pid as number), 'SIGKILL'), TIMEOUT_MS);
  return new Promise(resolve =>
    child.on('exit', code => {
      clearTimeout(timer);
      resolve(code === 0);
    }),
  );
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
