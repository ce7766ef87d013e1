// How `paceline fetch` ends before its input does by a rule of its own: --max-duration, --fail-early, --max-errors;
// and how --check judges it.
import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { main } from '../../../src/cli/main.ts';
import type { AttemptEnd } from '../../../src/model/attempt.ts';
import { readRecord } from '../../../src/trace/read.ts';
import { answer, parseRecord, serverAndFolder } from '../../support/fetch-server.ts';
import { startRawServer } from '../../support/raw-server.ts';
import { testIo } from '../../support/test-io.ts';

const { server, folder } = await serverAndFolder();

/** For a request to reach a server on this machine, however busy it is. */
const LONG_ENOUGH = '1s';

async function fetch(words: string, paths: readonly string[]) {
  const io = testIo(paths.map(path => `${server.origin}${path}\n`).join(''));
  const requestsBefore = server.raw.requests.length;
  const code = await main(['fetch', '-i', '-', '--body', 'none', ...words.split(' ')], io);
  const { lines, summary } = parseRecord(io.stdout.text());
  const ends = lines
    .toSorted((a, b) => a.index - b.index)
    .map(({ outcome, error }) => (error ? `${outcome} ${error.code}` : outcome));
  const sent = server.raw.requests.length - requestsBefore;
  return { code, lines, ends, summary, said: io.stderr.text(), sent };
}

test('--max-duration: what is in flight is told to end, the rest is not started, exit 10', async () => {
  server.held.length = 0;
  const { code, lines, ends, summary, said, sent } = await fetch(
    `--max-duration ${LONG_ENOUGH} -c 2`,
    Array(6).fill('/held'),
  );
  assert.deepEqual([code, summary.ended, sent], [10, 'deadline', 2]);
  assert.deepEqual(ends, Array(6).fill('cancelled RUN_DEADLINE'));
  assert.deepEqual(
    lines.map(({ attempts }) => attempts).toSorted(),
    [0, 0, 0, 0, 1, 1],
    'those in flight were sent',
  );
  assert.match(said, /^The run reached its time limit of 1 s \(--max-duration\)\.\n6 requests in /m);
  assert.match(said, / · 6 cancelled|: 6 cancelled/);
  assert.match(said, /stopped at its time limit/);
  assert.doesNotMatch(said, / × cancelled/, 'told once, not as six failures');
});

test('--max-duration while all that is left sits in a wait: backoff, a host that pauses, a rate', async () => {
  const waits = [
    ['--retry-delay 1h --retry-max-delay 1h --seed 1', ['/500', '/a']],
    ['-c 1', ['/a', '/429', '/a']],
    ['-r 1/min', ['/a', '/a']],
  ] as const;
  const runs = waits.map(([words, paths]) => fetch(`--max-duration ${LONG_ENOUGH} ${words}`, paths));
  for (const { code, ends, summary } of await Promise.all(runs)) {
    assert.deepEqual([code, summary.ended], [10, 'deadline']);
    assert.ok(ends.includes('ok') && ends.includes('cancelled RUN_DEADLINE'), `${ends}`);
  }
});

test('a run that is done before its time is not held up, and is no deadline', async () => {
  const { code, summary } = await fetch('--max-duration 10m', ['/a']);
  assert.deepEqual([code, summary.ended], [0, 'complete']);
});

test('--fail-early: nothing starts after the first that is not ok, exit 4', async () => {
  const { code, ends, summary, said, sent } = await fetch('--fail-early -c 1 --retries 0', [
    ...['/a', '/500', '/a', '/a'],
  ]);
  assert.deepEqual([code, summary.ended, sent], [4, 'failed', 2]);
  assert.deepEqual(ends, ['ok', 'http_error', 'cancelled RUN_FAILED', 'cancelled RUN_FAILED']);
  assert.match(
    said,
    /^A request was not ok \(index 1\), and --fail-early ends the run at the first such one\.\n4 requests/m,
  );
  assert.match(said, /more failures than allowed/);
});

test('--fail-early lets what is in flight finish, and does not wait for the order of the outcomes', async () => {
  server.held.length = 0;
  const onEnd = (message: unknown): void => {
    if ((message as { end: AttemptEnd }).end.status !== 500) return;
    for (const socket of server.held.splice(0)) answer(socket, 200, 'late');
  };
  subscribe('paceline:attempt:end', onEnd);
  // The third would start on the permit of the second.
  const running = fetch('--fail-early --ordered -c 2 --retries 0', ['/held', '/500', '/a', '/a']);
  const { code, ends, sent } = await running;
  unsubscribe('paceline:attempt:end', onEnd);
  assert.deepEqual([code, sent], [4, 2]);
  assert.deepEqual(ends, ['ok', 'http_error', 'cancelled RUN_FAILED', 'cancelled RUN_FAILED']);
});

