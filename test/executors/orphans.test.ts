// No child outlives a killed parent, whatever the child is at (I56).
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startDeterministicServer } from '../support/deterministic-server.ts';

const OWNER = fileURLToPath(new URL('./fixtures/pool-owner.ts', import.meta.url));

/** Whether the process runs; one that is dead and waits for somebody to ask for its exit code does not. */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== 'linux') return true;
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false; // gone between the two looks
  }
}

test('H09: children of a parent that is killed are gone soon, one that spins among them', {
  timeout: 60_000,
}, async t => {
  const server = await startDeterministicServer();
  t.after(() => server.close());
  const owner = spawn(process.execPath, [OWNER, server.origin], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(owner.stdout, 'data')) as [Buffer];
  const children = JSON.parse(line.toString()) as number[];
  assert.equal(children.length, 2);
  assert.ok(children.every(runs), 'both run before');
  owner.kill('SIGKILL');
  await once(owner, 'exit');
  // The test's time limit ends this loop if they stay.
  while (children.some(runs)) await new Promise(setImmediate);
});
