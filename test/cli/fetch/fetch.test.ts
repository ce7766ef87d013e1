// `paceline fetch` as people run it: a process of its own against a scripted server on this machine.
import assert from 'node:assert/strict';
import { closeSync, existsSync, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { main } from '../../../src/cli/main.ts';
import { paceline, startPaceline } from '../../support/command.ts';
import { parseRecord as parse, serverAndFolder } from '../../support/fetch-server.ts';
import { testIo } from '../../support/test-io.ts';

const { server, folder } = await serverAndFolder();
const { file } = folder;

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
  assert.deepEqual([header.strategy, header.concurrency, header.findsPace], ['semaphore', 1000, true]);
  assert.equal(header.seed, 7);
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

test('S14, K11: all ok is exit 0; the record file is for its owner alone and stdout stays empty', async () => {
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

test('L09: what cannot be understood or opened ends before anything is sent', async () => {
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
    [
      ['-i', join(folder.path, 'missing.txt')],
      3,
      /^paceline: Cannot read .*missing\.txt: there is no such file/,
    ],
    [['-i', folder.path], 3, /^paceline: Cannot read .*: it is a directory\.\n$/],
    [['-d', '@nowhere', url], 3, /^paceline: -d @nowhere: there is no such file/],
    [
      ['-o', join(folder.path, 'no', 'run.ndjson'), url],
      3,
      /^paceline: Cannot write .*: there is no such file or dir/,
    ],
  ];
  const requestsBefore = server.raw.requests.filter(({ head }) => head.includes('/never')).length;
  for (const [argv, code, says] of cases) {
    const io = testIo();
    const got = await main(['fetch', ...argv], io);
    assert.match(io.stderr.text(), says);
    assert.deepEqual([got, io.stdout.text()], [code, ''], argv.join(' '));
  }
  assert.equal(server.raw.requests.filter(({ head }) => head.includes('/never')).length, requestsBefore);
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

test('a handler runs where the attempts run, and its values land in the record', async () => {
  const handler = file('length.mjs', 'export default response => response.text().length;');
  for (const strategy of ['async', 'threads', 'processes']) {
    const argv = ['fetch', '-S', strategy, '-w', '1', '-q', '--body', 'none', '--handler', handler];
    const { code, stdout } = await paceline([...argv, `${server.origin}/a`]);
    assert.deepEqual([code, parse(stdout).lines[0]?.value, parse(stdout).lines[0]?.body], [0, 10, undefined]);
  }
});

test('a handler that cannot be loaded ends the command before anything is sent or overwritten', async () => {
  const handler = file('boom.mjs', 'throw new Error("boom on import");');
  const record = file('precious.ndjson', 'precious');
  for (const strategy of ['async', 'threads']) {
    const argv = ['fetch', '-S', strategy, '--handler', handler, '-o', record, `${server.origin}/never`];
    const { code, stdout, stderr } = await paceline(argv);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /^paceline: .*boom\.mjs cannot be loaded: boom on import \(line 1\)\n$/);
  }
  assert.equal(readFileSync(record, 'utf8'), 'precious');
  assert.ok(!server.raw.requests.some(({ head }) => head.includes('/never')));
});

test('a handler gone astray in this thread: the record is whole, and it is nobody else’s bug', async () => {
  const record = file('stray.ndjson');
  const later = 'export default () => { setImmediate(() => { throw new Error("later"); }); return 1; };';
  const unheard = 'export default () => { Promise.reject(new Error("unheard")); return 1; };';
  for (const [text, said] of [
    [later, 'later'],
    [unheard, 'unheard'],
  ] as const) {
    const handler = file('stray.mjs', text);
    const argv = ['fetch', '-n', '4', '-c', '1', '--handler', handler, '-o', record, `${server.origin}/a`];
    const { code, stderr } = await paceline(argv);
    const { lines, summary } = parse(readFileSync(record, 'utf8'));
    assert.equal(code, 2);
    assert.match(stderr, new RegExp(`stray\\.mjs threw outside of its call, .*: ${said} \\(line 1\\)\\n$`));
    assert.doesNotMatch(stderr, /bug/);
    assert.equal(summary.ended, 'local_failure');
    assert.equal(lines.length, summary.requests);
    assert.ok(lines.every(({ outcome, error }) => outcome === 'ok' || error?.code === 'HANDLER_STRAY'));
  }
});

test('a handler that ends the process does not look like success', async () => {
  const handler = file('exit.mjs', 'export default () => process.exit(0);');
  const { code, stderr } = await paceline(['fetch', '--handler', handler, `${server.origin}/a`]);
  assert.equal(code, 2);
  assert.match(stderr, /exit\.mjs ended the process in the middle of the run; the record is not whole\.\n$/);
});

test('what a handler prints is not data', async () => {
  const handler = file('loud.mjs', 'console.info("loading"); export default () => console.info("called");');
  const { code, stdout, stderr } = await paceline(['fetch', '--handler', handler, `${server.origin}/a`]);
  assert.equal(code, 0);
  assert.equal(parse(stdout).lines.length, 1);
  assert.match(stderr, /^loading\ncalled\n/);
});

test('an older, longer record is replaced whole', async () => {
  const record = file('old.ndjson', 'x'.repeat(100_000));
  await paceline(['fetch', '-q', '-o', record, `${server.origin}/a`]);
  assert.equal(parse(readFileSync(record, 'utf8')).lines.length, 1);
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
