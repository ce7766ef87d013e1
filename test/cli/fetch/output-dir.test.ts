// `--output-dir` as people meet it: a process of its own, a real disk that is full, closed or gone, and servers that
// break off. What must hold: a file under a final name is whole, and a line with a file's name tells the truth.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { RequestLine } from '../../../src/model/record.ts';
import { paceline, startPaceline } from '../../support/command.ts';
import { openFolder, parseRecord } from '../../support/fetch-server.ts';
import { type RawServer, startRawServer } from '../../support/raw-server.ts';

const folder = openFolder();
let server: RawServer;
let onHalf: (socket: Socket) => void = () => undefined;

/** Bytes that no text has: what is saved must be these. */
const BINARY = Buffer.from([0xff, 0xfe, 0x00, 0x80, 0xef, 0xbb, 0xbf, 0xc3, 0x28, 0x0d, 0x0a]);

before(async () => {
  chmodSync(folder.path, 0o755);
  server = await startRawServer((socket, { head }) => {
    const path = head.split(' ')[1] ?? '';
    const body = path.endsWith('/binary') ? BINARY : Buffer.from(`body of ${path}`.padEnd(sizeOf(path), '.'));
    const status = path === '/500' ? 500 : 200;
    const naughty = 'Content-Disposition: attachment; filename="../../evil"\r\nLocation: /evil\r\n';
    socket.write(`HTTP/1.1 ${status} X\r\nContent-Length: ${body.length}\r\n${naughty}\r\n`);
    if (!path.startsWith('/half')) socket.write(body);
    else socket.write(body.subarray(0, body.length / 2), () => onHalf(socket));
  });
});

after(async () => {
  await server.close();
  folder.remove();
});

/** `/size/20000/name` is so large. */
function sizeOf(path: string): number {
  return Number(/\/size\/(\d+)/.exec(path)?.[1] ?? 0);
}

function freshDir(name: string): string {
  return join(folder.path, name);
}

/** Each line that names a file is true, and no file is there that no line names. */
function assertTrue(dir: string, lines: readonly RequestLine[]): void {
  const named = lines.flatMap(({ file }) => file ?? []);
  assert.deepEqual(readdirSync(dir).toSorted(), named.toSorted());
  for (const { file, sha256, outcome } of lines) {
    assert.equal(file !== undefined, outcome === 'ok');
    if (file === undefined) continue;
    const bytes = readFileSync(join(dir, file));
    assert.equal(sha256, createHash('sha256').update(bytes).digest('hex'));
  }
}

for (const strategy of ['semaphore', 'threads', 'processes']) {
  test(`I43, S17, E25: files hold the bytes that came, under names of ours, -S ${strategy}`, async () => {
    const dir = freshDir(`all-${strategy}`);
    const o = server.origin;
    const bee = `{"url":"${o}/b","id":"bee.txt"}`;
    const urls = [
      `${o}/a/report.pdf`,
      bee,
      `${o}/500`,
      'no url',
      `${o}/%2e%2e%2f%2e%2e%2fevil`,
      `${o}/binary`,
    ];
    const input = `${urls.join('\n')}\n`;
    const argv = ['fetch', '-S', strategy, '-w', '2', '-i', '-', '--output-dir', dir, '--ordered', '-q'];
    const { code, stdout } = await paceline(argv, input);
    const { lines } = parseRecord(stdout);
    assert.equal(code, 1);
    assert.deepEqual(
      lines.map(({ outcome, file, body }) => [outcome, file, body]),
      [
        ['ok', '000000-report.pdf', undefined],
        ['ok', 'bee.txt', undefined],
        ['http_error', undefined, 'body of /500'],
        ['invalid_input', undefined, undefined],
        ['ok', '000004-evil', undefined],
        ['ok', '000005-binary', undefined],
      ],
    );
    assertTrue(dir, lines);
    assert.deepEqual(readFileSync(join(dir, '000005-binary')), BINARY);
    assert.ok(!existsSync(join(folder.path, 'evil')));
  });
}

