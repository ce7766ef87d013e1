// How `paceline fetch` ends before its time: a reader that leaves, ^C, SIGTERM.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { paceline, startPaceline } from '../../support/command.ts';
import { answer, parseRecord as parse, serverAndFolder } from '../../support/fetch-server.ts';
import { startRawServer } from '../../support/raw-server.ts';

const { server, folder } = await serverAndFolder();
const { file } = folder;

test('G05: a reader that leaves early, as head does, ends the run without a word', async () => {
  const { child, ended } = startPaceline(['fetch', '-i', '-']);
  // The next line is given when one was answered, so the input has no end while the run lasts.
  const feed = (): boolean => child.stdin.write(`${server.origin}/a\n`.repeat(50));
  server.onRequest = feed;
  feed();
  await once(child.stdout, 'data');
  child.stdout.destroy();
  const { code, stderr } = await ended;
  server.onRequest = () => undefined;
  assert.deepEqual([code, stderr], [0, '']);
});

test('G05: the record beside a reader that leaves is whole, and gone on from', async () => {
  const path = file('beside.ndjson');
  const list = file('beside.txt', `${server.origin}/a\n`.repeat(300));
  const argv = ['fetch', '-i', list, '-c', '10', '-o', path, '-q'];
  const { child, ended } = startPaceline([...argv, '--format', 'body']);
  await once(child.stdout, 'data');
  child.stdout.destroy();
  const { code, stderr } = await ended;
  assert.deepEqual([code, stderr], [0, '']);
  const { lines, summary } = parse(readFileSync(path, 'utf8'));
  assert.equal(summary.ended, 'interrupted');
  assert.ok(lines.length < 300 && lines.some(({ outcome }) => outcome === 'ok'));
  assert.equal((await paceline([...argv, '--resume'])).code, 0);
  assert.match(readFileSync(path, 'utf8'), /"outcomes":\{"ok":300\}/);
});

test('L07: ^C once: nothing new starts, what is in flight finishes, the record is whole, exit 130', async () => {
  const path = file('drained.ndjson');
  const { child, says, ended } = startPaceline([
    'fetch',
    '-c',
    '2',
    '-n',
    '50',
    '-o',
    path,
    `${server.origin}/held`,
  ]);
  server.held.length = 0;
  await server.untilHeld(2);
  child.kill('SIGINT');
  await says('Stopping. 2 in flight may finish; ^C again ends them now.');
  for (const socket of server.held) answer(socket, 200, 'late');
  const { code } = await ended;
  const { lines, summary } = parse(readFileSync(path, 'utf8'));
  assert.equal(code, 130);
  assert.equal(server.held.length, 2);
  assert.equal(summary.ended, 'interrupted');
  assert.equal(summary.outcomes.ok, 2);
  assert.equal(lines.length, summary.requests);
  assert.ok(lines.every(({ outcome }) => outcome === 'ok' || outcome === 'cancelled'));
});

test('a handler that never settles: -m bounds it, or the second ^C ends it, as the help says', async () => {
  const stuck = 'export default () => (process.stderr.write("called"), new Promise(() => {}));';
  const argv = ['fetch', '--handler', file('stuck.mjs', stuck), `${server.origin}/a`];
  for (const [flags, outcome] of [
    [['-m', '100ms'], 'timeout'],
    [[], 'cancelled'],
  ] as const) {
    const { child, says, ended } = startPaceline([...argv, ...flags]);
    await says('called');
    child.kill('SIGINT');
    await says('Stopping. 1 in flight may finish');
    if (outcome === 'cancelled') child.kill('SIGINT');
    const { code, stdout } = await ended;
    assert.deepEqual([code, parse(stdout).lines[0]?.outcome], [130, outcome]);
  }
  const { stdout: help } = await paceline(['fetch', '--help']);
  assert.match(help.replace(/\s+/g, ' '), /never settles outlasts the first \^C, unless -m bounds it/);
});

