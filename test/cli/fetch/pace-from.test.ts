// `--pace-from FILE`, and `--resume` by itself: a run begins with what an earlier one found. Real processes and files.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { main } from '../../../src/cli/main.ts';
import type { RecordFooter, RecordHeader, Resumed } from '../../../src/model/record.ts';
import { openSlowServer } from '../../../src/slow-server/server.ts';
import { sealed } from '../../../src/trace/seal.ts';
import { paceline } from '../../support/command.ts';
import { serverAndFolder } from '../../support/fetch-server.ts';
import { testIo } from '../../support/test-io.ts';

const { folder } = await serverAndFolder();
const server = await openSlowServer({ workers: 6, port: 0, serviceTime: { kind: 'constant', ms: 25 } });
after(() => server.close());
const ORIGIN = `http://127.0.0.1:${server.port}`;

async function fetched(...argv: string[]) {
  const io = testIo();
  const code = await main(['fetch', ...argv, `${ORIGIN}/`], io);
  return { code, stderr: io.stderr.text() };
}

const linesOf = (path: string): string[] => readFileSync(path, 'utf8').trimEnd().split('\n');
const headerOf = (path: string): RecordHeader => JSON.parse(linesOf(path)[0] ?? '');
const summaryOf = (path: string): RecordFooter['summary'] => JSON.parse(linesOf(path).at(-1) ?? '').summary;

const first = folder.file('first.ndjson');
assert.equal((await fetched('-n', '150', '-o', first, '-q')).code, 0);

/** The record of the first run with another last line, by a change of its only origin. */
function altered(name: string, change: Readonly<Record<string, unknown>>): string {
  const lines = linesOf(first);
  const { crc: _, ...footer } = JSON.parse(lines.at(-1) ?? '');
  footer.summary.pace[0] = { ...footer.summary.pace[0], ...change };
  return written(name, [...lines.slice(0, -1), sealed(JSON.stringify(footer)).trimEnd()]);
}

function written(name: string, lines: readonly string[], end = '\n'): string {
  const path = folder.file(name);
  writeFileSync(path, lines.join('\n') + end);
  return path;
}

test('the run begins there, and says so in line, summary and record', async () => {
  const record = folder.file('second.ndjson');
  const { code, stderr } = await fetched('-n', '60', '-o', record, '--pace-from', first);
  assert.equal(code, 0);
  const [pace] = summaryOf(record).pace ?? [];
  const started = pace?.from?.limit;
  assert.ok(started !== undefined && started >= 6 && started <= 9, `${started}`);
  assert.deepEqual(pace?.changes[0]?.slice(1), [started, 'found before']);
  assert.deepEqual(
    headerOf(record).run.paceFrom?.map(({ origin }) => origin),
    [ORIGIN],
  );
  const begins = `Begins with ${started} in flight for ${ORIGIN}, as found before.`;
  assert.ok(stderr.includes(begins), stderr);
  assert.match(
    stderr.replaceAll(/\s+/g, ' '),
    new RegExp(`Started from ${started} in flight, as found before\\.`),
  );
  assert.match((await fetched('-n', '3', '-v', '--pace-from', record)).stderr, /Begins with \d+ in flight/);
});

test('FILE may be the record that the run writes', async () => {
  const record = folder.file('same.ndjson');
  writeFileSync(record, readFileSync(first));
  assert.equal((await fetched('-n', '20', '-o', record, '--pace-from', record)).code, 0);
  assert.ok(summaryOf(record).pace?.[0]?.from);
  assert.equal(summaryOf(record).requests, 20);
});

test('--max-concurrency holds, also against a file that says a thousand million', async () => {
  for (const limit of [1e9, 7]) {
    const path = altered('much.ndjson', { limit, capacity: limit });
    const record = folder.file('bounded.ndjson');
    await fetched('-n', '30', '-o', record, '--pace-from', path, '--max-concurrency', '3', '-q');
    assert.ok(summaryOf(record).inFlightMax <= 3);
    assert.equal(summaryOf(record).pace?.[0]?.from?.limit, 3);
  }
  // Without it the number that was ever in flight is the bound.
  const most = summaryOf(first).inFlightMax;
  const record = folder.file('tried.ndjson');
  await fetched(
    '-n',
    '80',
    '-o',
    record,
    '--pace-from',
    altered('more.ndjson', { limit: 1e9, capacity: 1e9 }),
    '-q',
  );
  assert.ok((summaryOf(record).pace?.[0]?.from?.limit ?? 1e9) <= 1.06 * most + 1);
});

