// `npm run check`: format and lint, types, tidy rules and the fast tests, side by side; prints only what fails.
// Each also runs alone: `npm run check -- types`.
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const BIN = join(ROOT, 'node_modules/.bin');

/** Folders whose tests start processes, build, or wait for real time; `npm test` runs them too. */
const SLOW = [
  'test/cli/',
  'test/foreign/',
  'test/parity/',
  'test/property/',
  'test/executors/',
  'test/library/leave-early.test.ts',
  'test/package/',
  'test/page/',
  'test/slow-server/',
  'test/soak/',
];

const fastTests = globSync('test/**/*.test.ts', { cwd: ROOT })
  .map(file => file.replaceAll('\\', '/'))
  .filter(file => file !== 'test/tidy.test.ts' && !SLOW.some(folder => file.startsWith(folder)))
  .sort();

const STEPS: Readonly<Record<string, readonly string[]>> = {
  lint: [join(BIN, 'biome'), 'check', '--error-on-warnings', '.'],
  types: [join(BIN, 'tsc'), '--noEmit', '-p', '.'],
  'page types': [join(BIN, 'tsc'), '--noEmit', '-p', 'src/page'],
  tidy: [process.execPath, '--test', '--test-reporter=dot', 'test/tidy.test.ts'],
  fast: [process.execPath, '--test', '--test-reporter=dot', ...fastTests],
};

interface Ended {
  readonly step: string;
  readonly failed: boolean;
  readonly output: string;
}

function run(step: string, [program = '', ...args]: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    const pieces: Buffer[] = [];
    child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
    child.stderr.on('data', (piece: Buffer) => pieces.push(piece));
    child.on('error', reject);
    child.on('close', code =>
      resolve({ step, failed: code !== 0, output: Buffer.concat(pieces).toString() }),
    );
  });
}

const asked = process.argv.slice(2);
const unknown = asked.find(step => !(step in STEPS));
if (unknown !== undefined) {
  console.error(`There is no step \`${unknown}\`. Steps: ${Object.keys(STEPS).join(', ')}.`);
  process.exit(2);
}
const steps = Object.entries(STEPS).filter(([step]) => asked.length === 0 || asked.includes(step));
const ended = await Promise.all(steps.map(([step, command]) => run(step, command)));
for (const { step, failed, output } of ended) {
  if (failed) console.error(`── ${step} failed ──\n${output}`);
}
if (ended.some(({ failed }) => failed)) process.exitCode = 1;
else console.error(`${ended.map(({ step }) => step).join(', ')}: ok`);