test('L07: SIGTERM twice ends at once with 143, also while stdin stays open', async () => {
  const path = file('aborted.ndjson');
  const { child, says, ended } = startPaceline(['fetch', '-i', '-', '-o', path]);
  server.held.length = 0;
  child.stdin.write(`${server.origin}/held\n`);
  await server.untilHeld(1);
  child.kill('SIGTERM');
  await says('Stopping. 1 in flight may finish.');
  child.kill('SIGTERM');
  const { code } = await ended;
  const { lines } = parse(readFileSync(path, 'utf8'));
  assert.equal(code, 143);
  assert.deepEqual(
    lines.map(({ outcome, error }) => [outcome, error?.code]),
    [['cancelled', 'INTERRUPTED']],
  );
});

test('a signal before there was a request: no word of what may finish, none of an empty input', async () => {
  const { child, says, ended } = startPaceline(['fetch', '-i', '-', '--body', 'none', '-v']);
  await once(child.stdout, 'data'); // the header
  child.kill('SIGINT');
  await says('Stopping.');
  const { code, stderr } = await ended;
  assert.equal(code, 130);
  assert.match(stderr, /^Stopping\.\n0 requests · interrupted\n/m);
});

/** All that is left waits, and nothing is in flight, once the last request of the list is in the record. */
const waits: [wait: string, flags: readonly string[], paths: readonly string[]][] = [
  ['backoff', ['--retry-delay', '1h', '--retry-max-delay', '1h', '--seed', '1'], ['/500', '/a']],
  ['the pause of a host', [], ['/429', '/429', 'other/a']],
  ['a rate', ['-r', '1/min'], ['/a', '/a', '/a']],
];
for (const [wait, flags, paths] of waits) {
  for (const [signal, expected] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    test(`C09: ${signal} once, while all that is left sits in ${wait}: ended at once, the record whole`, async () => {
      const other = await startRawServer(socket => answer(socket, 200, ''));
      const urls = paths.map(path =>
        path.replace(/^other/, other.origin).replace(/^\//, `${server.origin}/`),
      );
      const { child, says, ended } = startPaceline(['fetch', '-c', '1', '--body', 'none', ...flags, ...urls]);
      let seen = '';
      for await (const text of child.stdout.iterator({ destroyOnReturn: false })) {
        seen += text;
        if (seen.includes('"outcome":"ok"')) break;
      }
      child.kill(signal);
      await says('Stopping.\n');
      const { code, stdout } = await ended;
      await other.close();
      const { lines, summary } = parse(stdout);
      assert.deepEqual([code, summary.ended, lines.length], [expected, 'interrupted', paths.length]);
      assert.deepEqual(
        lines.map(({ error }) => error?.code),
        [undefined, ...Array(paths.length - 1).fill('INTERRUPTED')],
      );
    });
  }
}

test('a reader that leaves while all that is left sits in a wait: the run ends with it', async () => {
  const other = await startRawServer(socket => answer(socket, 200, ''));
  server.held.length = 0;
  const urls = [`${server.origin}/held`, `${other.origin}/429`];
  const argv = ['fetch', '-c', '1', '-r', '1/min', '--burst', '1', '--body', 'none', ...urls];
  const { child, ended } = startPaceline(argv);
  await once(child.stdout, 'data'); // the header
  child.stdout.destroy();
  await server.untilHeld(1);
  for (const socket of server.held) answer(socket, 200, 'late'); // its line finds nobody; the next start is in a minute
  const { code, stderr } = await ended;
  await other.close();
  assert.deepEqual([code, stderr], [0, '']);
});

test('S14: credentials are not left where the list of processes shows them', {
  skip: process.platform !== 'linux' && 'needs /proc',
}, async () => {
  const url = `${server.origin.replace('//', '//me:s3cret@')}/held`;
  const { child, ended } = startPaceline(['fetch', '-q', '-H', 'X-Key: s3cret', url]);
  server.held.length = 0;
  await server.untilHeld(1);
  assert.doesNotMatch(readFileSync(`/proc/${child.pid}/cmdline`, 'utf8'), /s3cret/);
  for (const socket of server.held) answer(socket, 200, 'late');
  const { code, stdout, stderr } = await ended;
  assert.equal(code, 0);
  assert.doesNotMatch(stdout + stderr, /s3cret/);
});
