// The sentence over a picture: each rule on a run with a known cause, and silence where there is none.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestLine, TryLine } from '../../src/model/record.ts';
import { Attempts, type RunFacts, runFacts } from '../../src/timeline/large/facts.ts';
import { comparedText, findingText } from '../../src/timeline/large/finding.ts';
import { Pieces } from '../../src/timeline/large/pieces.ts';
import { sceneLines } from '../support/html-report.ts';
import { gathered } from '../support/plain-spans.ts';
import { lineOf } from '../support/queue-model.ts';

function factsOf(lines: Iterable<RequestLine>): RunFacts {
  const data = gathered(lines);
  return runFacts(new Pieces(data), new Attempts(data));
}

const said = (lines: Iterable<RequestLine>): string => findingText(factsOf(lines)).replaceAll('\u00a0', ' ');

function aTry(part: Partial<TryLine>): TryLine {
  return {
    lane: 0,
    outcome: 'ok',
    status: 200,
    startedMs: 0,
    endedMs: 100,
    phasesMs: { network: 1, ttfb: 99 },
    ...part,
  };
}

test('the server is overloaded', () => {
  const text = said(sceneLines({ requests: 9 }));
  assert.match(
    text,
    /^6 of 9 requests wait up to 2\.0\d s in the queue of the server, which has 3 workers\. /,
  );
  assert.match(text, / Wall 3\.0\d s; on the wire p50 2\.0\d s, max 3\.0\d s\.$/);
});

test('our own limit holds requests back, and the server stays free', () => {
  assert.match(
    said(sceneLines({ requests: 9, limit: 3 })),
    /^6 of 9 requests wait up to 2\.0\d s for a permit of ours; none has to wait in the server’s queue\. Wall 3\.\d+ s/,
  );
});

test('nobody waits', () => {
  assert.match(
    said(sceneLines({ requests: 3 })),
    /^No request waits in the queue of the server, which has 3 workers\. Wall 1\.0\d s/,
  );
});

test('a server that says nothing: what was measured, and no guess', () => {
  assert.match(
    said(sceneLines({ requests: 9, reports: false })),
    /^The server does not tell how long requests wait in its queue\. Wall 3\.0\d s; on the wire p50/,
  );
});

test('each way of failing is counted by its own name, attempts by theirs', () => {
  const lines = [
    lineOf(0, 0, [aTry({})]),
    lineOf(1, 0, [aTry({ lane: 1, outcome: 'timeout', status: null })]),
    lineOf(2, 0, [aTry({ lane: 2, outcome: 'http_error', status: 500 })]),
    lineOf(3, 0, [aTry({ lane: 3, outcome: 'http_error', status: 429 })]),
    lineOf(4, 0, [aTry({ lane: 4, outcome: 'cancelled', status: null })]),
    lineOf(5, 0, [
      aTry({ lane: 5, outcome: 'http_error', status: 503 }),
      aTry({ lane: 5, startedMs: 150, endedMs: 250 }),
    ]),
    lineOf(6, 0, []),
  ];
  assert.equal(
    said(lines),
    'The server does not tell how long requests wait in its queue. ' +
      'Of 7 requests, 1 timed out, 1 failed, 1 was told to slow down, 1 was cancelled, 1 was not sent. ' +
      'Wall 250 ms; on the wire p50 100 ms, max 100 ms; 7 attempts.',
  );
});

test('nothing to draw, and nothing sent', () => {
  assert.equal(said([]), 'No requests: there is nothing to draw.');
  assert.equal(said([lineOf(0, 0, [])]), 'Nothing was sent: 1 request ended before that.');
});

const run = (name: string, facts: RunFacts) => ({ name, facts });
const compared = (...runs: ReturnType<typeof run>[]): string => comparedText(runs).replaceAll('\u00a0', ' ');

test('several runs: who is quicker, and who leaves the server’s queue empty', () => {
  const sequential = run('sequential', factsOf(sceneLines({ requests: 9, limit: 1 })));
  const async = run('async', factsOf(sceneLines({ requests: 9 })));
  const semaphore = run('semaphore 3', factsOf(sceneLines({ requests: 9, limit: 3 })));
  assert.equal(
    compared(sequential, async, semaphore),
    'async is 3.00× faster than sequential: 3.08 s and 9.23 s. semaphore 3 takes about as long as async and ' +
      'keeps the server’s queue empty: there 6 of 9 wait up to 2.05 s in it.',
  );
  assert.match(
    compared(async, semaphore),
    /^Both runs take about as long: 3\.08 s and 3\.09 s\. semaphore 3 takes/,
  );
  assert.equal(compared(sequential, async), 'async is 3.00× faster than sequential: 3.08 s and 9.23 s.');
  assert.equal(compared(async), findingText(async.facts).replaceAll('\u00a0', ' '));
  const other = run('other', factsOf(sceneLines({ requests: 4 })));
  assert.match(
    compared(async, other),
    /^2 runs of different size, on one axis: their walls cannot be compared\.$/,
  );
  assert.equal(compared(), 'No run: there is nothing to draw.');
});

test('each attempt waits for a permit anew: with retries attempts are counted, never more than there were', () => {
  const tries = [
    { startedMs: 50, endedMs: 150, status: 503, outcome: 'http_error' as const },
    { startedMs: 300, endedMs: 400, status: 200, outcome: 'ok' as const },
  ].map(one => ({ lane: 0, phasesMs: { permit: 50, ttfb: 100 }, ...one }));
  assert.match(said([lineOf(0, 0, tries)]), /^All 2 attempts wait up to 50\sms for a permit of ours\./);
});
