// `paceline compare` at its edges: what it shows of a URL, signals, a full disk.
import assert from 'node:assert/strict';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { POLITE_FLAGS } from '../../../src/cli/flags/polite-table.ts';
import { paceline, startPaceline } from '../../support/command.ts';
import { answer, serverAndFolder } from '../../support/fetch-server.ts';
import { elementsOf, textsOf } from '../../support/svg.ts';

const { server, folder } = await serverAndFolder();

test('credentials of the URL are sent, and shown nowhere', async () => {
  const url = server.origin.replace('//', '//me:s3cret@');
  for (const more of [[], ['--json']]) {
    const { code, stdout, stderr } = await paceline([
      'compare',
      `${url}/echo`,
      '-n',
      '1',
      '-S',
      'semaphore',
      ...more,
    ]);
    assert.equal(code, 0);
    assert.doesNotMatch(stdout + stderr, /s3cret/);
    if (more.length > 0) assert.deepEqual(JSON.parse(stdout).rows[0].diagnosis, []); // too few to tell
  }
  const { code, stderr } = await paceline(['compare', 'ftp://me:s3cret@a/']);
  assert.equal(code, 2);
  assert.equal(
    stderr,
    "paceline: 'ftp://a/' is not a URL that can be sent: only http and https can be sent, not 'ftp'.\n",
  );
});

test('the flags of the client reach the programs: rates, limits by host, retries', async () => {
  const argv = ['compare', `${server.origin}/500`, '-n', '1', '-S', 'async', '-X', 'POST', '-q'];
  const waits = ['--retry-delay', '1ms', '--retry-max-delay', '2ms'];
  const limits = ['-r', '100/s', '--host-rate', '100/s', '--burst', '2', '--per-host', '1'];
  const cases: [flags: string[], sent: number][] = [
    [[...waits], 1], // a POST that came to an end is not sent again
    [[...waits, '--retry-unsafe'], 3],
    [[...waits, ...limits, '--retry-unsafe', '--retries', '1', '--retry-on', '500'], 2],
    [[...waits, '--retry-unsafe', '--retry-on', '503'], 1],
    [[...waits, '--retry-unsafe', '--retry-budget', '0%', '-n', '11'], 11 + 10], // ten are free
  ];
  for (const [flags, sent] of cases) {
    const before = server.raw.requests.length;
    assert.equal((await paceline([...argv, ...flags])).code, 1, flags.join(' '));
    assert.equal(server.raw.requests.length - before, sent, flags.join(' '));
  }
  const { code, stderr } = await paceline([...argv, '--rate', '0']);
  assert.deepEqual(
    [code, stderr],
    [2, 'paceline: --rate: a rate of 0 never starts. Leave it out for no limit.\n'],
  );
  const { stdout: help } = await paceline(['compare', '--help']);
  for (const [name, { commands }] of Object.entries(POLITE_FLAGS))
    if ((commands as readonly string[]).includes('compare')) assert.match(help, new RegExp(`--${name}\\b`));
});

test('a signal is handed on once: what is in flight finishes, no other program begins', async () => {
  const { child, says, ended } = startPaceline([
    'compare',
    `${server.origin}/held`,
    '-n',
    '3',
    '-S',
    'sequential,async',
  ]);
  await server.untilHeld(1);
  child.kill('SIGTERM');
  await says('Stopping.');
  // The signal crosses to the program at its own pace; a request that was quicker is answered too.
  const answerAll = (): void => {
    for (const socket of server.held.splice(0)) answer(socket, 200, 'late');
  };
  server.onRequest = () => setImmediate(answerAll);
  answerAll();
  const { code, stdout } = await ended;
  server.onRequest = () => undefined;
  assert.equal(code, 143);
  assert.match(stdout, /sequential/);
  assert.doesNotMatch(stdout, /async|failed \(/);
  assert.match(stdout, /\nStopped before its end: nothing is concluded from it\.\n$/);
});

test('G14: a folder for temporary files that is not there, or takes none, is said before anything starts', {
  skip: process.platform === 'win32' && 'needs env',
}, async () => {
  for (const folder of ['/nowhere/at/all', '/dev/null']) {
    const under = ['env', `TMPDIR=${folder}`];
    const { code, stdout, stderr } = await startPaceline(['compare', '-n', '1'], { under }).ended;
    assert.deepEqual([code, stdout], [3, '']);
    assert.match(
      stderr,
      /^paceline: Cannot make a folder for temporary files in \/.*: .*\. .*TMPDIR=DIR.*\n$/,
    );
  }
});

test('a table that cannot be written is told, with exit 3', {
  skip: !existsSync('/dev/full') && 'no /dev/full',
}, async () => {
  for (const words of [['simulate', '-n', '1', '-S', 'async'], ['--help']]) {
    const full = openSync('/dev/full', 'w');
    const { code, stderr } = await startPaceline(words, { stdout: full }).ended;
    closeSync(full);
    assert.equal(code, 3);
    assert.match(stderr, /paceline: Cannot write stdout: the disk is full\.\n$/);
  }
  const { code, stderr } = await paceline(['simulate', '-n', '1', '-S', 'async', '-o', '/dev/full']);
  assert.equal(code, 3);
  assert.match(stderr, /paceline: Cannot write \/dev\/full: the disk is full\.\n$/);
});

test('--report draws all strategies on one axis, from their records', async () => {
  const path = folder.file('compared.svg');
  const argv = ['compare', '-q', '-n', '4', '--delay', '20ms', '-S', 'async,processes', '--report', path];
  const { code, stderr } = await paceline(argv);
  assert.deepEqual([code, stderr], [0, '']);
  const texts = textsOf(elementsOf(readFileSync(path, 'utf8')));
  assert.ok(texts.some(text => text.startsWith('async · 4 requests · no limit · server 3 workers')));
  assert.ok(texts.some(text => text.startsWith('processes · 4 requests · limit 3')));
  assert.ok(!texts.some(text => text.includes('model')), 'it was measured');
  const refused = await paceline(['compare', '-q', '--report', 'x.gif']);
  assert.equal(refused.code, 2);
});
