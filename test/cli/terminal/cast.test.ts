// `--record`: what a terminal has shown, read back and played again.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { main } from '../../../src/cli/main.ts';
import { Cast } from '../../../src/cli/terminal/cast.ts';
import { VirtualClock } from '../../../src/simulation/virtual-clock.ts';
import { startPaceline } from '../../support/command.ts';
import { answer, serverAndFolder } from '../../support/fetch-server.ts';
import { playedLines, readCast } from '../../support/read-cast.ts';
import { TerminalEmulator } from '../../support/terminal-emulator.ts';
import { type TestIo, testIo } from '../../support/test-io.ts';

const { server, folder } = await serverAndFolder();
const URLS = Array.from({ length: 9 }, (_, i) => `${server.origin}/${i}`);
const TERM = { TERM: 'xterm-256color', LC_ALL: 'C.UTF-8' };

function terminalIo(
  size: { columns?: number; rows?: number } = {},
  env: Record<string, string> = TERM,
): TestIo {
  const io = testIo('', env);
  Object.assign(io.stderr, { isTTY: true, columns: 80, rows: 24, ...size });
  return io;
}

function shownBy(io: TestIo): string[] {
  const terminal = new TerminalEmulator(80, 24);
  terminal.write(io.stderr.text().replace(/\r?\n/g, '\r\n'));
  return terminal.lines();
}

test('a fetch played again leaves on the screen what it left there', async () => {
  const path = folder.file('fetch.cast');
  const io = terminalIo();
  assert.equal(await main(['fetch', '-c', '3', '--record', path, ...URLS], io), 0);
  const cast = readCast(readFileSync(path, 'utf8'));
  assert.deepEqual(cast.header.term, { cols: 80, rows: 24 });
  const shown = shownBy(io);
  assert.equal(shown.pop(), `Wrote ${path}.`);
  assert.deepEqual(playedLines(cast), shown);
  assert.match(shown[0] ?? '', /^semaphore · 9 requests/);
  assert.match(shown.at(-1) ?? '', /^seed /);
  assert.deepEqual(cast.events.at(-1)?.text, '0');
});

