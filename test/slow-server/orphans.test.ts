import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

test('no worker outlives a front that was killed', { timeout: 60_000 }, async () => {
  const host = spawn(
    process.execPath,
    [fileURLToPath(new URL('../support/slow-server-host.ts', import.meta.url))],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  host.stderr.resume();
  const [line] = await once(host.stdout, 'data');
  const { pids } = JSON.parse(String(line)) as { pids: number[] };
  assert.equal(pids.length, 2);
  for (const pid of pids) process.kill(pid, 'SIGINT'); // as ^C in a terminal does, and it must not end them
  for (const pid of pids) assert.equal(process.kill(pid, 0), true);
  host.kill('SIGKILL');
  // The workers write to the same standard error: it closes when the last of them is gone.
  await once(host, 'close');
});
