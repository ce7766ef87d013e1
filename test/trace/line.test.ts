// The hand-made line must be what JSON.parse and the record's types say, for ordinary and for hostile content.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../src/base/random.ts';
import type { RequestLine } from '../../src/model/record.ts';
import { InvalidInput } from '../../src/model/request.ts';
import { requestLineProblem } from '../../src/trace/check.ts';
import { msText, roundMs } from '../../src/trace/instants.ts';
import { footerLine, headerLine, requestLine } from '../../src/trace/line.ts';
import { aRequest, aSettled, aTry } from '../support/record-lines.ts';

const LINE_ENDS = /[\n\r\u0085\u2028\u2029\u000b\u000c]/;

function parsed(line: string): RequestLine {
  assert.doesNotMatch(line, LINE_ENDS);
  return JSON.parse(line);
}

test('an ordinary request has every field of its line', () => {
  const one = aTry({
    lane: 2,
    worker: 1,
    startedMs: 1.00049,
    endedMs: 1003.25,
    phasesMs: { permit: 1, network: 0.5, queue: 0.001, service: 1000, download: 0 },
    server: { worker: '2', workers: 3, arrivedMs: 1.25, doubtMs: 0 },
    bytes: 22,
    body: new TextEncoder().encode('This is a slow web api'),
    value: { seen: true },
  });
  const settled = aSettled({ index: 7, request: aRequest({ id: 'a' }), tries: [one] });
  assert.deepEqual(parsed(requestLine(settled, 'auto')), {
    index: 7,
    id: 'a',
    method: 'GET',
    url: 'http://h/',
    outcome: 'ok',
    status: 200,
    attempts: 1,
    lane: 2,
    worker: 1,
    createdMs: 0,
    startedMs: 1,
    endedMs: 1003.25,
    bytes: 22,
    body: 'This is a slow web api',
    value: { seen: true },
    tries: [
      {
        lane: 2,
        worker: 1,
        outcome: 'ok',
        status: 200,
        startedMs: 1,
        endedMs: 1003.25,
        phasesMs: { permit: 1, network: 0.5, queue: 0.001, service: 1000, download: 0 },
        server: { worker: '2', workers: 3, arrivedMs: 1.25, doubtMs: 0 },
      },
    ],
  });
});

test('a failed retry and the error that counts are told', () => {
  const error = { code: 'TIMEOUT_HEADERS', message: 'no headers in 1 s', phase: 'headers' } as const;
  const first = aTry({
    outcome: 'http_error',
    status: 503,
    endedMs: 5,
    error: { code: 'HTTP_503', message: '' },
  });
  const second = aTry({ outcome: 'timeout', status: null, startedMs: 6, endedMs: 1006, error });
  const line = parsed(requestLine(aSettled({ tries: [first, second] }), 'auto'));
  assert.equal(line.attempts, 2);
  assert.equal(line.status, null);
  assert.deepEqual(line.error, error);
  assert.equal(line.tries[0]?.error?.code, 'HTTP_503');
});

test('a request that was never sent has a line without lane and start', () => {
  const request = new InvalidInput({ code: 'ERR_INPUT_URL', message: 'line 3: not a URL', url: 'x:\u0000' });
  const line = parsed(requestLine(aSettled({ request, outcome: 'invalid_input', tries: [] }), 'auto'));
  assert.deepEqual(line, {
    index: 0,
    id: null,
    method: '',
    url: 'x:\u0000',
    outcome: 'invalid_input',
    status: null,
    attempts: 0,
    createdMs: 0,
    endedMs: 1,
    bytes: 0,
    error: { code: 'ERR_INPUT_URL', message: 'line 3: not a URL' },
    tries: [],
  });
});

test('hostile text comes back as it was and stays on one line', () => {
  const nasty = ['\u0000\n\r\u2028\u2029\u0085"\\', '\ud800x\udfff', '\u202e\u200b', 'a'.repeat(1_000_000)];
  for (const text of nasty) {
    const settled = aSettled({
      request: aRequest({ url: `http://h/${text}`, id: text }),
      tries: [aTry({ outcome: 'network_error', error: { code: 'X', message: text }, value: [text] })],
    });
    const line = parsed(requestLine(settled, 'auto'));
    assert.equal(line.url, `http://h/${text}`);
    assert.equal(line.id, text);
    assert.equal(line.error?.message, text);
    assert.deepEqual(line.value, [text]);
  }
});

