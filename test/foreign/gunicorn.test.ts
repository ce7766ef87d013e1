// Debian's gunicorn with three sync workers: a server that is not ours and says nothing of its times. The talk's
// rounds of three must be the same there as with our own slow API.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { paceline } from '../support/command.ts';
import { parseRecord } from '../support/fetch-server.ts';
import { type Gunicorn, startGunicorn, WORKERS } from '../support/gunicorn.ts';

const SERVICE_MS = 300;
const REQUESTS = 9;

let gunicorn: Gunicorn;
before(async () => {
  gunicorn = await startGunicorn(SERVICE_MS);
});
after(() => gunicorn?.stop());

async function sent(strategy: string, ...flags: string[]) {
  const argv = ['fetch', '-S', strategy, ...flags, '-n', String(REQUESTS), `${gunicorn.origin}/`];
  const { code, stdout, stderr } = await paceline(argv);
  assert.equal(code, 0, stderr);
  const { lines, summary } = parseRecord(stdout);
  assert.equal(lines.length, REQUESTS);
  for (const { body, tries } of lines) {
    assert.equal(body, 'This is a slow web api');
    assert.deepEqual(
      tries.map(({ server, phasesMs }) => [server, phasesMs.queue, phasesMs.service]),
      [[undefined, undefined, undefined]],
      'nothing is claimed that the server did not say',
    );
  }
  assert.ok(!('serverQueueMs' in summary) && !('serverWorkers' in summary));
  assert.doesNotMatch(stderr, /server's queue/);
  return { summary, endsMs: lines.map(({ endedMs }) => endedMs).toSorted((a, b) => a - b) };
}

/** Rounds of three: no later round can end sooner than its services take, however quick or slow the machine. */
function assertRounds(endsMs: readonly number[]): void {
  for (const [place, endedMs] of endsMs.entries()) {
    const round = Math.floor(place / WORKERS) + 1;
    assert.ok(endedMs >= round * SERVICE_MS - 5, `end ${place} came after ${endedMs} ms`);
  }
}

test('all at once: they end in rounds of three, whatever the server does with the others', async () => {
  const { summary, endsMs } = await sent('async');
  assert.equal(summary.inFlightMax, REQUESTS);
  assertRounds(endsMs);
});

test('three at a time: the same rounds, and never more than three in flight', async () => {
  const { summary, endsMs } = await sent('semaphore', '-c', '3');
  assert.equal(summary.inFlightMax, WORKERS);
  assertRounds(endsMs);
});

test('in threads and processes too', async () => {
  for (const strategy of ['threads', 'processes']) {
    const { summary, endsMs } = await sent(strategy, '-c', '3', '-w', '3');
    assert.equal(summary.inFlightMax, WORKERS);
    assertRounds(endsMs);
  }
});

test('one after another takes all of their times; the others do not', async () => {
  const [sequential, limited] = [await sent('sequential'), await sent('semaphore', '-c', '3')];
  assert.ok(sequential.summary.makespanMs >= REQUESTS * SERVICE_MS - 5);
  assert.ok(limited.summary.makespanMs < sequential.summary.makespanMs, 'three at once are quicker than one');
});
