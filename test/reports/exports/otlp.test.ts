import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openOtlp, otlpUpTo } from '../../../src/reports/exports/otlp.ts';
import { type OtlpSpan, readOtlp } from '../../support/exports/read-otlp.ts';
import { attemptsOf, SMALL_RUN, simulatedRun, smallRun } from '../../support/exports/runs.ts';
import { feed, type RecordedRun, recorded } from '../../support/fed-report.ts';
import { aRequest, aSettled, aTry } from '../../support/record-lines.ts';

const ZERO_NS = 1_795_392_000_000_000_000n;

function traceOf(run: RecordedRun): OtlpSpan[] {
  return readOtlp(feed(openOtlp, [run]).text)[0] as OtlpSpan[];
}

const small = traceOf(smallRun());
const ms = (ns: bigint): number => Number(ns - ZERO_NS) / 1e6;
const attempts = small.filter(({ kind }) => kind === 3);
const requests = small.filter(({ name }) => name === 'paceline request');

test('a run holds requests, a request its attempts; each from its own beginning to its end', () => {
  const [run] = small.filter(({ parentSpanId }) => parentSpanId === undefined);
  assert.ok(run);
  assert.deepEqual([run.name, ms(run.fromNs), ms(run.toNs)], ['paceline run', 0, 311]);
  assert.equal(run.attributes['paceline.ended'], 'complete');
  assert.equal(requests.length, 8);
  assert.ok(requests.every(({ parentSpanId }) => parentSpanId === run.spanId));
  const retried = requests.find(({ attributes }) => attributes['paceline.request.index'] === 1);
  const own = attempts.filter(({ parentSpanId }) => parentSpanId === retried?.spanId);
  assert.deepEqual(
    own.map(one => [ms(one.fromNs), ms(one.toNs), one.attributes['http.request.resend_count']]),
    [
      [0, 50, undefined],
      [210.5, 310, 1],
    ],
  );
  assert.deepEqual(
    own[1]?.events.map(({ atNs, name }) => [ms(atNs), name]),
    [
      ...[
        [210.5, 'network'],
        [212.5, 'ttfb'],
        [309.5, 'download'],
      ],
    ],
  );
});

test('an attempt says what the conventions ask for', () => {
  assert.deepEqual(attempts[3]?.attributes, {
    ...{ 'http.request.method': 'GET', 'server.address': 'h', 'server.port': 80, 'url.full': 'http://h/c' },
    ...{ 'http.response.status_code': 200, 'network.protocol.version': '1.1' },
    ...{
      'paceline.outcome': 'ok',
      'paceline.lane': 2,
      'paceline.permit_ms': 0,
      'paceline.server.queue_ms': 99,
    },
    ...{ 'paceline.server.service_ms': 100, 'paceline.server.worker': '1', 'paceline.server.doubt_ms': 0 },
  });
});

test('what failed is an error with its type; what was cancelled is none', () => {
  const types = (spans: readonly OtlpSpan[]) => spans.map(({ attributes }) => attributes['error.type']);
  assert.deepEqual(types(attempts), [
    ...[undefined, 'ECONNREFUSED', 'timeout', undefined, '429', undefined, undefined],
  ]);
  assert.deepEqual(types(requests), [
    ...[undefined, 'ECONNREFUSED', 'timeout', undefined, undefined, undefined, undefined, 'invalid_input'],
  ]);
});

test("where the user's own code threw, the request failed and the exchange did not", () => {
  const one = aTry({ outcome: 'handler_error', error: { code: 'HANDLER_ERROR', message: 'no' } });
  const spans = traceOf(recorded(SMALL_RUN, [aSettled({ tries: [one] })]));
  assert.deepEqual(
    spans.map(({ name, isError }) => [name, isError]),
    [
      ['paceline request', true],
      ['GET', false],
      ['paceline run', false],
    ],
  );
});

test('an exchange ends with its last byte, before the handler; nothing is before 1970', () => {
  const one = aTry({
    startedMs: -5,
    endedMs: 20,
    phasesMs: { network: 6, ttfb: 4, download: 5, handler: 10 },
  });
  const run = recorded({ ...SMALL_RUN, started: '1970-01-01T00:00:00Z' }, [aSettled({ tries: [one] })]);
  const [attempt] = traceOf(run).filter(({ kind }) => kind === 3);
  assert.deepEqual([attempt?.fromNs, attempt?.toNs], [0n, 10_000_000n]);
});

test('addresses and ports of every form of origin; a method that nobody knows names no span', () => {
  const urls = ['https://a.b/x', 'http://[::1]:8080/', 'https://10.0.0.1:8443/?a=1'];
  const settled = urls.map((url, index) =>
    aSettled({ index, request: aRequest({ url, method: 'SP\u0000M' }) }),
  );
  const spans = traceOf(recorded(SMALL_RUN, settled)).filter(({ kind }) => kind === 3);
  assert.deepEqual(
    spans.map(({ attributes }) => [attributes['server.address'], attributes['server.port']]),
    [
      ['a.b', 443],
      ['::1', 8080],
      ['10.0.0.1', 8443],
    ],
  );
  assert.deepEqual(
    [spans[0]?.name, spans[0]?.attributes['http.request.method_original']],
    ['_OTHER', 'SP\u0000M'],
  );
});

test('ids follow from seed and index alone', () => {
  const again = traceOf(smallRun());
  assert.deepEqual(
    again.map(({ spanId }) => spanId),
    small.map(({ spanId }) => spanId),
  );
  const { lines, ...rest } = smallRun();
  const fewer = traceOf({ ...rest, lines: lines.slice(3) });
  const known = new Set(small.map(({ spanId }) => spanId));
  assert.ok(
    fewer.every(({ spanId }) => known.has(spanId)),
    'whatever else is in the record',
  );
  const other = traceOf({ ...rest, lines, run: { ...SMALL_RUN, seed: 8 } });
  assert.ok(other.every(({ traceId, spanId }) => traceId !== small[0]?.traceId && !known.has(spanId)));
});

test('the file is one line', () => {
  assert.match(feed(openOtlp, [smallRun(), smallRun()]).text, /^\{.*\}\n$/);
});

test('a record given twice is two traces', () => {
  assert.equal(readOtlp(feed(openOtlp, [smallRun(), smallRun()]).text).length, 2);
});

test('any number may be a seed', () => {
  for (const seed of [0, -1, 0.5, 2 ** 53, 1e300]) traceOf({ ...smallRun(), run: { ...SMALL_RUN, seed } });
});

test('beyond the cap the first requests are written whole, and it is said', () => {
  const { text, warnings } = feed(otlpUpTo(5), [smallRun()]);
  assert.equal(readOtlp(text)[0]?.filter(({ kind }) => kind === 3).length, 4);
  assert.match(warnings.join(), /^Only the first 4 of 7 attempts are in the OTLP file, .*\.$/);
});

test('simulated runs have a span for each request and attempt', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const run = simulatedRun(seed);
    assert.equal(traceOf(run).length, 1 + run.lines.length + attemptsOf(run));
  }
});
