// Inputs as they come down a real pipe: bad lines among good ones, lines that are far too long, no end, no beginning.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { test } from 'node:test';
import { main } from '../../../src/cli/main.ts';
import { paceline, startPaceline } from '../../support/command.ts';
import { fetchHereFrom } from '../../support/fetch-here.ts';
import { answer, parseRecord, serverAndFolder } from '../../support/fetch-server.ts';
import { startRawServer } from '../../support/raw-server.ts';
import { sized } from '../../support/soak.ts';
import { testIo } from '../../support/test-io.ts';

const { server } = await serverAndFolder();

const kindsOf = (stdout: string): string[] =>
  parseRecord(stdout).lines.map(({ outcome, error }) => (error ? `${outcome} ${error.code}` : outcome));

async function untilSaid(stdout: Readable, text: string): Promise<void> {
  let seen = '';
  for await (const piece of stdout.iterator({ destroyOnReturn: false })) {
    seen += piece;
    if (seen.includes(text)) return;
  }
}

async function write(stream: Writable, chunk: string | Buffer): Promise<void> {
  if (!stream.write(chunk)) await once(stream, 'drain');
}

test('L01: a mark at the start, CRLF, blank lines, a bad one and no last line feed: the rest is sent', async () => {
  const { origin: o } = server;
  const list = `\ufeff${o}/a\r\n\r\n{"url":\r\n   \r\n${o}/b\r\n# no more\r\n${o}/c`;
  const { code, stdout } = await paceline(['fetch', '-i', '-', '--ordered', '-q'], list);
  const { lines } = parseRecord(stdout);
  assert.deepEqual(kindsOf(stdout), ['ok', 'invalid_input ERR_INPUT_JSON', 'ok', 'ok']);
  assert.match(lines[1]?.error?.message ?? '', /^stdin line 3: /);
  assert.deepEqual([code, lines.at(-1)?.url], [1, `${server.origin}/c`]);
});

test('L03: a line of 200 MB and a million brackets are refused, and cost no memory', {
  skip: process.platform !== 'linux' && 'needs /proc',
}, async () => {
  const { child, ended } = startPaceline(['fetch', '-i', '-', '--body', 'none', '--ordered', '-q']);
  const piece = Buffer.alloc(1024 ** 2, 'x');
  for (let mebibytes = 0; mebibytes < sized(200, 2000); mebibytes++) await write(child.stdin, piece);
  await write(child.stdin, `\n{"url":"${server.origin}/a","json":${'['.repeat(1_000_000)}\n`);
  await write(child.stdin, `${server.origin}/last\n`);
  await untilSaid(child.stdout, '/last"');
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
  child.stdin.end();
  const { code, stdout } = await ended;
  const refused = ['invalid_input ERR_INPUT_TOO_LONG', 'invalid_input ERR_INPUT_JSON'];
  assert.deepEqual([code, kindsOf(stdout)], [1, [...refused, 'ok']]);
  assert.ok(Number(peak) < 300 * 1024, `${peak} kB`);
});

test('L09: an input that is empty, or was closed before the start, is a word and no hang', async () => {
  for (const under of [[], ['sh', '-c', 'exec "$@" <&-', 'sh']]) {
    const { child, ended } = startPaceline(['fetch', '-i', '-'], { under });
    child.stdin.end();
    const { code, stderr } = await ended;
    assert.equal(code, 0);
    assert.match(stderr, /0 requests/);
  }
});

test('L09: an input without end is read as it is needed, and ends with the run', async () => {
  const yes = spawn('yes', [`${server.origin}/a`], { stdio: ['ignore', 'pipe', 'ignore'] });
  const { child, ended } = startPaceline(['fetch', '-i', '-', '--body', 'none', '--max-duration', '1500ms']);
  yes.stdout.pipe(child.stdin);
  const { code, stdout } = await ended;
  yes.kill();
  const { summary } = parseRecord(stdout);
  assert.deepEqual([code, summary.ended], [10, 'deadline']);
  assert.ok((summary.outcomes.ok ?? 0) > 0);
});