test('each frame and each size is an event, in the time since the one before', () => {
  const path = folder.file('events.cast');
  const clock = new VirtualClock();
  let columns = 80;
  const cast = Cast.open({ path });
  cast.output('before it begins');
  for (const [atMs, act] of [
    [500.4, () => cast.begin(clock, () => ({ columns, rows: 24 }))],
    [600.6, () => cast.output('a\nb')],
    [600.6, () => cast.output('')],
    [601.3, () => cast.output('\r\x1b[Kc\r\n')],
    [700, () => (columns = 50)],
    [1234.5678, () => cast.output('"d"\u2028')],
    [2000, () => cast.commit(130)],
  ] as const)
    clock.schedule(atMs, act);
  while (clock.step());
  assert.deepEqual(readCast(readFileSync(path, 'utf8')).events, [
    { intervalS: 0.101, code: 'o', text: 'a\r\nb' },
    { intervalS: 0, code: 'o', text: '\r\x1b[Kc\r\n' },
    { intervalS: 0.634, code: 'r', text: '50x24' },
    { intervalS: 0, code: 'o', text: '"d"\u2028' },
    { intervalS: 0.765, code: 'x', text: '130' },
  ]);
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test('where nothing is shown on a terminal, the picture is recorded on one of 80 × 24', async () => {
  for (const [name, io, flags] of [
    ['pipe', testIo('', TERM), []],
    ['quiet', terminalIo(), ['-q']],
    ['no-progress', terminalIo(), ['--no-progress']],
    ['small', terminalIo({ columns: 30, rows: 10 }), []],
  ] as const) {
    const path = folder.file(`${name}.cast`);
    assert.equal(await main(['fetch', '-c', '3', '--record', path, ...flags, ...URLS], io), 0);
    const cast = readCast(readFileSync(path, 'utf8'));
    assert.deepEqual(cast.header.term, { cols: 80, rows: 24 }, name);
    const lines = playedLines(cast);
    assert.match(lines[0] ?? '', /^semaphore · 9 requests/, name);
    assert.match(lines[1] ?? '', /^ {2}req 1 │.*│/, name);
    const said = io.stderr.text();
    assert.equal(said.includes('\x1b[?2026h'), false, `${name}: nothing of it is shown`);
    if (name === 'quiet') assert.equal(said, '');
    else assert.match(said, /9 requests in /);
  }
});

test('a comparison played again shows its programs, its table and its pictures', async () => {
  const path = folder.file('compare.cast');
  const words = ['compare', '-S', 'sequential,async', '-n', '3', '--delay', '150ms', '--record', path];
  const { ended } = startPaceline(words);
  assert.equal((await ended).code, 0);
  const cast = readCast(readFileSync(path, 'utf8'));
  const written = cast.events.map(({ text }) => text).join('');
  assert.ok(written.split('\x1b[?2026h').length > 3, 'live pictures of both');
  const lines = playedLines(cast);
  assert.match(lines[0] ?? '', /^sequential +\d/);
  assert.match(lines[1] ?? '', /^async +\d/);
  const [first, ...others] = (await ended).stdout.trimEnd().split('\n');
  const at = lines.indexOf(first ?? '');
  assert.ok(at > 1);
  assert.deepEqual(
    lines.slice(at + 1),
    others.map(line => line.trimEnd()),
  );
});

test('what a run did before ^C is recorded; of a run that could not do its work nothing is left', async () => {
  const path = folder.file('interrupted.cast');
  server.held.length = 0;
  const { child, says, ended } = startPaceline([
    'fetch',
    '-c',
    '1',
    '--record',
    path,
    `${server.origin}/held`,
    ...URLS,
  ]);
  await server.untilHeld(1);
  child.kill('SIGINT');
  await says('Stopping.');
  for (const socket of server.held.splice(0)) answer(socket, 200, 'late');
  assert.equal((await ended).code, 130);
  const cast = readCast(readFileSync(path, 'utf8'));
  assert.equal(cast.events.at(-1)?.text, '130');
  assert.ok(playedLines(cast).some(line => line.startsWith('Stopping.')));

  const none = folder.file('none.cast');
  const io = terminalIo();
  assert.equal(await main(['fetch', '--record', none, '-i', folder.file('missing.txt')], io), 3);
  assert.equal(await main(['fetch', '--record', none, '-o', folder.path, URLS[0] ?? ''], io), 3);
  assert.equal(existsSync(none), false);
  writeFileSync(none, 'as it was');
  assert.equal(await main(['fetch', '--record', none, '-o', folder.path, URLS[0] ?? ''], io), 3);
  assert.equal(readFileSync(none, 'utf8'), 'as it was');
  assert.equal(await main(['fetch', '--record', none, ...URLS], io), 0);
  readCast(readFileSync(none, 'utf8'));
  assert.deepEqual(
    readdirSync(folder.path).filter(name => name.includes('.tmp')),
    [],
  );
});

test('what cannot be, is said before anything is sent', async () => {
  const sentBefore = server.raw.requests.length;
  const input = folder.file('urls.txt', `${URLS.join('\n')}\n`);
  for (const [words, code, says] of [
    [['--record', `${folder.path}/no/such.cast`, ...URLS], 3, /^paceline: Cannot write .*such\.cast: /],
    [['--record', folder.path, ...URLS], 3, /it is a directory/],
    [['--record', input, '-i', input], 2, /this file is also read as input/],
    [['--record', folder.file('a.txt'), '--report', folder.file('a.txt'), ...URLS], 2, /named twice/],
    [['--record', folder.file('a.ndjson'), '-o', folder.file('a.ndjson'), ...URLS], 2, /named twice/],
  ] as const) {
    const io = testIo('', TERM);
    assert.equal(await main(['fetch', ...words], io), code);
    assert.match(io.stderr.text(), says);
  }
  const record = folder.file('gone-on.ndjson');
  await main(['fetch', '-o', record, ...URLS], testIo('', TERM));
  const io = testIo('', TERM);
  assert.equal(
    await main(['fetch', '-o', record, '--resume', '--record', folder.file('r.cast'), ...URLS], io),
    2,
  );
  assert.match(io.stderr.text(), /--record shows a run from its start/);
  assert.equal(server.raw.requests.length, sentBefore + URLS.length);
  assert.ok(!existsSync(folder.file('r.cast')) && !existsSync(`${dirname(folder.path)}/r.cast`));
});

test('no secret of the command line or of a URL is in a recording', async () => {
  const path = folder.file('secret.cast');
  const url = 'http://someone:sesame@127.0.0.1:1/dead?page=2&token=sesame';
  const words = ['-H', 'Authorization: Bearer sesame', '-d', 'password=sesame', '-v', '--retries', '0'];
  const io = terminalIo();
  await main(['fetch', '--record', path, ...words, url], io);
  const text = readFileSync(path, 'utf8');
  assert.ok(
    text.split('/dead?page=2&token=REDACTED').length > 2,
    'the failure is told, as it comes and at the end',
  );
  assert.doesNotMatch(text, /sesame|Bearer|password/);
  assert.match(io.stderr.text(), /token=sesame/, 'whoever typed it sees it');
});