test('a handler value that JSON cannot hold is left out, and the line lives', () => {
  const cycle: unknown[] = [];
  cycle.push(cycle);
  for (const value of [cycle, 1n, () => 0])
    assert.equal('value' in parsed(requestLine(aSettled({ tries: [aTry({ value })] }), 'auto')), false);
});

test('the body policy decides what is kept', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const kept = (body: Uint8Array, policy: 'auto' | 'text' | 'base64' | 'none') => {
    const line = parsed(requestLine(aSettled({ tries: [aTry({ body })] }), policy));
    return [line.body, line.bodyEncoding];
  };
  const binary = Uint8Array.from([0xff, 0x00, 0x80]);
  assert.deepEqual(kept(bytes('é"\n\u2028'), 'auto'), ['é"\n\u2028', undefined]);
  assert.deepEqual(kept(bytes('\ufeffbom'), 'auto'), ['\ufeffbom', undefined]);
  assert.deepEqual(kept(bytes(''), 'auto'), ['', undefined]);
  assert.deepEqual(kept(binary, 'auto'), [undefined, undefined]);
  assert.deepEqual(kept(binary, 'text'), ['\ufffd\u0000\ufffd', undefined]);
  assert.deepEqual(kept(binary, 'base64'), ['/wCA', 'base64']);
  assert.deepEqual(kept(bytes('x'), 'none'), [undefined, undefined]);
  assert.deepEqual(kept(bytes('x'.repeat(65_536)), 'auto'), ['x'.repeat(65_536), undefined]);
  assert.deepEqual(kept(bytes('x'.repeat(65_537)), 'auto'), [undefined, undefined]);
  const large = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 7) & 255);
  assert.equal(kept(large, 'base64')[0], Buffer.from(large).toString('base64'));
});

test('a saved body is named with its digest, and a reader takes no path for a name', () => {
  const sha256 = '0a'.repeat(32);
  const line = requestLine(aSettled({ saved: { file: '000000-é.txt', sha256 } }), 'none');
  assert.deepEqual([parsed(line).file, parsed(line).sha256], ['000000-é.txt', sha256]);
  const problemOf = (part: object): string | null => requestLineProblem({ ...JSON.parse(line), ...part });
  assert.equal(problemOf({}), null);
  for (const file of [
    '',
    '.',
    '..',
    '.x',
    '../x',
    '/x',
    'a/b',
    'a\\b',
    'C:x',
    'a\0',
    'a\n',
    'x'.repeat(256),
    7,
    null,
  ])
    assert.equal(problemOf({ file }), "has 'file' that is not the name of a file, without a path", `${file}`);
  for (const digest of ['', sha256.toUpperCase(), `${sha256}0`, 7])
    assert.equal(problemOf({ sha256: digest }), "has 'sha256' that is not 64 hexadecimal digits");
});

test('times are rounded to microseconds and have no exponent', () => {
  assert.equal(msText(0), '0');
  assert.equal(msText(-0), '0');
  assert.equal(msText(0.0004), '0');
  assert.equal(msText(1e-9), '0');
  assert.equal(msText(1.9999), '2');
  assert.equal(msText(-1.5), '-1.5');
  assert.equal(msText(86_400_000_000.001), '86400000000.001');
  assert.throws(() => msText(Number.NaN), { code: 'ERR_BUG' });
  assert.throws(() => msText(Number.POSITIVE_INFINITY), { code: 'ERR_BUG' });
  const random = seededRandom(1);
  for (let i = 0; i < 20_000; i++) {
    const ms = random.next() * 10 ** (random.next() * 12 - 4);
    assert.equal(msText(ms), JSON.stringify(roundMs(ms)), `${ms}`);
  }
});

test('header and footer are lines of their own kind', () => {
  const run = {
    version: '0.1.0',
    started: '2026-11-23T00:00:00Z',
    strategy: 'async',
    concurrency: null,
    seed: 7,
  };
  assert.deepEqual(JSON.parse(headerLine(run)), { paceline: 1, run });
  const summary = {
    ended: 'complete',
    makespanMs: 1,
    requests: 0,
    attempts: 0,
    outcomes: {},
    statuses: {},
    bytes: 0,
    inFlightMax: 0,
  } as const;
  assert.deepEqual(JSON.parse(footerLine(summary)), { summary });
});
