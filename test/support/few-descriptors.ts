// Runs Node to its end where the shell allows it few file descriptors.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export async function nodeWithDescriptors(allowed: number, argv: readonly string[]): Promise<Ran> {
  const script = `ulimit -n ${allowed}; exec "$@"`;
  const child = spawn('sh', ['-c', script, 'sh', process.execPath, ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code, stdout, stderr };
}
