// `fetch --resume`: goes on where a run was ended, sends nothing twice, and touches no record that is not its own.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { seededRandom } from '../../../src/base/random.ts';
import { headerLine } from '../../../src/trace/line.ts';
import { sealed } from '../../../src/trace/seal.ts';
import { startPaceline } from '../../support/command.ts';
import {
  type FetchEnded,
  fetchHere,
  fetchHereFrom,
  listFile,
  listText,
  sentBy,
} from '../../support/fetch-here.ts';
import { answer, serverAndFolder } from '../../support/fetch-server.ts';
import { A_RUN } from '../../support/random-record.ts';
import { acknowledged, wholeRecord } from '../../support/resume-record.ts';

const { server, folder } = await serverAndFolder();
const { file } = folder;

const listOf = (...paths: string[]): string => listFile(server, folder, ...paths);
/** Without retries: what is counted here are requests. */
const fetchOnce = (...argv: string[]): Promise<FetchEnded> => fetchHere('--retries', '0', ...argv);
const sent = (act: () => Promise<unknown>): Promise<string[]> => sentBy(server, act);

const PATHS = Array.from({ length: 12 }, (_, index) => (index === 5 ? '/500' : `/p${index}`));

test('J13: a finished record: nothing is sent, nothing written, and it ends as that run did', async () => {
  const [list, record] = [listOf(...PATHS), file('finished.ndjson')];
  const first = await fetchOnce('-i', list, '-o', record);
  const bytes = readFileSync(record);
  for (let again = 0; again < 2; again++) {
    let second = first;
    const paths = await sent(async () => {
      second = await fetchOnce('-i', list, '-o', record, '--resume');
    });
    assert.deepEqual(paths, []);
    assert.deepEqual(second, first);
    assert.ok(readFileSync(record).equals(bytes));
  }
  assert.equal(first.code, 1);
  assert.match(first.stderr, /1 × http_error 500/);
  assert.equal(existsSync(`${record}.lock`), false);
});

test('a check is held against what the record already has, too', async () => {
  const [list, record] = [listOf(...PATHS), file('checked.ndjson')];
  await fetchOnce('-i', list, '-o', record, '-q');
  const lines = readFileSync(record, 'utf8').split('\n');
  for (const kept of [lines.slice(0, 9), lines]) {
    writeFileSync(record, kept.join('\n'));
    const resumed = await fetchOnce('-i', list, '-o', record, '--resume', '--check', 'status<400');
    assert.equal(resumed.code, 99);
    assert.match(resumed.stderr, /status<400.* 1 of 12 do not, first index 5, status 500/);
  }
});

test('J01: cut anywhere, a record is gone on from: what was whole stays, the rest is sent, once', async () => {
  const random = seededRandom(47);
  const [list, record] = [listOf(...PATHS), file('cut.ndjson')];
  await fetchOnce('-i', list, '-o', record, '-q');
  const whole = readFileSync(record);
  for (let round = 0; round < 25; round++) {
    const cut = Math.floor(random.next() * whole.length);
    // Anywhere, or just before a line feed: then the last line is whole, and wants only that.
    writeFileSync(record, whole.subarray(0, round % 3 === 0 ? whole.indexOf(10, cut) : cut));
    const before = existsSync(record) ? acknowledged(record) : [];
    const paths = await sent(async () => {
      const argv = [
        '-i',
        list,
        '-o',
        record,
        '--resume',
        '-q',
        '-c',
        String(1 + Math.floor(random.next() * 12)),
      ];
      assert.equal((await fetchOnce(...argv, ...(round % 2 === 0 ? ['--ordered'] : []))).code, 1);
    });
    const { lines, summary } = wholeRecord(record, PATHS.length);
    const after = readFileSync(record, 'utf8').split('\n');
    assert.ok(before.every(line => after.includes(line)));
    assert.equal(new Set(paths).size, paths.length);
    assert.ok(
      paths.length >= PATHS.length - before.length - 1 && paths.length <= PATHS.length - before.length,
    );
    assert.deepEqual(
      lines.map(({ url }) => new URL(url).pathname),
      PATHS,
    );
    assert.equal(summary?.ended, 'complete');
    assert.deepEqual(summary?.outcomes, { ok: 11, http_error: 1 });
  }
});

