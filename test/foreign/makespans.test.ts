// The talk's table, held against a server that is not ours: nine requests of one second on three workers take as
// long at Debian's gunicorn as at our own slow API. Both are asked in the same seconds. No makespan can be shorter
// than the services take; how much longer depends on the machine, so the bounds on that side are wide.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openSlowServer, type SlowServer } from '../../src/slow-server/server.ts';
import { paceline } from '../support/command.ts';
import { parseRecord } from '../support/fetch-server.ts';
import { type Gunicorn, startGunicorn, WORKERS } from '../support/gunicorn.ts';

const SERVICE_MS = 1000;
const REQUESTS = 9;
/** A timer may fire in its last millisecond. */
const EARLY_MS = 5;
const LATE_MS = 5000;

let gunicorn: Gunicorn;
let own: SlowServer;
before(async () => {
  gunicorn = await startGunicorn(SERVICE_MS);
  own = await openSlowServer({ workers: WORKERS, serviceTime: { kind: 'constant', ms: SERVICE_MS } });
});
after(async () => {
  await gunicorn?.stop();
  await own?.destroy();
});

async function makespanMs(origin: string, strategy: readonly string[]): Promise<number> {
  const argv = ['fetch', '-S', ...strategy, '-n', String(REQUESTS), `${origin}/`];
  const { code, stdout, stderr } = await paceline(argv);
  assert.equal(code, 0, stderr);
  const { summary } = parseRecord(stdout);
  assert.equal(summary.outcomes.ok, REQUESTS);
  return summary.makespanMs;
}

const CASES: [strategy: string[], idealMs: number][] = [
  [['async'], 3000], // three rounds, the others in the server's queue
  [['semaphore', '-c', '3'], 3000], // three rounds, nobody in the server's queue
  [['sequential'], 9000],
];

for (const [strategy, idealMs] of CASES) {
  test(`${strategy.join(' ')}: gunicorn and our own slow API take the same time`, async () => {
    const both = await Promise.all([makespanMs(gunicorn.origin, strategy), makespanMs(own.url, strategy)]);
    for (const tookMs of both) {
      assert.ok(tookMs >= idealMs - EARLY_MS && tookMs <= idealMs + LATE_MS, `${both} of ${idealMs} ms`);
    }
  });
}