test('another host begins as ever', async () => {
  const record = folder.file('other.ndjson');
  const path = altered('elsewhere.ndjson', { origin: 'http://elsewhere.invalid' });
  await fetched('-n', '5', '-o', record, '--pace-from', path, '-q');
  const [pace] = summaryOf(record).pace ?? [];
  assert.deepEqual([pace?.from, pace?.changes[0]?.[1]], [undefined, 4]);
});

test('a record that says nothing of the pace is a warning, and why', async () => {
  const fixed = folder.file('fixed.ndjson');
  await fetched('-c', '2', '-n', '5', '-o', fixed, '-q');
  const lines = linesOf(first);
  const headless = written('header.ndjson', lines.slice(0, 1));
  const unended = written('unended.ndjson', lines.slice(0, 1), '');
  const short = altered('short.ndjson', { mode: 'starting' });
  for (const [path, why] of [
    [fixed, /its run had a limit and looked for none \(-c auto does\)/],
    [headless, /it was cut off before its last line, .* holds too little to find it again/],
    [unended, /it was cut off before its last line/],
    [short, /its run found nothing/],
  ] as const) {
    const { code, stderr } = await fetched('-n', '3', '--pace-from', path);
    assert.equal(code, 0);
    assert.match(stderr, why);
    assert.match(stderr.replaceAll(/\s+/g, ' '), /Begins as without --pace-from/);
  }
});

test('a run that was killed: what it would have found is found again from its lines', async () => {
  const lines = linesOf(first).slice(0, -1);
  const foreign = JSON.stringify({ index: -1, tries: 'many', url: 'http://elsewhere.invalid/' });
  for (const path of [
    written('cut.ndjson', lines),
    written('torn.ndjson', lines, '\n{"summary":{"ended":"comp'),
    written('strange.ndjson', [...lines.slice(0, 50), '{"no', '', '[]', 'null', foreign, ...lines.slice(50)]),
  ]) {
    const record = folder.file('after.ndjson');
    const { code, stderr } = await fetched('-n', '60', '-o', record, '--pace-from', path);
    assert.equal(code, 0);
    const limit = summaryOf(record).pace?.[0]?.from?.limit;
    assert.ok(limit !== undefined && limit >= 6 && limit <= 9, `${path}: ${limit}`);
    assert.match(stderr, /Begins with \d in flight/);
  }
});

test('--resume of a run that was killed begins with it, too', async () => {
  const lines = linesOf(first).slice(0, 121);
  const path = written('killed.ndjson', lines);
  const { code } = await fetched('-n', '150', '-o', path, '--resume', '-q');
  assert.equal(code, 0);
  const limit = summaryOf(path).pace?.[0]?.from?.limit;
  assert.ok(limit !== undefined && limit >= 6 && limit <= 9, `${limit}`);
});

test('a file that is no whole record is refused before anything is sent, with file, line and field', async () => {
  const before = server.statistics().seen;
  const lines = linesOf(first);
  mkdirSync(folder.file('directory'));
  const cases: [path: string, code: number, message: RegExp][] = [
    [folder.file('none.ndjson'), 3, /^paceline: Cannot read .*none\.ndjson: there is no such file/],
    [folder.file('directory'), 3, /^paceline: Cannot read .*directory: it is a directory/],
    [
      written('empty.ndjson', [], ''),
      3,
      /empty\.ndjson found: The record is damaged: line 1 is not the first line/,
    ],
    [written('text.ndjson', ['hello', 'you']), 3, /text\.ndjson found: The record is damaged: line 1 is not/],
    [
      written('swapped.ndjson', lines.toReversed()),
      3,
      /swapped\.ndjson found: The record is damaged: line 1 is not/,
    ],
    [
      written('changed.ndjson', [
        ...lines.slice(0, -1),
        (lines.at(-1) ?? '').replace('"limit":', '"limit":1'),
      ]),
      3,
      /changed\.ndjson found: The record is damaged: line 152 does not fit its checksum/,
    ],
  ];
  for (const [field, value] of [
    ['limit', -3],
    ['limit', null],
    ['limit', '9'],
    ['limit', 1e300],
    ['capacity', -1],
    ['ratePerSecond', 'NaN'],
    ['quota', {}],
    ['origin', 7],
    ['mode', null],
  ] as const)
    cases.push([
      altered(`${field}-${typeof value}-${String(value).length}.ndjson`, { [field]: value }),
      3,
      new RegExp(`found: The record is damaged: line 152 has 'summary\\.pace\\[0\\]\\.${field}' that is not`),
    ]);
  for (const [path, code, message] of cases) {
    const ended = await fetched('-n', '3', '--pace-from', path);
    assert.deepEqual([ended.code, message.test(ended.stderr)], [code, true], `${path}: ${ended.stderr}`);
  }
  assert.equal(server.statistics().seen, before);
});

