// What crosses to a worker and back arrives as it was: also what few have.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packEnd, unpackEnds } from '../../src/executors/crossing.ts';
import type { AttemptEnd } from '../../src/model/attempt.ts';

const BARE: AttemptEnd = {
  lane: 3,
  outcome: 'ok',
  status: 200,
  startedMs: 10.5,
  endedMs: 20.25,
  bytes: 17,
  phasesMs: { ttfb: 8, download: 1.75 },
  worker: 0,
};

function crossed(...ends: readonly AttemptEnd[]): AttemptEnd[] {
  const list: unknown[] = [];
  for (const end of ends) packEnd(list, end);
  const arrived: AttemptEnd[] = [];
  unpackEnds(structuredClone(list), 2, end => arrived.push(end));
  return arrived;
}

test('ends of one message are told apart, and say whose they are', () => {
  const other: AttemptEnd = { ...BARE, lane: 4, outcome: 'timeout', status: null };
  assert.deepEqual(crossed(BARE, other), [
    { ...BARE, worker: 2 },
    { ...other, worker: 2 },
  ]);
});

for (const rare of [
  { passedOver: 2 },
  { framing: 'close' },
  { addresses: ['127.0.0.1', '::1'] },
  { retryAfterMs: 0 },
  { retryAfterIgnored: 'soon' },
  { mayHaveArrived: true },
  { value: null },
  { url: 'http://localhost/moved' },
] as const satisfies readonly Partial<AttemptEnd>[])
  test(`${Object.keys(rare)} arrives`, () => {
    assert.deepEqual(crossed({ ...BARE, ...rare }), [{ ...BARE, ...rare, worker: 2 }]);
  });

test('what a handler took arrives as a phase', () => {
  const phasesMs = { ...BARE.phasesMs, handler: 4 };
  assert.deepEqual(crossed({ ...BARE, phasesMs })[0]?.phasesMs, phasesMs);
});