test('K01, K07: whatever URLs, ids and servers say, every file lies in the folder under one safe name', async () => {
  const dir = freshDir('inside');
  const ids = [
    '../../evil',
    '/etc/evil',
    '..\\evil',
    'C:evil',
    '.',
    '..',
    '',
    'CON',
    'nul.txt',
    'trailing.',
    '-rf',
    'a\nb',
  ];
  ids.push('x'.repeat(300), 'a\0b', '\u202egnp.exe', '~', '.hidden', 'a/../../b', 'ÿ'.repeat(200));
  const paths = [
    '/../../evil',
    '/%2e%2e%2f%2e%2e%2fevil',
    '/..%5cevil',
    '/C:x',
    '/%00',
    '/CON',
    '//',
    '/.',
    '/a%0Ab',
  ];
  const inputs = [
    ...ids.map(id => ({ url: `${server.origin}/a`, id })),
    ...paths.map(path => ({ url: server.origin + path })),
  ];
  const outside = readdirSync(folder.path).length;
  const { child, ended } = startPaceline(['fetch', '-i', '-', '--output-dir', dir]);
  child.stdin.end(inputs.map(input => `${JSON.stringify(input)}\n`).join(''));
  const { code, stdout } = await ended;
  const { lines } = parseRecord(stdout);
  assert.equal(code, 0);
  assertTrue(dir, lines);
  assert.equal(new Set(lines.map(({ file }) => file?.toLowerCase())).size, inputs.length);
  for (const { file = '' } of lines) {
    assert.match(file, /^[^-.\\/:\p{C}][^\\/:\p{C}]*$/u);
    assert.ok(Buffer.byteLength(file) <= 255 && !/^(con|nul)(\.|$)/i.test(file) && !file.endsWith('.'), file);
  }
  assert.equal(readdirSync(folder.path).length, outside + 1);
});

test('K03, K05: a second run, and the same id twice, take further names; --body keeps the text as well', async () => {
  const dir = freshDir('again');
  const input = ['twin', 'twin', 'Twin'].map(id => `{"url":"${server.origin}/x","id":"${id}"}\n`).join('');
  const files: (string | undefined)[] = [];
  for (let round = 0; round < 2; round++) {
    const argv = ['fetch', '-c', '1', '-i', '-', '--output-dir', dir, '--body', 'text', '-q'];
    const { lines } = parseRecord((await paceline(argv, input)).stdout);
    for (const { file, body } of lines) {
      files.push(file);
      assert.equal(body, 'body of /x');
    }
  }
  const further = ['twin~000000', 'twin~000001-2', 'Twin~000002-2'];
  assert.deepEqual(files, ['twin', 'twin~000001', 'Twin~000002', ...further]);
  assert.deepEqual(readdirSync(dir).toSorted(), files.toSorted());
});

test('E20: a connection reset inside the body leaves no file', async () => {
  const dir = freshDir('reset');
  onHalf = socket => socket.resetAndDestroy();
  const { code, stdout } = await paceline([
    'fetch',
    '--output-dir',
    dir,
    '-q',
    `${server.origin}/half/size/9000`,
  ]);
  const { lines } = parseRecord(stdout);
  assert.equal(code, 1);
  assert.equal(lines[0]?.outcome === 'ok', false);
  assert.deepEqual(readdirSync(dir), []);
});

test('K09: killed inside a body, no file is under a final name, and the whole ones before it stay', async () => {
  const dir = freshDir('killed');
  const half = new Promise<void>(resolve => {
    onHalf = () => resolve();
  });
  const { child, ended } = startPaceline(['fetch', '-i', '-', '--output-dir', dir, '-q']);
  child.stdin.write(`${server.origin}/whole\n`);
  while (!String(await once(child.stdout, 'data')).includes('000000-whole')) {
    // its line comes after its file
  }
  child.stdin.write(`${server.origin}/half/size/9000\n`);
  await half;
  child.kill('SIGKILL');
  await ended;
  assert.deepEqual(readdirSync(dir), ['000000-whole']);
  assert.equal(readFileSync(join(dir, '000000-whole'), 'utf8'), 'body of /whole');
});

