// A bench that is ended by a signal takes its servers with it, and their files.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ensureDebianPackages } from '../../tools/debian.ts';

const HOST = fileURLToPath(new URL('../support/bench-host.ts', import.meta.url));

/** Connects again and again; a server that lives on lets this go on until the test is out of time. */
async function untilRefused(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const isRefused = await new Promise<boolean>(resolve => {
      socket.once('connect', () => resolve(false)).once('error', () => resolve(true));
    });
    socket.destroy();
    if (isRefused) return;
  }
}

test('SIGTERM and ^C end the servers of a bench', { timeout: 60_000 }, async () => {
  ensureDebianPackages(['nginx', 'gunicorn'], 'test/foreign/bench-ended.test.ts');
  for (const [signal, code] of [
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const) {
    const host = spawn(process.execPath, [HOST], { stdio: ['pipe', 'pipe', 'inherit'] });
    const ended = once(host, 'exit');
    const [said] = await once(host.stdout, 'data');
    const { directory, origins } = JSON.parse(String(said)) as { directory: string; origins: string[] };
    host.kill(signal);
    assert.equal((await ended)[0], code);
    for (const origin of origins) await untilRefused(Number(new URL(origin).port));
    assert.equal(existsSync(directory), false, signal);
  }
});
