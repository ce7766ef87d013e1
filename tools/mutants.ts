// How sharp are the tests? Plants one bug at a time into a copy of the engine and runs the laws against it.
//
//   node tools/mutants.ts [part of a file's name]     prints each bug that nobody noticed, and the share caught
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { MUTANTS, type Mutant } from './mutants-list.ts';

const SEEDS = '400';
/** A planted bug may make a run endless; that counts as noticed. */
const TIMEOUT_MS = 120_000;
const TESTS = [
  ...['test/engine/*.test.ts', 'test/control/semaphore.test.ts', 'test/control/deadlines.test.ts'],
  ...['test/base/heap.test.ts', 'test/property/*.test.ts'],
];
const root = join(import.meta.dirname, '..');

const wanted = process.argv[2] ?? '';
const chosen = MUTANTS.filter(({ file }) => file.includes(wanted));
const folder = mkdtempSync(join(tmpdir(), 'paceline-mutants-'));
let caught = 0;
try {
  for (const part of ['src', 'test', 'package.json'])
    cpSync(join(root, part), join(folder, part), { recursive: true });
  if (!passes()) throw new Error('The tests fail before any bug is planted.');
  for (const mutant of chosen) {
    const noticed = !withMutant(mutant, passes);
    if (noticed) caught++;
    else process.stdout.write(`not noticed: ${mutant.file}: ${mutant.from}  =>  ${mutant.to}\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(`${caught} of ${chosen.length} caught\n`);

function withMutant(mutant: Mutant, body: () => boolean): boolean {
  const path = join(folder, mutant.file);
  const text = readFileSync(path, 'utf8');
  if (text.split(mutant.from).length !== 2)
    throw new Error(
      `${mutant.file} has '${mutant.from}' not exactly once: bring tools/mutants-list.ts up to date.`,
    );
  writeFileSync(
    path,
    text.replace(mutant.from, () => mutant.to),
  );
  try {
    return body();
  } finally {
    writeFileSync(path, text);
  }
}

function passes(): boolean {
  const { status } = spawnSync(process.execPath, ['--test', '--test-force-exit', ...TESTS], {
    cwd: folder,
    env: { ...process.env, PACELINE_SEEDS: SEEDS, NODE_TEST_CONTEXT: undefined },
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
  });
  return status === 0;
}