test('G09: a body above the limit for files is not claimed, the others are saved, exit 3', {
  skip: process.platform === 'win32' && 'needs ulimit',
}, async () => {
  const dir = freshDir('limited');
  const urls = ['/a', '/size/20000', '/b'].map(path => server.origin + path);
  const under = ['sh', '-c', 'ulimit -f 8; exec "$0" "$@"'];
  const argv = ['fetch', '-c', '1', '--output-dir', dir, '--no-progress', ...urls];
  const { code, stdout, stderr } = await startPaceline(argv, { under }).ended;
  const { lines, summary } = parseRecord(stdout);
  assert.equal(code, 3);
  assert.deepEqual(
    lines.map(({ outcome, status, file, error }) => [outcome, status, file, error?.code]),
    [
      ['ok', 200, '000000-a', undefined],
      ['cancelled', 200, undefined, 'BODY_NOT_SAVED'],
      ['ok', 200, '000002-b', undefined],
    ],
  );
  assertTrue(dir, lines);
  assert.equal(summary.ended, 'complete');
  assert.match(stderr, /paceline: Cannot write bodies to .*limited: it is larger than files may be here/);
});

const hasNamespaces = spawnSync('unshare', ['-rm', 'true']).status === 0;

test('G07: a full disk ends the run with exit 3; nothing partial, nothing claimed, the record whole', {
  skip: !hasNamespaces && 'needs unshare -rm, to mount a disk of 128 kB',
}, async () => {
  const [dir, listing, copy] = ['full', 'full.list', 'full.copy'].map(freshDir) as [string, string, string];
  mkdirSync(dir);
  const script =
    'dir=$1; listing=$2; copy=$3; shift 3; mount -t tmpfs -o size=128k none "$dir" || exit 99; "$@"; ' +
    'code=$?; ls -A "$dir" >"$listing"; cp -r "$dir" "$copy"; exit $code';
  const under = ['unshare', '-rm', 'sh', '-c', script, 'sh', dir, listing, copy];
  const argv = ['fetch', '-c', '2', '-n', '200', '--output-dir', dir, '--no-progress'];
  const { code, stdout, stderr } = await startPaceline([...argv, `${server.origin}/size/20000`], { under })
    .ended;
  const { lines, summary } = parseRecord(stdout);
  assert.equal(code, 3, stderr);
  assertTrue(copy, lines);
  assert.deepEqual(readFileSync(listing, 'utf8').trim().split('\n'), readdirSync(copy));
  assert.equal(summary.ended, 'local_failure');
  const { ok = 0, cancelled = 0 } = summary.outcomes;
  assert.ok(ok >= 1 && ok < 7 && cancelled >= 1 && lines.length < 200, `${ok} ok, ${lines.length} lines`);
  assert.ok(lines.some(({ error }) => error?.code === 'BODY_NOT_SAVED'));
  assert.match(stderr, /Cannot write bodies to .*: the disk is full\.\n$/);
});

test('K14: a folder that is removed while bodies come ends the run; what follows is not claimed', async () => {
  const dir = freshDir('removed');
  const { child, ended } = startPaceline(['fetch', '-i', '-', '--output-dir', dir, '-q']);
  child.stdin.write(`${server.origin}/a\n`);
  while (!String(await once(child.stdout, 'data')).includes('000000-a')) {
    // its line comes when nothing is left to be done with its file
  }
  rmSync(dir, { recursive: true });
  child.stdin.write(`${server.origin}/b\n`); // and no end: the run ends by itself
  const { code, stdout, stderr } = await ended;
  const { lines, summary } = parseRecord(stdout);
  assert.equal(code, 3);
  assert.deepEqual(
    lines.map(({ outcome, file, error }) => [outcome, file, error?.code]),
    [
      ['ok', '000000-a', undefined],
      ['cancelled', undefined, 'BODY_NOT_SAVED'],
    ],
  );
  assert.equal(summary.ended, 'local_failure');
  assert.match(stderr, /Cannot write bodies to .*removed: there is no such file or directory\.\n$/);
  assert.ok(!existsSync(dir));
});

test('G14: a folder without permission, or a file in its place, is refused before anything is sent', async () => {
  const dir = freshDir('closed');
  mkdirSync(dir, { mode: 0o555 });
  writeFileSync(freshDir('file'), '');
  const isRoot = process.getuid?.() === 0;
  const under = isRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
  const sent = server.requests.length;
  for (const [path, why] of [
    [dir, 'no permission'],
    [freshDir('file'), 'it is not a directory'],
  ]) {
    const argv = ['fetch', '--output-dir', String(path), `${server.origin}/a`];
    const { code, stdout, stderr } = await startPaceline(argv, { under }).ended;
    assert.deepEqual([code, stdout], [3, '']);
    assert.equal(stderr, `paceline: --output-dir ${path}: cannot save files there: ${why}.\n`);
  }
  assert.equal(server.requests.length, sent);
});
