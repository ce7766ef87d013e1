// `-v`, and what is said about inputs.
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { FailureLines } from '../../../src/cli/fetch/verbose.ts';
import { main } from '../../../src/cli/main.ts';
import type { HttpRequest } from '../../../src/model/request.ts';
import type { Settled } from '../../../src/model/settled.ts';
import { VirtualClock } from '../../../src/simulation/virtual-clock.ts';
import { parseRecord, serverAndFolder } from '../../support/fetch-server.ts';
import { testIo } from '../../support/test-io.ts';

const { server, folder } = await serverAndFolder();

test('-v tells the plan before, and each failure as it comes, without secrets', async () => {
  const io = testIo();
  const argv = ['fetch', '-v', '--seed', '7', '-c', '2', '-H', 'Authorization: Bearer s3cret', '-n', '2'];
  const code = await main([...argv, `${server.origin}/500`, 'nonsense'], io);
  const said = io.stderr.text();
  assert.equal(code, 1);
  assert.match(
    said,
    /^strategy {2}semaphore, at most 2 in flight\nrates {5}none\ntimeouts {2}connect 10 s, headers 30 s,/,
  );
  assert.match(
    said,
    /\ninput {5}2 URLs, 2 times\noutput {4}ndjson to stdout; bodies kept: auto\nseed {6}7\n/,
  );
  assert.match(said, new RegExp(`\nrequest 1: http_error 500 ${server.origin}/500\n`));
  assert.match(
    said,
    /\nrequest 2: invalid_input ERR_INPUT_URL \(URL 2 of the command line: 'nonsense' is not a URL/,
  );
  assert.doesNotMatch(said, /s3cret/);
});

test('-v names the limits, the retries and what ends the run', async () => {
  const planOf = async (words: string): Promise<Record<string, string>> => {
    const io = testIo();
    await main(['fetch', '-v', ...words.split(' ').filter(Boolean), `${server.origin}/a`], io);
    const lines = io.stderr.text().split('\n').slice(0, 8);
    return Object.fromEntries(lines.map(line => [line.slice(0, 10).trim(), line.slice(10)]));
  };
  const plain = await planOf('');
  assert.equal(plain.rates, 'none');
  assert.equal(plain.retries, 'at most 2 for a request, on default, backoff from 500 ms to 5 min');
  assert.equal(plain.ends, 'when all is done');
  assert.equal((await planOf('--retries 0')).retries, 'none');
  const rates = await planOf('-r 100/min --host-rate 5/15s --burst 3 --per-host 2');
  const given = 'starts 100/min, for each host 5/15s, 3 at once after a quiet time';
  assert.equal(rates.rates, `${given}, at most 2 in flight for each host`);
  assert.equal((await planOf('-r 1000')).rates, 'starts 1000/s');
  assert.equal(
    (await planOf('--retries 1 --retry-on 5xx --retry-delay 1s --retry-budget 7% --retry-unsafe')).retries,
    'at most 1 for a request, on 5xx, backoff from 1 s to 5 min, in all 7% of the requests, ' +
      'also of what may have been carried out',
  );
  assert.equal(
    (await planOf('--max-duration 5m --fail-early --max-errors 5% --check p95<2h --check status<400')).ends,
    'when all is done, after 5 min, at the first that is not ok, when more than 5% are not ok, ' +
      'then checks p95<2h, status<400',
  );
});

test('failures are told at most twenty in a second, and the rest counted', () => {
  const clock = new VirtualClock();
  const said: string[] = [];
  const lines = new FailureLines(clock, text => said.push(text));
  const failed = {
    ...{
      index: 1,
      outcome: 'http_error',
      endedMs: 5,
      createdMs: 0,
      request: { method: 'GET', url: 'http://a/' },
    },
    tries: [{ status: 503 }],
  } as unknown as Settled<HttpRequest>;
  for (let i = 0; i < 50; i++) lines.add(failed);
  assert.equal(said.length, 20);
  clock.schedule(1000, () => lines.add(failed));
  clock.step();
  assert.deepEqual(said.slice(20), ['… and 30 more that were not ok', 'request 2: http_error 503 http://a/']);
  for (let i = 0; i < 20; i++) lines.add(failed);
  lines.end();
  lines.end();
  assert.equal(said.at(-1), '… and 1 more that were not ok');
  lines.add({ ...failed, outcome: 'ok' });
  assert.equal(said.length, 42);
});

test('L09: a terminal to type into is announced; a pipe is not', async () => {
  for (const isTTY of [true, false]) {
    const io = testIo();
    const stdin = Object.assign(Readable.from([Buffer.from(`${server.origin}/a\n`)]), { isTTY });
    assert.equal(await main(['fetch', '-i', '-'], { ...io, stdin }), 0);
    assert.equal(
      /Reading requests from this terminal: a URL a line, \^D when done/.test(io.stderr.text()),
      isTTY,
    );
  }
});

test('an input that breaks off ends the record as a failure of this machine', async () => {
  const io = testIo();
  const broken = async function* (): AsyncGenerator<Buffer> {
    yield Buffer.from(`${server.origin}/a\n`);
    throw Object.assign(new Error('gone'), { code: 'EIO' });
  };
  assert.equal(await main(['fetch', '-i', '-'], { ...io, stdin: Readable.from(broken()) }), 3);
  const { lines, summary } = parseRecord(io.stdout.text());
  assert.deepEqual([lines.length, summary.ended], [1, 'local_failure']);
  assert.match(io.stderr.text(), /1 ok · broken off by a failure on this side\n/);
});

test('nothing to fetch comes with an example', async () => {
  const io = testIo();
  assert.equal(await main(['fetch'], io), 2);
  assert.match(
    io.stderr.text(),
    /^paceline: Nothing to fetch: .*\npaceline: For example: paceline fetch -i urls\.txt -c 10/,
  );
});

test('a list for vegeta takes its bodies from beside it', async () => {
  folder.file('body.json', '{"a":1}');
  const list = folder.file(
    'targets.txt',
    `POST ${server.origin}/echo\nX-A: 1\n@body.json\n\nPOST ${server.origin}/a\n@gone\n`,
  );
  const io = testIo();
  const code = await main(['fetch', '-i', list, '--input-format', 'vegeta', '--ordered'], io);
  const { lines } = parseRecord(io.stdout.text());
  assert.equal(code, 1);
  assert.ok(lines[0]?.body?.endsWith('{"a":1}'));
  assert.deepEqual([lines[1]?.outcome, lines[1]?.error?.code], ['invalid_input', 'ERR_INPUT_FILE']);
  assert.match(
    lines[1]?.error?.message ?? '',
    /targets\.txt line 5: cannot read @gone: there is no such file/,
  );
});

test('a body that is no regular file is refused, and one without end never read', async () => {
  const targets = ['/dev/zero', '.'].map(path => `POST ${server.origin}/a\n@${path}\n`).join('\n');
  const list = folder.file('devices.txt', targets);
  const io = testIo();
  assert.equal(await main(['fetch', '-i', list, '--input-format', 'vegeta', '-q'], io), 1);
  for (const line of parseRecord(io.stdout.text()).lines) {
    assert.match(line.error?.message ?? '', /not a regular file/);
  }
});
