// Debian's gunicorn with three sync workers and the slow application of test/foreign, for tests.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ensureDebianPackages } from '../../tools/debian.ts';

export const WORKERS = 3;

export interface Gunicorn {
  readonly origin: string;
  /** SIGTTIN: one worker more; SIGTTOU: one less, when it has ended what it does. */
  signal(name: 'SIGTTIN' | 'SIGTTOU'): void;
  stop(): Promise<void>;
}

/** Resolves when all its workers were started. */
export async function startGunicorn(serviceMs: number): Promise<Gunicorn> {
  ensureDebianPackages(['gunicorn'], 'test/foreign');
  const folder = fileURLToPath(new URL('../foreign/', import.meta.url));
  const words = ['-w', String(WORKERS), '-b', '127.0.0.1:0', '--chdir', folder, 'slow_app:app'];
  const env = { ...process.env, SERVICE_S: String(serviceMs / 1000), PYTHONDONTWRITEBYTECODE: '1' };
  const gunicorn = spawn('gunicorn', words, { stdio: ['ignore', 'ignore', 'pipe'], env });
  return {
    origin: await listening(gunicorn),
    signal: name => void gunicorn.kill(name),
    async stop() {
      if (gunicorn.exitCode !== null) return;
      const gone = once(gunicorn, 'exit');
      gunicorn.kill('SIGKILL'); // its workers see that they are orphans
      await gone;
    },
  };
}

/** Its address, once all its workers were started. */
async function listening({ stderr }: ChildProcess): Promise<string> {
  assert.ok(stderr);
  let at = '';
  let booted = 0;
  const log: string[] = [];
  for await (const line of createInterface({ input: stderr })) {
    log.push(line);
    at = /Listening at: (http:\S+)/.exec(line)?.[1] ?? at;
    if (line.includes('Booting worker')) booted++;
    if (at !== '' && booted === WORKERS) {
      stderr.resume(); // what it says later is for nobody, and must not fill the pipe
      return at;
    }
  }
  throw new Error(`gunicorn ended before it was ready:\n${log.join('\n')}`);
}
