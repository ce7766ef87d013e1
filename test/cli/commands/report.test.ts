// `paceline report`, and `--report` of the commands that run something: what is drawn, and what is refused with which
// words.
import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { main } from '../../../src/cli/main.ts';
import { headerLine } from '../../../src/trace/line.ts';
import { serverAndFolder } from '../../support/fetch-server.ts';
import { elementsOf, textsOf } from '../../support/svg.ts';
import { testIo } from '../../support/test-io.ts';

const { server } = await serverAndFolder();
const folder = mkdtempSync(join(tmpdir(), 'paceline-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const path = (name: string): string => join(folder, name);

async function paceline(argv: readonly string[], stdin = '') {
  const io = testIo(stdin);
  const code = await main(argv, io);
  return { code, stdout: io.stdout.text(), stderr: io.stderr.text() };
}

async function simulated(name: string, ...flags: string[]): Promise<string> {
  const { code } = await paceline(['simulate', '-q', '--seed', '7', ...flags, '-o', path(name)]);
  assert.equal(code, 0);
  return path(name);
}

const ASYNC = await simulated('async.ndjson', '-S', 'async', '-n', '9');
const SEMAPHORE = await simulated('semaphore.ndjson', '-S', 'semaphore', '-n', '9');
const text = readFileSync(ASYNC, 'utf8');
const lines = text.split('\n');

test('the ending of the file says what it is; several records share an axis', async () => {
  const { code, stdout, stderr } = await paceline(['report', ASYNC, SEMAPHORE, '-o', path('both.svg')]);
  assert.deepEqual([code, stdout, stderr], [0, '', `Wrote ${path('both.svg')}.\n`]);
  const texts = textsOf(elementsOf(readFileSync(path('both.svg'), 'utf8')));
  assert.equal(texts.filter(one => /^req \d$/.test(one)).length, 18);
  assert.ok(texts.some(one => one.includes('6 of 9 waited, max 2 s')));
  await paceline(['report', ASYNC, '-o', path('one.TXT'), '-q', '--width', '60', '--charset', 'ascii']);
  const drawn = readFileSync(path('one.TXT'), 'utf8');
  assert.match(drawn, /^async - 9 requests - no limit - server 3 workers - simulated\n/);
  assert.match(drawn, /^[\n\x20-\x7e]*$/);
  assert.ok(drawn.split('\n').every(line => line.length <= 60));
});

test('width and theme reach the picture', async () => {
  await paceline(['report', ASYNC, '-o', path('w.svg'), '-q', '--width', '480', '--theme', 'dark']);
  const svg = readFileSync(path('w.svg'), 'utf8');
  assert.match(svg, / width="480" /);
  assert.match(svg, /#4c97ff/);
  assert.doesNotMatch(svg, /color-scheme/);
});

test('a record comes from stdin too', async () => {
  const { code } = await paceline(['report', '-', '-o', path('in.svg')], text);
  assert.equal(code, 0);
  await paceline(['report', ASYNC, '-o', path('file.svg')]);
  assert.equal(readFileSync(path('in.svg'), 'utf8'), readFileSync(path('file.svg'), 'utf8'));
});

test('a record that was cut off is drawn up to there, with a warning', async () => {
  const cases: [name: string, text: string, says: RegExp][] = [
    [
      'torn',
      text.slice(0, text.indexOf('"index":4') + 30),
      /cut off in line \d+ before its last line; drawn is what it holds, \d requests?\./,
    ],
    [
      'no summary',
      `${lines.slice(0, 4).join('\n')}\n`,
      /cut off before its last line; drawn is what it holds, 3 requests\./,
    ],
    [
      'only its first line',
      `${lines[0]}\n`,
      /cut off before its last line; drawn is what it holds, 0 requests\./,
    ],
  ];
  for (const [name, cut, says] of cases) {
    writeFileSync(path('cut.ndjson'), cut);
    const { code, stderr } = await paceline(['report', path('cut.ndjson'), '-o', path('cut.svg')]);
    assert.equal(code, 0, name);
    assert.match(stderr, says);
    assert.match(readFileSync(path('cut.svg'), 'utf8'), /the record was cut off: drawn is what it holds/);
  }
});

test('a record without requests is said to be one', async () => {
  const summary = lines.find(line => line.startsWith('{"summary"')) ?? '';
  const plain = summary.replace(/,"crc":"[0-9a-f]{8}"}$/, '}');
  const header = { version: '0.1.0', started: '', strategy: 'async', concurrency: null, seed: 1 };
  writeFileSync(path('none.ndjson'), `${headerLine(header)}\n${plain}\n`);
  const { code, stderr } = await paceline(['report', path('none.ndjson'), '-o', path('none.svg')]);
  assert.equal(code, 0);
  assert.match(stderr, /none\.ndjson: the record holds no requests\./);
  assert.match(readFileSync(path('none.svg'), 'utf8'), /no requests/);
});

test('what is no whole record is refused with its line, and nothing is written', async () => {
  const flipped = text.replace('"outcome":"ok"', '"outcome":"oK"');
  const cases: [text: string, code: number, says: RegExp][] = [
    [
      '',
      3,
      /Cannot draw \S+bad\.ndjson: it is empty\. A record has at least a first line, written by fetch -o\./,
    ],
    [
      'hello\n',
      3,
      /Cannot draw \S+bad\.ndjson: The record is damaged: line 1 is not the first line of a record\./,
    ],
    [flipped, 3, /Cannot draw \S+bad\.ndjson: The record is damaged: line 2 does not fit its checksum\./],
    [
      '{"paceline":2,"run":{}}\n',
      3,
      /Cannot draw \S+bad\.ndjson: The record has version 2, this paceline reads version 1\./,
    ],
    [`${text}${lines[1]}\n`, 3, /line \d+ comes after the summary/],
  ];
  for (const [bad, expected, says] of cases) {
    writeFileSync(path('bad.ndjson'), bad);
    writeFileSync(path('kept.svg'), 'as it was');
    const { code, stderr } = await paceline(['report', ASYNC, path('bad.ndjson'), '-o', path('kept.svg')]);
    assert.equal(code, expected);
    assert.match(stderr, says);
    assert.equal(readFileSync(path('kept.svg'), 'utf8'), 'as it was');
  }
  assert.deepEqual(
    readdirSync(folder).filter(name => name.startsWith('.')),
    [],
  );
});

test('a command line that cannot be drawn is refused with what to do', async () => {
  mkdirSync(path('folder.svg'));
  symlinkSync('async.ndjson', path('link.svg'));
  const cases: [argv: string[], code: number, says: RegExp][] = [
    [[], 2, /Nothing to draw: name a record/],
    [[ASYNC], 2, /Where to\? Give -o FILE, which ends in one of \.svg/],
    [[ASYNC, '-o', '-'], 2, /stdout has no ending/],
    [
      [ASYNC, '-o', 'x.svgg'],
      2,
      /-o x\.svgg: no report ends in \.svgg\. Did you mean \.svg\? Endings: \.svg/,
    ],
    [[ASYNC, '-o', 'x.gif'], 2, /-o x\.gif: no report ends in \.gif\. Endings: \.svg/],
    [[ASYNC, '-o', 'picture'], 2, /-o picture: has no ending that chooses a format\. Endings/],
    [[ASYNC, '-o', '.svg'], 2, /-o \.svg: /],
    [['-', '-', '-o', 'x.svg'], 2, /-: stdin can be read only once/],
    [[path('nowhere.ndjson'), '-o', 'x.svg'], 3, /Cannot read \S+nowhere\.ndjson: there is no such file/],
    [[folder, '-o', 'x.svg'], 3, /Cannot read \S+: it is a directory/],
    [[ASYNC, '-o', path('folder.svg')], 3, /Cannot write \S+folder\.svg: it is a directory/],
    [[ASYNC, '-o', path('none/x.svg')], 3, /Cannot write \S+x\.svg: there is no such file or directory/],
    [[ASYNC, '-o', path('link.svg')], 2, /link\.svg: this file is also read as input/],
    [[ASYNC, '-o', path('x.svg'), '--width', '100'], 2, /--width 100: \S+x\.svg needs at least 320 pixels/],
    [[ASYNC, '-o', path('x.svg'), '--theme', 'blue'], 2, /--theme: expected auto, light, dark/],
  ];
  for (const [argv, expected, says] of cases) {
    const { code, stderr } = await paceline(['report', ...argv]);
    assert.equal(code, expected, argv.join(' '));
    assert.match(stderr, says);
  }
});

test('a disk that is full, and a path through a file, are told', async () => {
  symlinkSync('/dev/full', path('full.svg'));
  const full = await paceline(['report', ASYNC, '-o', path('full.svg')]);
  assert.equal(full.code, 3);
  assert.match(full.stderr, /Cannot write \S+full\.svg: the disk is full\./);
  const through = await paceline(['report', ASYNC, '-o', `${SEMAPHORE}/x.svg`]);
  assert.equal(through.code, 3);
  assert.match(through.stderr, /a part of the path is not a directory/);
});

test('fetch --report draws the run, with and without a record of its own', async () => {
  const more = ['-q', '-n', '3', `${server.origin}/ok`];
  for (const output of [['-o', path('run.ndjson')], []]) {
    const { code, stdout } = await paceline([
      'fetch',
      ...output,
      '--report',
      path('run.svg'),
      '--report',
      path('run.txt'),
      ...more,
    ]);
    assert.equal(code, 0);
    assert.equal(
      stdout.split('\n').filter(line => line.startsWith('{"index"')).length,
      output.length > 0 ? 0 : 3,
    );
    assert.match(readFileSync(path('run.txt'), 'utf8'), /^semaphore · 3 requests · limit found\n/);
    assert.ok(textsOf(elementsOf(readFileSync(path('run.svg'), 'utf8'))).includes('req 3'));
    assert.equal(statSync(path('run.svg')).mode & 0o777, 0o600);
  }
});

test('fetch --report: a path that cannot be is found out before anything is sent', async () => {
  const before = server.raw.requests.length;
  const cases: [argv: string[], code: number, says: RegExp][] = [
    [['--report', 'run.gif'], 2, /--report run\.gif: no report ends in \.gif/],
    [['--report', path('none/run.svg')], 3, /Cannot write \S+run\.svg/],
    [['--report', path('a.svg'), '--report', path('a.svg')], 2, /a\.svg: this file is named twice/],
    [
      ['--report', path('a.svg'), '-o', '/dev/null'],
      2,
      /--report reads the record again at the end, and -o \/dev\/null/,
    ],
  ];
  for (const [argv, expected, says] of cases) {
    const { code, stderr } = await paceline(['fetch', ...argv, '-q', `${server.origin}/ok`]);
    assert.equal(code, expected, stderr);
    assert.match(stderr, says);
  }
  assert.equal(server.raw.requests.length, before);
});

test('fetch --resume --report draws all of the record', async () => {
  const record = ['-o', path('resumed.ndjson')];
  writeFileSync(path('urls.txt'), `${server.origin}/ok\n`.repeat(5));
  assert.equal((await paceline(['fetch', '-i', path('urls.txt'), ...record, '-q'])).code, 0);
  const whole = readFileSync(path('resumed.ndjson'), 'utf8').split('\n');
  writeFileSync(path('resumed.ndjson'), `${whole.slice(0, 3).join('\n')}\n`);
  const argv = [
    'fetch',
    '-i',
    path('urls.txt'),
    ...record,
    '-q',
    '--resume',
    '--report',
    path('resumed.txt'),
  ];
  assert.equal((await paceline(argv)).code, 0);
  assert.match(readFileSync(path('resumed.txt'), 'utf8'), /^semaphore · 5 requests/);
});

test('simulate --report puts all strategies on one axis', async () => {
  const { code } = await paceline(['simulate', '-q', '-n', '3', '--report', path('all.svg')]);
  assert.equal(code, 0);
  const texts = textsOf(elementsOf(readFileSync(path('all.svg'), 'utf8')));
  for (const strategy of ['sequential', 'async', 'semaphore', 'threads', 'processes'])
    assert.ok(
      texts.some(one => one.startsWith(`${strategy} · 3 requests`)),
      strategy,
    );
  assert.equal(texts.filter(one => one === '3.00× faster').length, 4);
});