test('L05: what is no http URL is an outcome before anything is sent; the rest is sent', async () => {
  const bad = [
    'javascript:alert(1)',
    'file:///etc/passwd',
    'data:text/plain,x',
    'ftp://127.0.0.1/',
    '/a',
    'a b',
  ];
  bad.push(`${server.origin}/a b`, `//${server.origin.slice(7)}/a`, `${server.origin.slice(7)}/a`);
  const before = server.raw.requests.length;
  const { code, stdout } = await paceline(
    ['fetch', '-i', '-', '--ordered', '-q'],
    `${[...bad, `${server.origin}/good`].join('\n')}\n`,
  );
  assert.deepEqual(
    parseRecord(stdout).lines.map(({ outcome, attempts }) => [outcome, attempts]),
    [...bad.map(() => ['invalid_input', 0]), ['ok', 1]],
  );
  assert.deepEqual([code, server.raw.requests.length - before], [1, 1]);
});

test('L16: the same id and the same URL twice are two requests with a line each', async () => {
  const line = JSON.stringify({ url: `${server.origin}/twice`, id: 7 });
  const before = server.raw.requests.length;
  const { code, stdout } = await paceline(['fetch', '-i', '-', '-q'], `${line}\n${line}\n`);
  const { lines } = parseRecord(stdout);
  assert.deepEqual(lines.map(({ index, id }) => [index, id]).toSorted(), [
    [0, 7],
    [1, 7],
  ]);
  assert.deepEqual([code, server.raw.requests.length - before], [0, 2]);
});

test('L13: no request, one request, all of them failed: every number is one', async () => {
  for (const [paths, code, requests] of [
    [[], 0, 0],
    [['/a'], 0, 1],
    [['/500', '/500', '/500'], 1, 3],
  ] as const) {
    const list = paths.map(path => `${server.origin}${path}\n`).join('');
    for (const words of [[], ['-v'], ['--format', 'csv']]) {
      const { code: got, stdout, stderr } = await fetchHereFrom(list, '-i', '-', ...words);
      assert.equal(got, code, `${paths} ${words}`);
      assert.doesNotMatch(stdout + stderr, /NaN|Infinity|undefined|null%/);
      if (words[0] === '--format') assert.equal(stdout.trimEnd().split('\r\n').length, requests + 1);
      else assert.equal(parseRecord(stdout).summary.requests, requests);
    }
  }
});

test('A13: one that fails at once is not forgotten over those that go well later', async () => {
  const { child, ended } = startPaceline([
    ...['fetch', '-c', '2', '--retries', '0', `${server.origin}/500`, `${server.origin}/held`],
  ]);
  server.held.length = 0;
  // Either may come first.
  await Promise.all([server.untilHeld(1), untilSaid(child.stdout, '"http_error"')]);
  for (const socket of server.held) answer(socket, 200, 'late');
  const { code, stdout } = await ended;
  assert.equal(code, 1);
  assert.deepEqual(parseRecord(stdout).summary.outcomes, { ok: 1, http_error: 1 });
});

test('C17: retries that are allowed and not needed change no exit code', async t => {
  const missing = await startRawServer(socket => answer(socket, 404, ''));
  t.after(() => missing.close());
  for (const [url, expected] of [
    [`${server.origin}/a`, 0],
    [`${missing.origin}/`, 1],
  ] as const) {
    for (const words of [['--retries', '0'], [], ['--retries', '5', '--retry-on', '5xx,timeout']]) {
      const io = testIo();
      const code = await main(['fetch', '-q', ...words, url], io);
      const stdout = io.stdout.text();
      assert.deepEqual([code, parseRecord(stdout).lines[0]?.attempts], [expected, 1], `${url} ${words}`);
    }
  }
});
