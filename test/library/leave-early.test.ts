// Programs that stop reading in the middle: sockets, threads and processes are gone, and the program can end.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { StrategyName } from '../../src/index.ts';
import { startRawServer } from '../support/raw-server.ts';

const PROGRAM = fileURLToPath(new URL('../support/leave-early.ts', import.meta.url));
/** What was seen in the end: after an abort, what was read ahead is cancelled. */
const WAYS = { break: ['ok'], throw: ['ok', 'the reader threw'], abort: ['ok', 'cancelled'] };

for (const strategy of ['semaphore', 'threads', 'processes'] as const satisfies StrategyName[]) {
  test(`${strategy}: leaving by break, throw or abort lets go of everything`, async t => {
    const server = await startRawServer(socket => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
    });
    t.after(() => server.close());
    for (const [way, seen] of Object.entries(WAYS)) {
      const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, server.origin, strategy, way]);
      assert.deepEqual(JSON.parse(stdout), { seen, left: [] }, way);
      await server.allClosed();
    }
  });
}
