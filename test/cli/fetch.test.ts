// `paceline fetch` as people run it: a process of its own against a scripted server on this machine.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { main } from '../../src/cli/main.ts';
import type { RequestLine, Summary } from '../../src/model/record.ts';
import { paceline, startPaceline } from '../support/command.ts';
import { type RawServer, startRawServer } from '../support/raw-server.ts';
import { testIo } from '../support/test-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'paceline-fetch-'));
let server: RawServer;
/** Connections whose request for /held has not been answered. */
const held: Socket[] = [];
let onRequest = (): unknown => undefined;
let onHeld = (): void => undefined;

function answer(socket: Socket, status: number, body: string): void {
  socket.write(`HTTP/1.1 ${status} X\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

before(async () => {
  server = await startRawServer((socket, { head, body }) => {
    const path = head.split(' ')[1] ?? '';
    onRequest();
    if (path === '/held') {
      held.push(socket);
      onHeld();
    } else if (path === '/escape') answer(socket, 200, 'a\x1b]8;;x\x07b\nc\n');
    else if (path === '/echo') answer(socket, 200, head + body.toString());
    else answer(socket, path === '/500' ? 500 : 200, `body of ${path}`);
  });
});

after(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

function file(name: string, text = ''): string {
  const path = join(folder, name);
  if (text !== '') writeFileSync(path, text);
  return path;
}

function parse(text: string): { header: Record<string, unknown>; lines: RequestLine[]; summary: Summary } {
  assert.ok(text.endsWith('\n'));
  const [header, ...rest] = text
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line));
  const { summary } = rest.pop();
  return { header: header.run, lines: rest, summary };
}

/** Resolves when `count` requests for /held wait for their answer. */
async function untilHeld(count: number): Promise<void> {
  while (held.length < count) {
    await new Promise<void>(resolve => {
      onHeld = resolve;
    });
  }
}

test('a bad line among good ones is an outcome; the record says all, in order when asked', async () => {
  const o = server.origin;
  const list = file(
    'mixed.txt',
    `# list\n${o}/a\nnot a url\n{"url":"${o}/b","id":"bee"\n{"url":"${o}/500"}\n`,
  );
  const { code, stdout, stderr } = await paceline([
    'fetch',
    '-i',
    list,
    '--ordered',
    '--seed',
    '7',
    `${o}/z`,
  ]);
  const { header, lines, summary } = parse(stdout);
  assert.equal(code, 1);
  assert.deepEqual([header.strategy, header.concurrency, header.seed], ['semaphore', 10, 7]);
  assert.deepEqual(
    lines.map(({ index, outcome, status, body }) => [index, outcome, status, body]),
    [
      [0, 'ok', 200, 'body of /a'],
      [1, 'invalid_input', null, undefined],
      [2, 'invalid_input', null, undefined],
      [3, 'http_error', 500, 'body of /500'],
      [4, 'ok', 200, 'body of /z'],
    ],
  );
  assert.match(lines[2]?.error?.message ?? '', /mixed\.txt line 4: not valid JSON at column \d+\.$/);
  assert.equal(summary.ended, 'complete');
  assert.match(stderr, /invalid input: .*mixed\.txt line 3: 'not a url' is not a URL that can be sent/);
  assert.match(stderr, /1 × http_error 500, first: http/);
  assert.match(stderr, /^5 requests in .*: 2 ok/m);
});

test('all ok is exit 0; the record file is for its owner alone and stdout stays empty', async () => {
  const path = file('run.ndjson');
  const { code, stdout } = await paceline(['fetch', '-i', '-', '-o', path, '-q'], `${server.origin}/a\n`);
  assert.deepEqual([code, stdout], [0, '']);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(parse(readFileSync(path, 'utf8')).lines.length, 1);
});

test('bodies alone, a line each; CSV with a head', async () => {
  const url = `${server.origin}/a`;
  const bodies = await paceline([
    'fetch',
    '-n',
    '2',
    '--format',
    'body',
    '-q',
    url,
    `${server.origin}/escape`,
  ]);
  assert.deepEqual(
    bodies.stdout.split('\n').toSorted(),
    ['', 'a\x1b]8;;x\x07b', 'a\x1b]8;;x\x07b', 'body of /a', 'body of /a', 'c', 'c'].toSorted(),
  );
  const csv = await paceline(['fetch', '--format', 'csv', '-q', url]);
  assert.match(
    csv.stdout,
    /^index,id,method,url,outcome,status,.*\r\n0,,GET,http:.*\/a,ok,200,1,0,,[^\n]*\r\n$/,
  );
});

test('method, headers and body go out as told; credentials go nowhere else', async () => {
  const data = file('data.json', '{"a":1}\n');
  const url = `${server.origin.replace('//', '//ann:s3cret@')}/echo`;
  const argv = ['fetch', '-X', 'put', '-H', 'X-A: 1', '-d', `@${data}`, '-v', url];
  const { code, stdout, stderr } = await paceline(argv);
  const [line] = parse(stdout).lines;
  assert.equal(code, 0);
  const sent = line?.body ?? '';
  assert.match(sent, /^PUT \/echo HTTP/);
  assert.match(sent, /x-a: 1\r\n/i);
  assert.match(sent, /content-type: application\/x-www-form-urlencoded\r\n/i);
  assert.match(sent, new RegExp(`authorization: Basic ${btoa('ann:s3cret')}\r\n`, 'i'));
  assert.ok(sent.endsWith('\r\n\r\n{"a":1}\n'));
  assert.doesNotMatch(JSON.stringify({ ...line, body: '' }) + stderr, /s3cret|YW5uOnMzY3JldA/);
});

