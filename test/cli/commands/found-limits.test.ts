// `-c auto` of `compare` and `simulate`: the pace is found in each program that takes a limit, and told for each.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { main } from '../../../src/cli/main.ts';
import type { RecordFooter, RecordHeader } from '../../../src/model/record.ts';
import type { ComparedJson } from '../../../src/reports/compare-json.ts';
import { paceline } from '../../support/command.ts';
import { testIo } from '../../support/test-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'paceline-found-'));
after(() => rmSync(folder, { recursive: true }));

async function simulate(...argv: string[]) {
  const io = testIo();
  const code = await main(['simulate', '-c', 'auto', '--seed', '1', ...argv], io);
  return { code, stdout: io.stdout.text(), stderr: io.stderr.text() };
}

test('a simulation finds the three workers, with every strategy that takes a limit', async () => {
  const { code, stdout } = await simulate('-n', '60', '-q');
  assert.equal(code, 0);
  for (const [strategy, limit] of [
    ['sequential', '1'],
    ['async', 'none'],
    ['semaphore', 'auto 3'],
    ['threads', 'auto 3'],
    ['processes', 'auto 3'],
  ])
    assert.match(stdout, new RegExp(`^${strategy} +60 +${limit} `, 'm'));
  assert.match(stdout, /^Pace found by semaphore, threads, processes: 3 at a time, [^)]*\(proved by \d+\s/m);
  assert.match(stdout, /a\s+limit\s+that\s+is\s+found\s+takes\s+as\s+long/);
  for (const line of stdout.split('\n')) assert.ok([...line].length <= 80, line);
});

test('its record says the same as that of a real run', async () => {
  const path = join(folder, 'simulated.ndjson');
  await simulate('-n', '60', '-S', 'semaphore', '-q', '-o', path);
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  const { run } = JSON.parse(lines[0] ?? '') as RecordHeader;
  const { summary } = JSON.parse(lines.at(-1) ?? '') as RecordFooter;
  assert.deepEqual([run.findsPace, run.concurrency, run.simulated], [true, 1000, true]);
  const [pace, ...others] = summary.pace ?? [];
  assert.deepEqual([pace?.origin, others.length], ['http://simulated.invalid', 0]);
  assert.equal(Math.round(pace?.capacity ?? 0), 3);
  assert.deepEqual(pace?.changes[0]?.slice(0, 2), [0, 4]);
});

test('a rate is told as one', async () => {
  const server = ['--rate-limit', '10/s', '--server-workers', '50', '--delay', '100ms'];
  const { stdout } = await simulate('-n', '300', '-S', 'semaphore', '-q', ...server);
  assert.match(stdout, /^semaphore +300 +auto (9\.\d|10)\/s /m);
  assert.match(
    stdout,
    /^Pace found by semaphore: (9\.\d|10) requests per second \(429s with Retry-After; 1[01] at\s+once after a pa/m,
  );
});

test('--max-concurrency is a ceiling of what is found, and of nothing else', async () => {
  const { stdout } = await simulate('-n', '30', '-S', 'semaphore', '--json', '-q', '--max-concurrency', '2');
  const [row] = (JSON.parse(stdout) as ComparedJson).rows;
  assert.deepEqual([row?.limit, row?.findsPace, row?.summary.inFlightMax], [2, true, 2]);
  const io = testIo();
  for (const argv of [['simulate'], ['compare']]) {
    assert.equal(await main([...argv, '--max-concurrency', '2'], io), 2);
    assert.match(io.stderr.text(), /--max-concurrency bounds what -c auto finds: give -c auto too/);
    assert.equal(await main([...argv, '-c', '3', '--max-concurrency', '2'], io), 2);
    assert.match(io.stderr.text(), /Give one of both numbers/);
    assert.equal(await main([...argv, '-c', 'oracle'], io), 2);
    assert.match(
      io.stderr.text(),
      /-c oracle is for simulate --scenario\. Give a number here, auto, or unlimited/,
    );
  }
});

// How many it finds depends on how busy this machine is; that they are few does not.
test('a comparison finds it in real programs', async () => {
  const flags = ['-n', '40', '-S', 'async,semaphore,threads', '--delay', '50ms', '--no-progress'];
  const { code, stdout, stderr } = await paceline(['compare', '-c', 'auto', ...flags]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^semaphore +40 +auto \d /m);
  assert.match(stdout, /^threads +40 +auto \d /m);
  assert.match(stdout, /^Pace found by semaphore.*: \d at a time/m);
  const json = await paceline(['compare', '-c', 'auto', '--json', '--max-concurrency', '2', ...flags]);
  const { rows } = JSON.parse(json.stdout) as ComparedJson;
  assert.deepEqual(
    rows.map(({ limit, findsPace }) => [limit, findsPace]),
    [
      [null, false],
      [2, true],
      [2, true],
    ],
  );
  for (const { summary } of rows.slice(1)) assert.equal(summary.inFlightMax, 2);
});
