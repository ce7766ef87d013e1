// `paceline compare` at its edges: what it shows of a URL, signals, a full disk.
import assert from 'node:assert/strict';
import { closeSync, existsSync, openSync } from 'node:fs';
import { test } from 'node:test';
import { paceline, startPaceline } from '../../support/command.ts';
import { answer, serverAndFolder } from '../../support/fetch-server.ts';

const { server } = await serverAndFolder();

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
  }
  const { code, stderr } = await paceline(['compare', 'ftp://me:s3cret@a/']);
  assert.equal(code, 2);
  assert.equal(
    stderr,
    "paceline: 'ftp://a/' is not a URL that can be sent: only http and https can be sent, not 'ftp'.\n",
  );
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