test('what cannot be understood or opened ends before anything is sent', async () => {
  const url = `${server.origin}/never`;
  const list = file('same.txt', `${url}\n`);
  const cases: [argv: string[], code: number, stderr: RegExp][] = [
    [[], 2, /^paceline: Nothing to fetch: give URLs, or -i FILE/],
    [
      ['--concurency', '3', url],
      2,
      /^paceline: There is no flag --concurency\. Did you mean --concurrency\?/,
    ],
    [['-c', '0', url], 2, /^paceline: -c 0: nothing could ever start/],
    [['-c', '1e9', url], 2, /^paceline: -c 1e9: at most 65535: one address has no more ports/],
    [['-m', '5', url], 2, /^paceline: -m: 5 has no unit\. Write 5s or 5ms\.\n$/],
    [['-S', 'magic', url], 2, /^paceline: There is no strategy 'magic'/],
    [['-H', 'no colon', url], 2, /^paceline: -H: A header is written 'Name: value'/],
    [['-X', 'CON NECT', url], 2, /^paceline: -X: .* is not an HTTP method/],
    [['-n', '2', '-i', '-'], 2, /^paceline: -n 2: stdin can be read only once/],
    [['-i', '-', '-i', '-'], 2, /^paceline: -i -: stdin can be given only once/],
    [['-i', list, '-o', list], 2, /this file is also read as input/],
    [['-i', join(folder, 'missing.txt')], 3, /^paceline: Cannot read .*missing\.txt: there is no such file/],
    [['-i', folder], 3, /^paceline: Cannot read .*: it is a directory\.\n$/],
    [['-d', '@nowhere', url], 3, /^paceline: -d @nowhere: there is no such file/],
    [
      ['-o', join(folder, 'no', 'run.ndjson'), url],
      3,
      /^paceline: Cannot write .*: there is no such file or dir/,
    ],
  ];
  const requestsBefore = server.requests.filter(({ head }) => head.includes('/never')).length;
  for (const [argv, code, says] of cases) {
    const io = testIo();
    const got = await main(['fetch', ...argv], io);
    assert.match(io.stderr.text(), says);
    assert.deepEqual([got, io.stdout.text()], [code, ''], argv.join(' '));
  }
  assert.equal(server.requests.filter(({ head }) => head.includes('/never')).length, requestsBefore);
  assert.equal(readFileSync(list, 'utf8'), `${url}\n`);
});

test('a disk that fills up ends the run with exit 3, and says so', {
  skip: !existsSync('/dev/full'),
}, async () => {
  const { code, stderr } = await paceline(['fetch', '-n', '3', '-o', '/dev/full', `${server.origin}/a`]);
  assert.equal(code, 3);
  assert.match(stderr, /^paceline: Cannot write \/dev\/full: the disk is full\.$/m);
  const full = openSync('/dev/full', 'w');
  const child = startPaceline(['fetch', '-n', '3', `${server.origin}/a`], { stdout: full });
  closeSync(full);
  const ended = await child.ended;
  assert.equal(ended.code, 3);
  assert.match(ended.stderr, /^paceline: Cannot write stdout: the disk is full\.$/m);
});

test('--dry-run shows what would be sent and sends nothing', async () => {
  const { code, stdout, stderr } = await paceline([
    'fetch',
    '--dry-run',
    '-c',
    '3',
    'http://a.invalid',
    'x:y',
  ]);
  assert.deepEqual([code, stdout], [1, 'GET http://a.invalid/\n']);
  assert.match(stderr, /URL 2 of the command line: 'x:y' is not a URL/);
  assert.match(stderr, /1 would be sent to 1 origin, at most 3 at once \(semaphore\); nothing was\./);
});

test('a reader that leaves early, as head does, ends the run without a word', async () => {
  const { child, ended } = startPaceline(['fetch', '-i', '-']);
  // The next line is given when one was answered, so the input has no end while the run lasts.
  const feed = (): boolean => child.stdin.write(`${server.origin}/a\n`.repeat(50));
  onRequest = feed;
  feed();
  await once(child.stdout, 'data');
  child.stdout.destroy();
  const { code, stderr } = await ended;
  onRequest = () => undefined;
  assert.deepEqual([code, stderr], [0, '']);
});

test('^C once: nothing new starts, what is in flight finishes, the record is whole, exit 130', async () => {
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
  held.length = 0;
  await untilHeld(2);
  child.kill('SIGINT');
  await says('Stopping. 2 in flight may finish; ^C again ends them now.');
  for (const socket of held) answer(socket, 200, 'late');
  const { code } = await ended;
  const { lines, summary } = parse(readFileSync(path, 'utf8'));
  assert.equal(code, 130);
  assert.equal(held.length, 2);
  assert.equal(summary.ended, 'interrupted');
  assert.equal(summary.outcomes.ok, 2);
  assert.equal(lines.length, summary.requests);
  assert.ok(lines.every(({ outcome }) => outcome === 'ok' || outcome === 'cancelled'));
});

test('SIGTERM twice ends at once with 143, also while stdin stays open', async () => {
  const path = file('aborted.ndjson');
  const { child, says, ended } = startPaceline(['fetch', '-i', '-', '-o', path]);
  held.length = 0;
  child.stdin.write(`${server.origin}/held\n`);
  await untilHeld(1);
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
