import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { main } from '../../../src/cli/main.ts';
import type { ComparedJson } from '../../../src/reports/compare-json.ts';
import { readRecord } from '../../../src/trace/read.ts';
import { testIo } from '../../support/test-io.ts';

async function simulate(...argv: string[]) {
  const io = testIo();
  const code = await main(['simulate', ...argv], io);
  return { code, stdout: io.stdout.text(), stderr: io.stderr.text() };
}

async function makespans(...argv: string[]): Promise<Record<string, number>> {
  const { stdout } = await simulate('--json', ...argv);
  const { rows } = JSON.parse(stdout) as ComparedJson;
  return Object.fromEntries(rows.map(({ strategy, realMs }) => [strategy, realMs]));
}

test('the talk: nine requests, three workers of a second', async () => {
  const { code, stdout, stderr } = await simulate('--seed', '7', '--no-progress');
  assert.equal(code, 0);
  assert.equal(stderr, 'seed 7\n');
  assert.match(stdout, /^Simulated: 9 requests to a slow API: 3 workers, 1 s a request\n/);
  const expected = { sequential: 9000, async: 3000, semaphore: 3000, threads: 3000, processes: 3000 };
  assert.deepEqual(await makespans('-q'), expected);
});

test('CPU work for each response: one thread pays for all, workers share it', async () => {
  assert.deepEqual(await makespans('-q', '--cpu', '200ms', '-n', '3', '-S', 'async,threads'), {
    async: 1600,
    threads: 1200,
  });
});

test('what limited each run is told for machines', async () => {
  const { stdout } = await simulate('--json', '-q', '-S', 'async,semaphore');
  const [async, semaphore] = (JSON.parse(stdout) as ComparedJson).rows;
  assert.deepEqual(
    async?.diagnosis.map(({ code }) => code),
    ['server_capacity'],
  );
  assert.match(async?.diagnosis[0]?.sentence ?? '', /^The server's capacity: 6 of 9 requests waited .*\.$/);
  assert.equal(
    async?.diagnosis[0]?.tryThis,
    '-S semaphore -c 3: it takes about as long and queues nothing there',
  );
  assert.deepEqual(semaphore?.diagnosis, []);
});

test('a seed decides every draw', async () => {
  const draws = ['-q', '-n', '50', '-S', 'semaphore', '--delay', 'exp(100ms)', '--seed'];
  assert.deepEqual(await makespans(...draws, '1'), await makespans(...draws, '1'));
  assert.notDeepEqual(await makespans(...draws, '1'), await makespans(...draws, '2'));
});

test('rates, limits by host and retries are those of a real run', async () => {
  const argv = ['-q', '-n', '5', '-S', 'async', '--delay', '1s', '--seed', '7'];
  assert.deepEqual(await makespans(...argv, '--server-workers', '5'), { async: 1000 });
  assert.deepEqual(await makespans(...argv, '--server-workers', '5', '-r', '2/s'), { async: 3000 });
  assert.deepEqual(await makespans(...argv, '--server-workers', '5', '--host-rate', '2/s', '--burst', '3'), {
    async: 2000,
  });
  assert.deepEqual(await makespans(...argv, '--server-workers', '5', '--per-host', '1'), { async: 5000 });
});

test('a full backlog shows in the exit code', async () => {
  const { code, stdout } = await simulate('-q', '-S', 'async', '--backlog', '2', '--retries', '0', '--json');
  assert.equal(code, 1);
  assert.equal((JSON.parse(stdout) as ComparedJson).rows[0]?.failed, 4);
});

test('a refused request is sent again, as a real run would', async () => {
  const { code, stdout } = await simulate('-q', '-S', 'async', '--backlog', '2', '--retries', '9', '--json');
  assert.equal(code, 0);
  assert.equal((JSON.parse(stdout) as ComparedJson).rows[0]?.failed, 0);
});

test('the record of one strategy can be kept and read', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'paceline-'));
  try {
    const path = join(folder, 'run.ndjson');
    await simulate('-q', '-n', '5', '-S', 'semaphore', '-o', path);
    const items = [...readRecord(readFileSync(path, 'utf8').split('\n'))];
    assert.deepEqual(
      items.map(({ kind }) => kind),
      ['header', ...Array(5).fill('request'), 'footer'],
    );
    assert.ok(items[0]?.kind === 'header' && items[0].run.simulated);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('what it cannot do is said before anything is simulated', async () => {
  const refused = [
    [['http://x/'], /simulate sends nothing and takes no URL/],
    [['-o', 'x.ndjson'], /-o keeps the record of one strategy/],
    [['-S', 'quick'], /There is no strategy 'quick'/],
    [['-S', 'async', '-o', '/nonexistent/x.ndjson'], /Cannot write/],
  ] as const;
  for (const [argv, message] of refused) {
    const { code, stderr, stdout } = await simulate('-q', ...argv);
    assert.ok(code === 2 || code === 3, `${argv.join(' ')}: ${code}`);
    assert.match(stderr, message);
    assert.equal(stdout, '');
  }
});
