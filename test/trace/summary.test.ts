// The numbers of runs whose answers are known.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SummaryBuilder } from '../../src/trace/summary.ts';
import { waitedAtServer } from '../../src/trace/waiting.ts';
import { aSettled, aTry, scene } from '../support/record-lines.ts';

function summaryOf(settled: Iterable<Parameters<SummaryBuilder['add']>[0]>) {
  const builder = new SummaryBuilder();
  for (const one of settled) builder.add(one);
  return builder.summary('complete');
}

test('nine at once on three workers: six wait, up to two seconds', () => {
  const summary = summaryOf(scene({ requests: 9, spread: 0 }));
  assert.equal(summary.serverWaited, 6);
  assert.equal(summary.serverQueueMax, 6);
  assert.equal(summary.serverWorkers, 3);
  assert.equal(summary.inFlightMax, 9);
  assert.equal(summary.makespanMs, 3004.2);
  assert.deepEqual(summary.serviceMs, { p50: 2004.2, p95: 3004.2, p99: 3004.2, max: 3004.2 });
  assert.deepEqual(summary.queueingMs, { p50: 0, p95: 0, p99: 0, max: 0 });
  assert.deepEqual(summary.serverQueueMs, { p50: 1000, p95: 2000, p99: 2000, max: 2000 });
  assert.deepEqual(summary.outcomes, { ok: 9 });
  assert.deepEqual(summary.statuses, { 200: 9 });
  assert.equal(summary.bytes, 9 * 22);
});

test('nine behind a limit of three: the wait is ours, the server has no queue', () => {
  const summary = summaryOf(scene({ requests: 9, limit: 3, spread: 0 }));
  assert.equal(summary.serverWaited, 0);
  assert.equal(summary.serverQueueMax, 0);
  assert.equal(summary.inFlightMax, 3);
  assert.equal(summary.serviceMs?.max, 1004.2);
  assert.equal(summary.queueingMs?.max, 2008.4);
  assert.equal(summary.responseMs?.max, 3012.6);
});

test('what was not measured is left out', () => {
  const summary = summaryOf(scene({ requests: 3, reports: false }));
  for (const field of ['serverQueueMs', 'serverQueueMax', 'serverWaited', 'serverWorkers', 'usage'])
    assert.equal(field in summary, false, field);
  const nothing = summaryOf([aSettled({ outcome: 'invalid_input', tries: [] })]);
  assert.deepEqual(nothing, {
    ended: 'complete',
    makespanMs: 0,
    requests: 1,
    attempts: 0,
    outcomes: { invalid_input: 1 },
    statuses: {},
    bytes: 0,
    inFlightMax: 0,
  });
});

test('a retried request counts once, its attempts all, its service by the last', () => {
  const first = aTry({ outcome: 'http_error', status: 503, endedMs: 400, phasesMs: { permit: 1 }, bytes: 5 });
  const second = aTry({ lane: 3, startedMs: 900, endedMs: 1000, phasesMs: { permit: 2 }, bytes: 7 });
  const summary = summaryOf([aSettled({ tries: [first, second] })]);
  assert.equal(summary.requests, 1);
  assert.equal(summary.attempts, 2);
  assert.deepEqual(summary.statuses, { 200: 1 });
  assert.equal(summary.serviceMs?.max, 100);
  assert.equal(summary.responseMs?.max, 1000);
  assert.equal(summary.queueingMs?.max, 3);
  assert.equal(summary.bytes, 7);
  assert.equal(summary.inFlightMax, 4);
});

test('the hand-over to a free worker is no wait', () => {
  assert.equal(waitedAtServer({ queue: 0.3, service: 1000 }), false);
  assert.equal(waitedAtServer({ queue: 30, service: 1000 }), false);
  assert.equal(waitedAtServer({ queue: 60, service: 1000 }), true);
  assert.equal(waitedAtServer({ queue: 2, service: 5 }), true);
  assert.equal(waitedAtServer({ service: 5 }), false);
});