test('a request that is ok in the end is no failure; a line that cannot be sent is one', async () => {
  const flaky = await startRawServer((socket, { index }) => answer(socket, index === 0 ? 503 : 200, ''));
  const io = testIo();
  const argv = [
    'fetch',
    '--fail-early',
    '--retry-delay',
    '1ms',
    '-q',
    '-n',
    '2',
    '-c',
    '1',
    `${flaky.origin}/`,
  ];
  assert.equal(await main(argv, io), 0);
  assert.equal(await main(['fetch', '--fail-early', '-q', '-c', '1', 'nonsense', `${flaky.origin}/`], io), 4);
  await flaky.close();
});

test('--max-errors: a number ends the run on the way, a share of few is judged at the end', async () => {
  const failing = ['/500', '/a', '/500', '/a', '/a'];
  const early = await fetch('--max-errors 1 --retries 0 -c 1', failing);
  assert.deepEqual([early.code, early.summary.ended, early.sent], [4, 'failed', 3]);
  assert.match(early.said, /^2 of 3 requests were not ok, more than --max-errors 1 allows\.$/m);
  const late = await fetch('--max-errors 39% --retries 0 -c 1', failing);
  assert.deepEqual([late.code, late.summary.ended, late.sent], [4, 'failed', 5]);
  assert.match(late.said, /^2 of 5 requests were not ok, more than --max-errors 39% allows\.$/m);
  const within = await fetch('--max-errors 40% --retries 0 -c 1', failing);
  assert.deepEqual([within.code, within.summary.ended], [1, 'complete']);
});

test('--check: each is told with what was seen, also in the record; exit 99 when one does not hold', async () => {
  const checks = '--check status<400 --check p95<1h --check errors<=50%';
  const { code, summary, said } = await fetch(`${checks} --retries 0`, ['/a', '/500']);
  assert.deepEqual([code, summary.ended], [99, 'complete']);
  assert.deepEqual(
    summary.checks?.map(({ text, holds }) => [text, holds]),
    [
      ['status<400', false],
      ['p95<1h', true],
      ['errors<=50%', true],
    ],
  );
  assert.equal(summary.checks?.[0]?.saw, '1 of 2 do not, first index 1, status 500');
  assert.match(
    said,
    /\n✗ status<400: 1 of 2 do not, first index 1, status 500\n✓ p95<1h: [\d.]+ .?s\n✓ errors<=50%: 50% \(1 of 2\)\n/,
  );
  const holding = await fetch('--check errors<=50% --retries 0', ['/a', '/500']);
  assert.equal(holding.code, 1, 'a check that holds makes no failed request ok');
  assert.equal((await fetch('--check status==200', ['/a'])).code, 0);
});

test('what ended the run first names the exit code, whatever the checks say', async () => {
  const { code, summary } = await fetch('--check status==200 --fail-early --max-errors 0 --retries 0 -c 1', [
    ...['/500', '/a'],
  ]);
  assert.deepEqual([code, summary.checks?.[0]?.holds], [4, false]);
});

test('the record with its checks reads back; a check that is none is damage', async () => {
  const path = folder.file('checked.ndjson');
  const io = testIo(`${server.origin}/a\n`);
  await main(['fetch', '-q', '-i', '-', '-o', path, '--check', 'status==200'], io);
  const text = readFileSync(path, 'utf8');
  const read = (record: string) => [...readRecord(record.split('\n'))].at(-1);
  const { checks } = parseRecord(text).summary;
  assert.deepEqual(checks, [{ text: 'status==200', holds: true, saw: 'all 1' }]);
  assert.equal(read(text)?.kind, 'footer');
  for (const [good, bad] of [
    ['"holds":true', '"holds":1'],
    ['"saw":"all 1"', '"seen":"all 1"'],
    ['"checks":[', '"checks":[7,'],
    ['"checks":[', '"checks":7,"more":['],
  ] as const)
    assert.throws(() => read(text.replace(good, bad)), { code: 'ERR_RECORD_DAMAGED' }, bad);
});

test('what cannot be meant is refused before anything is sent', async () => {
  const before = server.raw.requests.length;
  for (const [words, message] of [
    ['--max-errors 101%', /^paceline: --max-errors 101%: at most 100%\.\n$/],
    ['--max-errors few', /^paceline: --max-errors: expected a number of requests such as 10, or a share/],
    ['--check p96<2s', /^paceline: --check: there is nothing named 'p96'\. Did you mean p95\?\n/],
    ['--max-duration 5', /^paceline: --max-duration: 5 has no unit/],
  ] as const) {
    const io = testIo();
    assert.equal(await main(['fetch', ...words.split(' '), `${server.origin}/a`], io), 2);
    assert.match(io.stderr.text(), message);
  }
  assert.equal(server.raw.requests.length, before);
});
