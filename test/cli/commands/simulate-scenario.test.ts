// `paceline simulate --scenario`: a file scored, as a table and as JSON, and what is refused.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { main } from '../../../src/cli/main.ts';
import { testIo } from '../../support/test-io.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'paceline-scenario-'));
after(() => rmSync(FOLDER, { recursive: true, force: true }));

const TALK = {
  ...{ id: 'talk', family: 'steady', n: 60, server: { workers: 3 }, service: { dist: 'det', mean: 1 } },
  net: { rtt: 0.005, jitter: 0.0005 },
};

function fileOf(value: unknown): string {
  const path = join(FOLDER, 'scenarios.json');
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
  return path;
}

async function score(value: unknown, ...argv: string[]) {
  const io = testIo();
  const code = await main(['simulate', '--scenario', fileOf(value), ...argv], io);
  return { code, stdout: io.stdout.text(), stderr: io.stderr.text() };
}

describe('scores', () => {
  test('as JSON: each scenario, and all together', async () => {
    const { code, stdout } = await score(
      [TALK, { ...TALK, id: 'slow', n: 30 }],
      '-c',
      '1',
      '--seeds',
      '2',
      '--json',
    );
    assert.equal(code, 0);
    const { pace, seeds, scenarios, aggregate } = JSON.parse(stdout);
    assert.deepEqual([pace, seeds], ['fixed 1', [1, 2]]);
    assert.deepEqual(
      scenarios.map(({ id, lStar }: { id: string; lStar: number }) => [id, lStar]),
      [
        ['talk', 3],
        ['slow', 3],
      ],
    );
    const [talk] = scenarios;
    assert.ok(talk.makespanRatio > 2.9 && talk.makespanRatio < 3.1, `${talk.makespanRatio}`);
    assert.deepEqual([talk.excessQueueMean, talk.refusedShare, talk.requestsUntilSettled], [0, 0, 60]);
    assert.deepEqual(talk.goals, { strict: false, ramped: false });
    assert.equal(aggregate.scenarios, 2);
    assert.deepEqual(aggregate.goals, { strict: 0, ramped: 0 });
  });

  test('the pace is found where nothing else is asked for, and the same each time', async () => {
    const once = await score(TALK, '--json');
    assert.deepEqual(await score(TALK, '--json'), once);
    const { pace, scenarios } = JSON.parse(once.stdout);
    assert.equal(pace, 'auto');
    assert.ok(scenarios[0].makespanRatio <= 1.05, `${scenarios[0].makespanRatio}`);
    assert.notEqual((await score(TALK, '--json', '--seed', '9')).stdout, once.stdout);
  });

  test('as a table', async () => {
    const { stdout, stderr } = await score(TALK, '-c', 'oracle', '--seeds', '1');
    assert.match(stdout, /^1 scenario, seed 1, pace: oracle\n/);
    assert.match(stdout, /\ntalk {6,}3 +1\.000 +1\.000 +0\.00 +0\.0 +0\.0 % +\d+ +0\.000 +s r\n/);
    assert.match(stdout, /\ngoals: strict 1 of 1, ramped 1 of 1\n$/);
    assert.equal(stderr, '');
  });

  test('a scenario that comes to no end is told', async () => {
    const endless = { ...TALK, n: 1000, service: { dist: 'det', mean: 60 }, server: { workers: 1000 } };
    const { code, stdout } = await score(endless, '-c', '1', '--seeds', '1', '--json');
    assert.equal(code, 1);
    assert.equal(JSON.parse(stdout).scenarios[0].makespanRatio, null);
  });
});

describe('what is refused', () => {
  test('a file that is not of this form, by its name and the field', async () => {
    const { code, stderr, stdout } = await score([
      TALK,
      { ...TALK, id: 'b', service: { dist: 'det', mean: 'x' } },
    ]);
    assert.equal(code, 2);
    assert.match(
      stderr,
      /scenarios\.json, scenario 2: service\.mean: expected a number from .*, got "x"\.\n$/,
    );
    assert.equal(stdout, '');
    assert.equal((await score('[')).code, 2);
    assert.match((await score(' '.repeat(5_000_000))).stderr, /more than 4 MiB/);
  });

  test('a file that is not there, and flags that the file decides', async () => {
    const io = testIo();
    assert.equal(await main(['simulate', '--scenario', join(FOLDER, 'none.json')], io), 3);
    assert.match(io.stderr.text(), /^paceline: Cannot read .*none\.json: there is no such file/);
    assert.match((await score(TALK, '--delay', '1s')).stderr, /--delay beside --scenario/);
  });

  test('a name in the file cannot turn the terminal', async () => {
    const { stdout } = await score({ ...TALK, id: 'a\u001b[31mb' }, '-c', '3', '--seeds', '1');
    assert.ok(!stdout.includes('\u001b'));
  });

  test('-c oracle without a scenario, and --seeds alone', async () => {
    const io = testIo();
    assert.equal(await main(['simulate', '-c', 'oracle'], io), 2);
    assert.match(io.stderr.text(), /-c oracle is for simulate --scenario/);
    const seeds = testIo();
    assert.equal(await main(['simulate', '--seeds', '3'], seeds), 2);
    assert.match(seeds.stderr.text(), /--seeds is for --scenario/);
  });
});
