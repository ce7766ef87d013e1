// The built command where the shell allows few file descriptors: each run ends, with outcomes or with one error.
// Node itself does not start with fewer than about 22.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseRecord, serverAndFolder } from '../support/fetch-server.ts';
import { nodeWithDescriptors } from '../support/few-descriptors.ts';
import { ROOT } from '../support/packed.ts';

const skip = process.platform !== 'linux' && 'needs /proc';
const REQUESTS = 60;

const { server } = await serverAndFolder();

async function allowed(count: number, strategy: string) {
  const words = ['fetch', '-S', ...strategy.split(' '), '-n', String(REQUESTS), `${server.origin}/a`];
  return await nodeWithDescriptors(count, [join(ROOT, 'bin/paceline.cjs'), ...words]);
}

const STRATEGIES = ['semaphore -c 50', 'async', 'threads -w 4 -c 50', 'processes -w 4 -c 50'];

test('G01: some fit: all are ok, with fewer in flight, and a warning has the numbers', { skip }, async () => {
  for (const strategy of STRATEGIES) {
    const { code, stdout, stderr } = await allowed(46, strategy);
    assert.equal(code, 0, `${strategy}: ${stderr}`);
    assert.equal(parseRecord(stdout).summary.outcomes.ok, REQUESTS);
    assert.match(stderr, /warning: this process may hold 46 file descriptors \(ulimit -n\), \d+ are in use/);
  }
});

test('G01: none fits: one error that says how to allow more, nothing sent, exit 3', { skip }, async () => {
  const sentBefore = server.raw.requests.length;
  for (const strategy of STRATEGIES) {
    const { code, stdout, stderr } = await allowed(26, strategy);
    assert.deepEqual([code, stdout], [3, ''], `${strategy}: ${stderr}`);
    assert.match(
      stderr,
      /^paceline: This process may hold 26 file descriptors and holds \d+: .* ulimit -n 1024\n$/,
    );
  }
  assert.equal(server.raw.requests.length, sentBefore);
});