test('J01: a torn line that is longer than all that follows it leaves nothing behind', async () => {
  const [list, record] = [listOf('/a', '/b'), file('long-torn.ndjson')];
  await fetchOnce('-i', list, '-o', record, '-q');
  const [header, first] = readFileSync(record, 'utf8').split('\n');
  writeFileSync(record, `${header}\n${first}\n{"index":1,"id":"${'x'.repeat(100_000)}`);
  assert.equal((await fetchOnce('-i', list, '-o', record, '--resume', '-q')).code, 0);
  wholeRecord(record, 2);
  assert.ok(readFileSync(record).length < 10_000);
});

test('J21: killed at any byte of its summary: it is written again, whole, and nothing is sent', async () => {
  const [list, record] = [listOf(...PATHS), file('half-summary.ndjson')];
  await fetchOnce('-i', list, '-o', record, '-q');
  const whole = readFileSync(record);
  const from = whole.indexOf('{"summary"');
  const lines = whole.toString().split('\n').slice(0, -2);
  const paths = await sent(async () => {
    for (let cut = from; cut < whole.length; cut += 7) {
      writeFileSync(record, whole.subarray(0, cut));
      assert.equal((await fetchOnce('-i', list, '-o', record, '--resume', '-q')).code, 1);
      const { summary } = wholeRecord(record, PATHS.length);
      assert.deepEqual(summary?.outcomes, { ok: 11, http_error: 1 }, `cut at ${cut}`);
      assert.deepEqual(readFileSync(record, 'utf8').split('\n').slice(0, lines.length), lines);
    }
  });
  assert.deepEqual(paths, []);
});

test('the lines of the next run lie behind those of the last on one axis of time', async () => {
  const [list, record] = [listOf(...PATHS), file('axis.ndjson')];
  await fetchOnce('-i', list, '-o', record, '-q');
  writeFileSync(record, readFileSync(record).subarray(0, 3000));
  const old = acknowledged(record).length;
  const lastMs = Math.max(...acknowledged(record).map(line => JSON.parse(line).endedMs));
  await fetchOnce('-i', list, '-o', record, '--resume', '-q', '-S', 'async');
  const { resumed, lines } = wholeRecord(record, PATHS.length);
  assert.deepEqual(
    resumed.map(({ atMs, strategy, concurrency }) => [atMs, strategy, concurrency]),
    [[lastMs, 'async', null]],
  );
  for (const { createdMs, startedMs = 0, endedMs, tries } of lines
    .toSorted((a, b) => a.endedMs - b.endedMs)
    .slice(old)) {
    assert.ok(lastMs <= createdMs && createdMs <= startedMs && startedMs <= endedMs);
    assert.equal(tries[0]?.startedMs, startedMs);
  }
});

test('--retry-failed sends again what was not ok, and its new line stands alone', async () => {
  const [list, record] = [listOf('/a', '/500', '/b', '/500'), file('failed.ndjson')];
  await fetchOnce('-i', list, '-o', record, '-q');
  const paths = await sent(() => fetchOnce('-i', list, '-o', record, '--resume', '--retry-failed', '-q'));
  assert.deepEqual(paths, ['/500', '/500']);
  assert.equal(wholeRecord(record, 4).summary?.outcomes.http_error, 2);
  const rest = await sent(() => fetchOnce('-i', list, '-o', record, '--resume', '-q'));
  assert.deepEqual(rest, []);
});