test('flags that do not go with it', async () => {
  const fixed = await fetched('-c', '5', '--pace-from', first);
  assert.deepEqual([fixed.code, /--pace-from is where -c auto begins/.test(fixed.stderr)], [2, true]);
  const { code, stderr } = await fetched('-S', 'async', '-n', '2', '--pace-from', first);
  assert.equal(code, 0);
  assert.match(stderr, /--pace-from changes nothing with -S async: all at once in one thread/);
  assert.doesNotMatch(stderr, /Begins with/);
});

test('as a program: a flag that is misspelt, workers, find and compare', async () => {
  const typo = await paceline(['fetch', '--pace-form', first, ORIGIN]);
  assert.equal(typo.code, 2);
  assert.match(typo.stderr, /--pace-form.*\n?.*--pace-from/s);
  for (const words of [
    ['fetch', '-S', 'threads', '-w', '2', '-n', '10', ORIGIN],
    ['find', '-n', '200', ORIGIN],
  ]) {
    const { code, stderr } = await paceline([...words, '--pace-from', first]);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /Begins with \d+ in flight/);
  }
  const compared = ['compare', ORIGIN, '-S', 'async,semaphore', '-n', '40', '--json', '-q', '--pace-from'];
  const { stdout } = await paceline([...compared, first, '-c', 'auto']);
  const [, semaphore] = JSON.parse(stdout).rows;
  assert.ok(semaphore.summary.pace[0].from.limit >= 6);
  assert.equal((await paceline([...compared, first])).code, 2);
  assert.equal((await paceline([...compared, folder.file('none.ndjson'), '-c', 'auto'])).code, 3);
});

test('--resume begins with what its record found, unless it has a limit', async () => {
  const list = folder.file('list.txt');
  writeFileSync(list, `${ORIGIN}/\n`.repeat(60));
  const listed = async (...argv: string[]) => {
    const io = testIo();
    return { code: await main(['fetch', '-i', list, ...argv], io), stderr: io.stderr.text() };
  };
  const whole = folder.file('whole.ndjson');
  await listed('-o', whole, '-q');
  assert.ok(summaryOf(whole).pace?.[0]?.capacity, 'it has found something');
  assert.doesNotMatch(
    (await listed('-o', whole, '--resume')).stderr,
    /Begins with/,
    'nothing is left to send',
  );
  const lines = linesOf(whole);
  // As ^C would have left it: twenty of the sixty, and a summary.
  const { crc: _, ...footer } = JSON.parse(lines.at(-1) ?? '');
  const interrupted = { summary: { ...footer.summary, ended: 'interrupted', requests: 20 } };
  const some = [...lines.slice(0, 21), sealed(JSON.stringify(interrupted)).trimEnd()];
  const resumedIn = (path: string): Resumed =>
    JSON.parse(linesOf(path).find(line => line.startsWith('{"resumed"')) ?? '').resumed;

  const record = written('resumed.ndjson', some);
  const { stderr } = await listed('-o', record, '--resume');
  assert.match(stderr, /Begins with \d+ in flight/);
  const { paceFrom, findsPace } = resumedIn(record);
  assert.deepEqual([findsPace, paceFrom?.[0]?.origin], [true, ORIGIN]);
  assert.ok((summaryOf(record).pace?.[0]?.from?.limit ?? 0) >= 5);
  assert.equal(summaryOf(record).requests, 60);

  const fixed = written('fixed-resumed.ndjson', some);
  const { code, stderr: said } = await listed('-o', fixed, '--resume', '-c', '3');
  assert.equal(code, 0);
  assert.doesNotMatch(said, /Begins with/);
  assert.deepEqual([resumedIn(fixed).paceFrom, summaryOf(fixed).pace], [undefined, undefined]);

  // Of twenty attempts a replay may find something, or nothing: that is as the machine was.
  const killed = written('killed.ndjson', lines.slice(0, 21));
  assert.equal((await listed('-o', killed, '--resume')).code, 0);
  assert.equal(summaryOf(killed).requests, 60);

  const named = written('named.ndjson', lines.slice(0, 21));
  assert.match(
    (await listed('-o', named, '--resume', '--pace-from', first)).stderr,
    /Begins with \d+ in flight/,
  );
});
