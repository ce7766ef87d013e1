// Where people see what limited a run, and where they do not.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { main } from '../../../src/cli/main.ts';
import { readRecord } from '../../../src/trace/read.ts';
import { parseRecord, serverAndFolder } from '../../support/fetch-server.ts';
import { testIo } from '../../support/test-io.ts';

const { server, folder } = await serverAndFolder();
const RETRIES = /^Retries: 5 of 15 attempts failed and were made again, all after status 500;/m;

async function fetched(...argv: string[]) {
  const io = testIo();
  const list = folder.file('list.txt', `${server.origin}/ok\n${server.origin}/500\n`);
  const flags = ['-i', list, '-n', '5', '--retries', '1', '--retry-delay', '0ms', ...argv];
  await main(['fetch', ...flags], io);
  return { stdout: io.stdout.text(), stderr: io.stderr.text() };
}

test('fetch ends with it, on stderr alone', async () => {
  const { stdout, stderr } = await fetched();
  assert.match(stderr, RETRIES);
  assert.doesNotMatch(stdout, /Retries:/);
});

test('-q says nothing of it', async () => {
  assert.equal((await fetched('-q')).stderr, '');
});

test('a run that was gone on with is two runs, and not diagnosed', async () => {
  const record = folder.file('again.ndjson');
  assert.match((await fetched('-o', record)).stderr, RETRIES);
  assert.doesNotMatch((await fetched('-o', record, '--resume', '--retry-failed')).stderr, /Retries:/);
});

test('the header of the record states the rates and the limit for a host, where they were set', async () => {
  const record = folder.file('rates.ndjson');
  await fetched(
    '-o',
    record,
    '--rate',
    '1000/s',
    '--host-rate',
    '60000/min',
    '--burst',
    '9',
    '--per-host',
    '4',
  );
  const { header } = parseRecord(readFileSync(record, 'utf8'));
  const { rate, hostRate, burst, perHost } = header;
  assert.deepEqual(
    [rate, hostRate],
    [
      { count: 1000, windowMs: 1000 },
      { count: 60_000, windowMs: 60_000 },
    ],
  );
  assert.deepEqual([burst, perHost], [9, 4]);
  const plain = folder.file('plain.ndjson');
  await fetched('-o', plain);
  const names = Object.keys(parseRecord(readFileSync(plain, 'utf8')).header);
  for (const name of ['rate', 'hostRate', 'burst', 'perHost']) assert.ok(!names.includes(name), name);
});

test('a rate in a header that is none is told by its line', async () => {
  const run = { version: '0', started: '', strategy: 'async', concurrency: null, seed: 1 };
  for (const rate of [5, { count: 0, windowMs: 1000 }, { count: 1 }, { count: 1, windowMs: -1 }, null]) {
    const text = JSON.stringify({ paceline: 1, run: { ...run, rate } });
    assert.throws(() => [...readRecord([text])], { code: 'ERR_RECORD_DAMAGED', message: /line 1.*rate/s });
  }
});

test('simulate and compare of one strategy say it in the place of what a comparison shows', async () => {
  const simulated = async (...argv: string[]) => {
    const io = testIo();
    await main(['simulate', '-q', ...argv], io);
    return io.stdout.text();
  };
  assert.match(await simulated('-S', 'async'), /\n\nThe server's capacity: 6 of 9 requests waited/);
  assert.doesNotMatch(await simulated('-S', 'async,semaphore'), /The server's capacity/);
  assert.match(
    await simulated('-S', 'semaphore', '-n', '40', '-r', '1/s', '--server-workers', '9'),
    /--rate 2\/s/,
  );
});
