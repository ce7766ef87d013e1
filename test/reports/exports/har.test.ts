import assert from 'node:assert/strict';
import { test } from 'node:test';
import { harUpTo, openHarReport } from '../../../src/reports/exports/har.ts';
import { readHar } from '../../support/exports/read-har.ts';
import { attemptsOf, SMALL_RUN, simulatedRun, smallRun } from '../../support/exports/runs.ts';
import { feed, recorded } from '../../support/fed-report.ts';
import { inShort, readFormat } from '../../support/read-format.ts';
import { aRequest, aSettled, aTry } from '../../support/record-lines.ts';

const small = readHar(feed(openHarReport, [smallRun()]).text);

test('an entry for each attempt, in the order of the record, with its own place in the run', () => {
  assert.deepEqual(
    small.entries.map(({ _paceline: own, response }) => [
      own.request,
      own.attempt,
      own.outcome,
      response.status,
    ]),
    [
      ...[
        [0, 1, 'ok', 200],
        [4, 1, 'network_error', 0],
        [3, 1, 'timeout', 0],
        [2, 1, 'ok', 200],
      ],
      ...[
        [1, 1, 'http_error', 429],
        [1, 2, 'ok', 200],
        [5, 1, 'cancelled', 0],
      ],
    ],
  );
  assert.equal(small.pages[0]?.comment, '2 requests never sent: no entry');
});

test('timings are the wait on our side, to send, to wait with the way back, to receive', () => {
  const timings = small.entries.map(({ timings: { blocked, send, wait, receive }, time }) => [
    ...[blocked, send, wait, receive, time],
  ]);
  assert.deepEqual(timings, [
    ...[
      [0, 2, 101, 1, 104],
      [104, 1, 0, 0, 105],
      [50, 2, 148, 0, 200],
      [0, 2, 201, 0.25, 203.25],
    ],
    ...[
      [0, 2, 48, 0, 50],
      [10.5, 2, 97, 0.5, 110],
      [105, 2, 204, 0, 311],
    ],
  ]);
  assert.equal(small.entries[5]?.startedDateTime, '2026-11-23T00:00:00.200Z');
});

test('a wait that was not measured does not apply, and a handler is no part of the exchange', () => {
  const one = aTry({ endedMs: 20, phasesMs: { network: 1, ttfb: 4, download: 5, handler: 10 } });
  const [entry] = readHar(
    feed(openHarReport, [recorded(SMALL_RUN, [aSettled({ tries: [one] })])]).text,
  ).entries;
  assert.deepEqual(entry?.timings, {
    blocked: -1,
    dns: -1,
    connect: -1,
    ssl: -1,
    send: 1,
    wait: 4,
    receive: 5,
  });
});

test('the start of a worker blocks too, and on one host the way back is a wait even where sending took no time', () => {
  const started = aTry({
    startedMs: 7,
    endedMs: 9,
    phasesMs: { permit: 2, handover: 5, network: 1, ttfb: 1 },
  });
  const near = aTry({
    ...{ endedMs: 10, phasesMs: { permit: 0, network: 1, queue: 4, service: 5 } },
    server: { arrivedMs: 0, doubtMs: 0 },
  });
  const run = recorded(SMALL_RUN, [aSettled({ tries: [started] }), aSettled({ index: 1, tries: [near] })]);
  const [first, second] = readHar(feed(openHarReport, [run]).text).entries.map(({ timings }) => timings);
  assert.deepEqual([first?.blocked, first?.send, first?.wait], [7, 1, 1]);
  assert.deepEqual([second?.blocked, second?.send, second?.wait], [0, 0, 10]);
});

test('it is written while it is fed', () => {
  const { pieces, text } = feed(openHarReport, [simulatedRun(1, 500)]);
  assert.ok(pieces >= Math.floor(text.length / 70_000) && pieces > 2, `${pieces} pieces of ${text.length}`);
});

test('a redirect names where it leads', () => {
  const tries = [
    aTry({ outcome: 'http_error', status: 302, endedMs: 5 }),
    aTry({ startedMs: 5, endedMs: 9, url: 'http://there/?sig=abc' }),
  ];
  const run = recorded(SMALL_RUN, [aSettled({ tries, request: aRequest({ url: 'http://here/' }) })]);
  const [first, second] = readHar(feed(openHarReport, [run]).text).entries;
  assert.equal(first?.response.redirectURL, 'http://there/?sig=REDACTED');
  assert.equal(second?.request.url, 'http://there/?sig=REDACTED');
});

test('our own input reads it back: the same requests in the same order', async () => {
  const run = simulatedRun(3, 30);
  const inputs = await readFormat({ text: feed(openHarReport, [run]).text, format: 'har', pieceBytes: 777 });
  const sent = run.lines.flatMap(({ method, url, tries }) => tries.map(one => `${method} ${one.url ?? url}`));
  assert.deepEqual(inShort(inputs), sent);
});

test('several runs are pages', () => {
  const both = readHar(feed(openHarReport, [smallRun(), simulatedRun(1, 5)]).text);
  assert.deepEqual(
    both.pages.map(({ id }) => id),
    ['run_1', 'run_2'],
  );
  assert.ok(both.entries.slice(7).every(({ pageref }) => pageref === 'run_2'));
});

test('a start that is no date is told, and counted from 1970', () => {
  const run = { ...SMALL_RUN, started: 'yesterday' };
  const { text, warnings } = feed(openHarReport, [recorded(run, [aSettled()])]);
  assert.equal(readHar(text).entries[0]?.startedDateTime, '1970-01-01T00:00:00.000Z');
  assert.deepEqual(warnings, ['run.ndjson does not say when it was started: its times count from 1970.']);
});

test('beyond the cap the first requests are written whole, and it is said', () => {
  const { text, warnings } = feed(harUpTo(5), [smallRun()]);
  assert.equal(readHar(text).entries.length, 4);
  assert.match(warnings.join(), /^Only the first 4 of 7 attempts are in the HAR, .*\.$/);
});

test('simulated runs have an entry for each attempt', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const run = simulatedRun(seed);
    assert.equal(readHar(feed(openHarReport, [run]).text).entries.length, attemptsOf(run));
  }
});
