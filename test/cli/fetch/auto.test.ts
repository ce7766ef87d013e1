// `fetch -c auto`: the pace of a real server is found while the run goes on, and told in summary and record.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import { main } from '../../../src/cli/main.ts';
import { openSlowServer } from '../../../src/slow-server/server.ts';
import { readRecord } from '../../../src/trace/read.ts';
import { serverAndFolder } from '../../support/fetch-server.ts';
import { testIo } from '../../support/test-io.ts';

const { folder } = await serverAndFolder();
const server = await openSlowServer({ workers: 2, port: 0, serviceTime: { kind: 'constant', ms: 25 } });
after(() => server.close());
const URL_TEXT = `http://127.0.0.1:${server.port}/`;

async function fetched(...argv: string[]) {
  const io = testIo();
  const code = await main(['fetch', ...argv, URL_TEXT], io);
  return { code, stdout: io.stdout.text(), stderr: io.stderr.text() };
}

/** Header and summary of a record that all readers take. */
function recordAt(path: string) {
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  assert.ok([...readRecord(lines)].length > 0);
  const { run } = JSON.parse(lines[0] ?? '');
  const { summary } = JSON.parse(lines[lines.length - 1] ?? '');
  return { run, summary };
}

describe('-c auto', () => {
  for (const strategy of ['semaphore', 'threads', 'processes']) {
    test(`two workers are found, with ${strategy}`, async () => {
      const record = folder.file(`${strategy}.ndjson`);
      const { code, stderr } = await fetched('-S', strategy, '-c', 'auto', '-n', '120', '-o', record);
      assert.equal(code, 0);
      assert.match(stderr, /^Pace found: \d+ at a time/m);
      assert.doesNotMatch(stderr, /Try -c/); // it has been found
      const { run, summary } = recordAt(record);
      assert.deepEqual([run.concurrency, run.findsPace], [1000, true]);
      const [pace] = summary.pace;
      assert.equal(pace.origin, `http://127.0.0.1:${server.port}`);
      assert.ok(pace.limit >= 1 && pace.limit <= 16, `${pace.limit}`);
      assert.ok(summary.inFlightMax <= 60, `${summary.inFlightMax}`);
      assert.equal(pace.changes[0][1], 4);
      assert.ok(pace.changes.every(([atMs, limit]: number[]) => Number(atMs) >= 0 && Number(limit) >= 1));
    });
  }

  test('never more than --max-concurrency', async () => {
    const record = folder.file('most.ndjson');
    await fetched('-c', 'auto', '--max-concurrency', '2', '-n', '30', '-o', record);
    const { run, summary } = recordAt(record);
    assert.equal(run.concurrency, 2);
    assert.ok(summary.inFlightMax <= 2, `${summary.inFlightMax}`);
  });

  test('a run with a number says nothing of a pace', async () => {
    const record = folder.file('fixed.ndjson');
    const { stderr } = await fetched('-c', '2', '-n', '5', '-o', record);
    assert.doesNotMatch(stderr, /Pace/);
    const { run, summary } = recordAt(record);
    assert.deepEqual([run.findsPace, summary.pace], [undefined, undefined]);
  });

  test('a strategy that has its own limit keeps it', async () => {
    const { stderr } = await fetched('-S', 'sequential', '-c', 'auto', '-n', '3');
    assert.match(stderr, /-c changes nothing with -S sequential/);
    assert.doesNotMatch(stderr, /Pace/);
  });

  test('a ceiling without auto, and words that are for others', async () => {
    const { code, stderr } = await fetched('-c', '5', '--max-concurrency', '9');
    assert.equal(code, 2);
    assert.match(stderr, /--max-concurrency/);
    assert.match((await fetched('-c', 'oracle')).stderr, /-c oracle is for simulate --scenario/);
  });

  test('--dry-run simulates it', async () => {
    const { stderr } = await fetched('-c', 'auto', '-n', '60', '--dry-run', '--delay', '200ms');
    assert.match(stderr, /as many at once as the server bears/);
    assert.match(stderr, /Simulated with 3 server workers and 200 ms a request: 4(\.0\d)? s/);
  });
});
