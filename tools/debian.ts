// The foreign programs that some tests and benchmarks talk to (gunicorn, nginx, Python's requests) come from
// Debian, not from npm. Missing ones are installed where that is possible and named where it is not: a test
// that skips itself in silence proves nothing.
import { spawnSync } from 'node:child_process';

/** Makes sure that these Debian packages are there; throws with the command to type when they cannot be had. */
export function ensureDebianPackages(packages: readonly string[], neededBy: string): void {
  const missing = packages.filter(name => !isInstalled(name));
  if (missing.length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() === 0 && answers('apt-get', ['--version'])) {
    console.error(`${neededBy} needs ${missing.join(', ')}: installing`);
    aptGet(['update', '-qq']);
    aptGet(['install', '-y', '-qq', '--no-install-recommends', ...missing]);
    if (missing.every(isInstalled)) return;
  }
  throw new Error(`${neededBy} needs the Debian packages ${missing.join(', ')}. As root: ${command}`);
}

function isInstalled(name: string): boolean {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own notation
  const asked = spawnSync('dpkg-query', ['--show', '--showformat', '${db:Status-Status}', name], {
    encoding: 'utf8',
  });
  return asked.status === 0 && asked.stdout.trim() === 'installed';
}

function answers(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}

function aptGet(args: readonly string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env });
}
