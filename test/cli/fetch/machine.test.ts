// The machine under a run: its ports are used up, its clock is set, its cores are few, its disk is slow.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { most } from '../../../bench/limits/windows.ts';
import { seededRandom } from '../../../src/base/random.ts';
import { startPaceline } from '../../support/command.ts';
import { openFolder, parseRecord } from '../../support/fetch-server.ts';
import { type Answer, startRawServer } from '../../support/raw-server.ts';
import { sized } from '../../support/soak.ts';

const folder = openFolder();
after(() => folder.remove());

const canRun = (program: string, ...words: string[]): boolean => spawnSync(program, words).status === 0;
const answer = (body: string, headers = '', status = 200): string =>
  `HTTP/1.1 ${status} X\r\nContent-Length: ${body.length}\r\n${headers}\r\n${body}`;

/** A network of its own with this many local ports, and a server in it that keeps no connection. */
const FEW_PORTS = `
  ip link set lo up && echo "40000 40009" > /proc/sys/net/ipv4/ip_local_port_range || exit 9
  "$1" -e "$2" & server=$!
  shift 2
  for try in 1 2 3 4 5 6 7 8 9; do "$@" --connect-timeout 1s -q -n 1 > /dev/null && break; done
  "$@" -n 100 -c 30; code=$?
  kill $server; exit $code`;
const SERVER = `require('node:http').createServer((request, response) => setImmediate(() => response.end('x')))
  .listen(8111, '127.0.0.1')`;

test('G03: local ports run out: said to be ours, and waited for until all is done', {
  skip: !canRun('unshare', '-rn', 'ip', 'link') && 'needs unshare -rn, for a network with ten ports',
}, async () => {
  const under = ['unshare', '-rn', 'sh', '-c', FEW_PORTS, 'sh', process.execPath, SERVER];
  const words = ['--retries', '20', '--retry-delay', '20ms', '--seed', '1'];
  for (const method of ['GET', 'POST']) {
    const argv = ['fetch', '-X', method, ...words, 'http://127.0.0.1:8111/'];
    const { code, stdout, stderr } = await startPaceline(argv, { under }).ended;
    const { lines, summary } = parseRecord(stdout);
    assert.deepEqual([code, summary.outcomes], [0, { ok: 100 }], stderr);
    const failed = lines.flatMap(({ tries }) => tries.flatMap(({ error }) => error ?? []));
    assert.ok(failed.length > 0);
    for (const { code, message } of failed) {
      assert.equal(code, 'EADDRNOTAVAIL');
      assert.match(message, /^This machine has no local port left.*lower -c/);
    }
  }
});

test('G12: there are as many workers as cores that this process may use', {
  skip: !canRun('taskset', '-c', '0', 'true') && 'needs taskset',
}, async t => {
  const server = await startRawServer(socket => socket.write(answer('x')));
  t.after(() => server.close());
  const argv = ['fetch', '-S', 'threads', '-q', `${server.origin}/`];
  const { stdout } = await startPaceline(argv, { under: ['taskset', '-c', '0'] }).ended;
  assert.equal(parseRecord(stdout).header.workers, 1);
});

for (const strategy of ['semaphore', 'processes']) {
  test(`B03: ${strategy}: the time of day jumps by hours: pace, waits and spans are as they were`, {
    skip: process.platform === 'win32' && 'needs env',
  }, async t => {
    const server = await startRawServer((socket, { index }) => {
      const asked = 'Date: Fri, 27 Nov 2026 10:00:00 GMT\r\nRetry-After: Fri, 27 Nov 2026 10:00:01 GMT\r\n';
      socket.write(index === 30 ? answer('', asked, 503) : answer('x'));
    });
    t.after(() => server.close());
    const hook = new URL('../../support/stepping-date.mjs', import.meta.url);
    const under = ['env', `NODE_OPTIONS=--import=${hook}`];
    const argv = ['fetch', '-S', strategy, '-w', '2', '-n', '60', '-r', '20/200ms', `${server.origin}/`];
    const { code, stdout, stderr } = await startPaceline(argv, { under }).ended;
    assert.match(stderr, /looked at the time [1-9]\d* times/);
    const { lines, summary } = parseRecord(stdout);
    assert.deepEqual([code, summary.outcomes], [0, { ok: 60 }]);
    assert.ok(summary.makespanMs > 590 && summary.makespanMs < 60_000, `${summary.makespanMs}`);
    const tries = lines.flatMap(line => line.tries);
    assert.ok(
      most(
        tries.map(({ startedMs }) => startedMs),
        200,
      ) <= 20,
    );
    for (const { startedMs, endedMs, phasesMs } of tries)
      assert.ok(endedMs >= startedMs && Object.values(phasesMs).every(ms => ms >= 0));
    const [refused, again] = lines.find(({ attempts }) => attempts === 2)?.tries ?? [];
    const waitedMs = (again?.startedMs ?? 0) - (refused?.endedMs ?? 0);
    assert.equal(refused?.retryAfterMs, 1000);
    assert.ok(waitedMs >= 1000 && waitedMs < 30_000, `${waitedMs}`);
  });
}

