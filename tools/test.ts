// `npm test`: every test file of the repository under Node's own runner. Words after it pick files by a part
// of their path (`npm test -- engine`); options for the runner pass through (`npm test -- --test-only`).
// `npm run soak` is the same for the files that have a large size (test/support/soak.ts), in that size: it takes a good
// quarter of an hour.
import { spawn } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureDebianPackages } from './debian.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** Test files run side by side. More than this starve one another's servers and workers on two cores. */
const CONCURRENCY = 2;

/** Debian packages that the tests in a folder speak to: somebody else's servers, and a browser. */
const FOREIGN_SERVERS: Readonly<Record<string, readonly string[]>> = {
  'test/foreign/': ['gunicorn', 'nginx'],
  'test/page/': process.env.PACELINE_CHROMIUM === undefined ? ['chromium'] : [],
};

const words = process.argv.slice(2);
const isSoak = words.includes('--soak');
const runnerOptions = words.filter(word => word.startsWith('-') && word !== '--soak');
const parts = words.filter(word => !word.startsWith('-'));
const files = globSync('test/**/*.test.ts', { cwd: ROOT })
  .map(file => file.replaceAll('\\', '/'))
  .filter(file => !isSoak || /\bsized\(/.test(readFileSync(join(ROOT, file), 'utf8')))
  .filter(file => parts.length === 0 || parts.some(part => file.includes(part)))
  .sort();

if (files.length === 0) {
  console.error(`No test file has ${parts.join(' or ')} in its path. All of them: npm test`);
  process.exit(2);
}

for (const [folder, packages] of Object.entries(FOREIGN_SERVERS)) {
  if (files.some(file => file.startsWith(folder))) ensureDebianPackages(packages, folder);
}

const runner = spawn(
  process.execPath,
  [
    '--test',
    `--test-concurrency=${isSoak ? 1 : CONCURRENCY}`,
    '--test-reporter=spec',
    ...runnerOptions,
    ...files,
  ],
  { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...(isSoak && { PACELINE_SOAK: '1' }) } },
);
runner.on('exit', (code, signal) => {
  if (signal !== null) console.error(`The test runner was ended by ${signal}.`);
  process.exitCode = code ?? 1;
});
