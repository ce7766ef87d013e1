// What `fetch` leaves on stderr: the picture on a terminal, no code of a terminal anywhere else.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { main } from '../../../src/cli/main.ts';
import { serverAndFolder } from '../../support/fetch-server.ts';
import { TerminalEmulator } from '../../support/terminal-emulator.ts';
import { testIo } from '../../support/test-io.ts';

const { server, folder } = await serverAndFolder();
const ESC = '\x1b';
const COLOUR = /\x1b\[[\d;]*m/;

interface Terminal {
  readonly isTTY?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly columns?: number;
  readonly rows?: number;
}

async function stderrOf(argv: readonly string[], terminal: Terminal): Promise<string> {
  const { isTTY = true, env = { TERM: 'xterm-256color' }, columns = 80, rows = 24 } = terminal;
  const io = testIo('', env);
  Object.assign(io.stderr, { isTTY, columns, rows });
  const urls = Array.from({ length: 9 }, (_, i) => `${server.origin}/${i}`);
  assert.equal(await main(['fetch', '-c', '3', ...argv, ...urls], io), 0);
  assert.ok(!io.stdout.text().includes(ESC), 'stdout is data');
  return io.stderr.text();
}

test('on a terminal the picture of the run stays above its summary', async () => {
  const text = await stderrOf([], {});
  assert.match(text, COLOUR);
  const terminal = new TerminalEmulator(80, 24);
  terminal.write(text.replace(/\r?\n/g, '\r\n'));
  const lines = terminal.lines();
  assert.equal(lines[0], 'semaphore · 9 requests · limit 3');
  for (let i = 1; i <= 9; i++) assert.match(lines[i] ?? '', new RegExp(`^  req ${i} │.*│ `));
  assert.match(lines[10] ?? '', /^ at srv │/);
  const summary = lines.findIndex(line => line.startsWith('9 requests in '));
  assert.ok(summary > 11);
  assert.ok(!lines.some(line => line.includes('wall ')), 'the summary says it');
  assert.match(lines.at(-1) ?? '', /^seed /);
});

test('a pipe gets neither a picture nor any code of a terminal', async () => {
  const text = await stderrOf([], { isTTY: false });
  assert.ok(!text.includes(ESC));
  assert.doesNotMatch(text, /req 1/);
  assert.match(text, /^9 requests in /);
});

test('NO_COLOR takes the colours, TERM=dumb all codes and all but ASCII in the picture', async () => {
  const plain = await stderrOf([], { env: { TERM: 'xterm-256color', NO_COLOR: '1' } });
  assert.doesNotMatch(plain, COLOUR);
  assert.match(plain, /req 1 │/);
  const dumb = await stderrOf([], { env: { TERM: 'dumb' } });
  assert.ok(!dumb.includes(ESC));
  const picture = dumb.slice(0, dumb.indexOf('9 requests in'));
  assert.match(picture, /req 1 \|/);
  assert.match(picture, /^[\x20-\x7e\n]+$/);
});

test('sixteen colours are enough, and --charset decides over the locale', async () => {
  const text = await stderrOf(['--charset', 'ascii'], { env: { TERM: 'xterm', LANG: 'de_DE.UTF-8' } });
  assert.doesNotMatch(text, /38;[25];/);
  assert.match(text, COLOUR);
  assert.match(text, /req 1 .*\|/);
  const wide = await stderrOf(['--charset', 'unicode'], { env: { TERM: 'xterm', LANG: 'C' } });
  assert.match(wide, /│/);
});

test('whoever wants no progress gets no picture', async () => {
  assert.equal(await stderrOf(['-q'], {}), '');
  const text = await stderrOf(['--no-progress'], {});
  assert.ok(!text.includes(ESC) && /^9 requests in /.test(text));
});

test('a screen too small for a picture gets the line, and what fits of the picture at the end', async () => {
  const text = await stderrOf([], { columns: 30, rows: 10, env: { TERM: 'xterm', NO_COLOR: '1' } });
  for (const line of text.split('\n')) assert.ok(line.length <= 80, line);
  assert.match(text, /at srv/);
});

test('a run that was gone on with leaves none, and neither does one that sent nothing', async () => {
  const record = folder.file('gone-on.ndjson');
  await stderrOf(['-o', record], {});
  assert.doesNotMatch(await stderrOf(['-o', record, '--resume'], {}), /req 1/);
  const io = testIo('', { TERM: 'xterm' });
  Object.assign(io.stderr, { isTTY: true, columns: 80, rows: 24 });
  await main(['fetch', 'nonsense:', '-o', folder.file('nothing.ndjson')], io);
  assert.doesNotMatch(io.stderr.text(), /at srv/);
});