test('stdin is read again from its start; more lines at the end are sent', async () => {
  const record = file('stdin.ndjson');
  const text = (paths: string[]): string => listText(server, paths);
  await fetchHereFrom(text(['/a', '/b']), '-i', '-', '-o', record, '-q');
  const paths = await sent(() =>
    fetchHereFrom(text(['/a', '/b', '/c', '/d']), '-i', '-', '-o', record, '--resume', '-q'),
  );
  assert.deepEqual(paths.sort(), ['/c', '/d']);
  wholeRecord(record, 4);
});

test('with stdout beside the record: only what is new goes there', async () => {
  const [list, record] = [listOf(...PATHS), file('beside.ndjson')];
  await fetchOnce('-i', list, '-o', record, '-q');
  writeFileSync(record, readFileSync(record).subarray(0, 3000));
  const left = PATHS.length - acknowledged(record).length;
  const { stdout } = await fetchOnce('-i', list, '-o', record, '--resume', '-q', '--format', 'body');
  assert.equal(stdout.trimEnd().split('\n').length, left);
});

test('no file, or one that no run has written to: the run begins', async () => {
  const list = listOf('/a');
  const torn = sealed(headerLine(A_RUN)).slice(0, 100);
  for (const [name, text] of Object.entries({
    'none.ndjson': null,
    'empty.ndjson': '',
    'torn.ndjson': torn,
  })) {
    const record = file(name);
    if (text !== null) writeFileSync(record, text);
    assert.equal((await fetchOnce('-i', list, '-o', record, '--resume', '-q')).code, 0);
    assert.deepEqual(wholeRecord(record, 1).resumed, []);
  }
});

test('J15: ^C twice, then resume: what was cancelled is sent again, all else is not', async () => {
  const record = file('interrupted.ndjson');
  const list = listOf('/a', '/held', '/held', '/b', '/c');
  const { child, says, ended } = startPaceline(['fetch', '-c', '2', '-i', list, '-o', record]);
  server.held.length = 0;
  await server.untilHeld(2);
  child.kill('SIGINT');
  await says('Stopping. 2 in flight may finish');
  child.kill('SIGINT');
  assert.equal((await ended).code, 130);
  const kept = acknowledged(record);
  server.held.length = 0;
  const resumed = startPaceline(['fetch', '-c', '2', '-i', list, '-o', record, '--resume']);
  await server.untilHeld(2);
  for (const socket of server.held) answer(socket, 200, 'late');
  assert.equal((await resumed.ended).code, 0);
  const { summary } = wholeRecord(record, 5);
  assert.deepEqual(summary?.outcomes, { ok: 5 });
  const after = acknowledged(record);
  assert.ok(kept.length > 0 && kept.every(line => after.includes(line)));
  assert.equal(readFileSync(record, 'utf8').includes('cancelled'), false);
});

test('J18: a URL of a megabyte and an id of control characters are known again', async () => {
  const record = file('long.ndjson');
  const id = '\u0000\n\r\u0085\u2028"\\\u{1f600}';
  const url = `${server.origin}/${'x'.repeat(1_000_000)}`;
  const list = join(folder.path, 'long-list.ndjson');
  writeFileSync(
    list,
    `${JSON.stringify({ url, id })}\n${JSON.stringify({ url: `${server.origin}/b`, id })}\n`,
  );
  await fetchOnce('-i', list, '-o', record, '-q', '-c', '1');
  assert.deepEqual(
    wholeRecord(record, 2).lines.map(line => [line.id, line.url.length]),
    [
      [id, url.length],
      [id, `${server.origin}/b`.length],
    ],
  );
  const [, first = ''] = readFileSync(record, 'utf8').split('\n');
  writeFileSync(record, `${readFileSync(record, 'utf8').split('\n')[0]}\n${first}\n`);
  const paths = await sent(() => fetchOnce('-i', list, '-o', record, '--resume', '-q'));
  assert.deepEqual(paths, ['/b']);
  wholeRecord(record, 2);
});
