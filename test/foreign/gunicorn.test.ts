// Debian's gunicorn with three sync workers: a server that is not ours and says nothing of its times. The talk's
// rounds of three must be the same there as with our own slow API.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ensureDebianPackages } from '../../tools/debian.ts';
import { paceline } from '../support/command.ts';
import { parseRecord } from '../support/fetch-server.ts';

const SERVICE_MS = 300;
const WORKERS = 3;
const REQUESTS = 9;

let gunicorn: ChildProcess;
let origin = '';

before(async () => {
  ensureDebianPackages(['gunicorn'], 'test/foreign/gunicorn.test.ts');
  const folder = fileURLToPath(new URL('.', import.meta.url));
  const words = ['-w', String(WORKERS), '-b', '127.0.0.1:0', '--chdir', folder, 'slow_app:app'];
  const env = { ...process.env, SERVICE_S: String(SERVICE_MS / 1000), PYTHONDONTWRITEBYTECODE: '1' };
  gunicorn = spawn('gunicorn', words, { stdio: ['ignore', 'ignore', 'pipe'], env });
  origin = await listening(gunicorn);
});

after(async () => {
  if (gunicorn?.exitCode !== null) return;
  const gone = once(gunicorn, 'exit');
  gunicorn.kill('SIGKILL'); // its workers see that they are orphans
  await gone;
});

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

async function sent(strategy: string, ...flags: string[]) {
  const argv = ['fetch', '-S', strategy, ...flags, '-n', String(REQUESTS), `${origin}/`];
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