test('A17: 200 of mixed length, three at a time: 200 outcomes, and each file whole', async t => {
  const random = seededRandom(17);
  const turnsLater = (turns: number, act: () => void): void => {
    if (turns === 0) act();
    else setImmediate(() => turnsLater(turns - 1, act));
  };
  const onConnection = (socket: Socket): unknown => socket.setNoDelay();
  const answerInParts: Answer = (socket, { head }) => {
    const body = (head.split(' ')[1] ?? '').repeat(1 + Math.floor(random.next() * 500));
    const whole = answer(body);
    socket.write(whole.slice(0, -body.length));
    turnsLater(Math.floor(random.next() ** 4 * 200), () => socket.write(body));
  };
  const server = await startRawServer(answerInParts, { onConnection });
  t.after(() => server.close());
  const dir = join(folder.path, 'whole');
  const list = Array.from({ length: 200 }, (_, i) => `${server.origin}/${i}\n`).join('');
  const { child, ended } = startPaceline(['fetch', '-i', '-', '-c', '3', '--output-dir', dir]);
  child.stdin.end(list);
  const { code, stdout } = await ended;
  const { lines, summary } = parseRecord(stdout);
  assert.deepEqual([code, lines.length, summary.inFlightMax], [0, 200, 3]);
  assert.equal(new Set(lines.map(({ file }) => file)).size, 200);
  assert.equal(readdirSync(dir).length, 200);
  for (const { file = '', bytes } of lines) {
    assert.ok(bytes > 0);
    assert.equal(statSync(join(dir, file)).size, bytes);
  }
});

const needsStrace = {
  skip:
    !canRun('strace', '-qq', '-o', '/dev/null', 'true') &&
    'needs strace, to fail or slow down calls to the disk',
};

test(
  'J07: a sync that the disk fails once ends the run with exit 3, and it is gone on from',
  needsStrace,
  async t => {
    const server = await startRawServer(socket => socket.write(answer('x')));
    t.after(() => server.close());
    const list = folder.file(
      'j07.txt',
      Array.from({ length: 50 }, (_, i) => `${server.origin}/${i}\n`).join(''),
    );
    const record = folder.file('j07.ndjson');
    const argv = ['fetch', '-i', list, '-o', record, '-q'];
    const fails = ['-e', 'trace=fdatasync', '-e', 'inject=fdatasync:error=EIO:when=1'];
    const under = ['strace', '-f', '-qq', '-o', '/dev/null', ...fails];
    // Slow enough for a sync in the middle; that is the one that fails.
    const { code, stderr } = await startPaceline([...argv, '-r', '25/s'], { under }).ended;
    assert.equal(code, 3);
    assert.match(stderr, /^paceline: Cannot write .*j07\.ndjson: the disk reported an error\.$/m);
    const said = readFileSync(record, 'utf8');
    assert.doesNotMatch(said, /"ended":"complete"/);
    const { child, ended } = startPaceline([...argv, '--resume']);
    child.stdin.end();
    assert.equal((await ended).code, 0);
    const lines = parseRecord(readFileSync(record, 'utf8').replace(/^\{"resumed".*\n/gm, '')).lines;
    assert.equal(new Set(lines.map(({ index }) => index)).size, 50);
    assert.equal(lines.length, 50);
  },
);

test(
  'E29, F06: a disk slower than the network slows the run, in bounded memory, and is no time-out',
  needsStrace,
  async t => {
    const body = Buffer.alloc(sized(1, 8) * 1024 ** 2, 'x');
    const bodies = sized(40, 750);
    const server = await startRawServer(socket => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`);
      socket.write(body);
    });
    t.after(() => server.close());
    const slow = 'inject=fsync,fdatasync:delay_exit=50000';
    const under = [
      'strace',
      '-f',
      '--seccomp-bpf',
      '-qq',
      '-o',
      '/dev/null',
      '-e',
      'trace=fsync,fdatasync',
      '-e',
      slow,
    ];
    const dir = join(folder.path, 'slow');
    const limits = ['--headers-timeout', '1s', '--body-timeout', '1s', '--retries', '0'];
    const argv = [
      'fetch',
      '-c',
      '10',
      '-n',
      `${bodies}`,
      ...limits,
      '--output-dir',
      dir,
      `${server.origin}/`,
    ];
    const { code, stdout, stderr } = await startPaceline(argv, { under }).ended;
    const { summary } = parseRecord(stdout);
    assert.deepEqual([code, summary.outcomes], [0, { ok: bodies }], stderr);
    assert.equal(readdirSync(dir).length, bodies);
    // Four threads sync at once: what the disk took is time of nobody else's.
    assert.ok((summary.usage?.realMs ?? 0) > (bodies / 4) * 50);
    assert.ok((summary.serviceMs?.p99 ?? 0) < 1000, JSON.stringify(summary.serviceMs));
    const peakMiB = (summary.usage?.peakMemoryBytes ?? Number.NaN) / 1024 ** 2;
    // Of the few small ones all may be held at once; of the many large ones only what the bounds say.
    assert.ok(peakMiB < 1000, `${peakMiB} MiB`);
  },
);
