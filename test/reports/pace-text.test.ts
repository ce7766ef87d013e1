// What was found of a pace, as people read it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OriginPace } from '../../src/model/record.ts';
import { paceText } from '../../src/reports/pace-text.ts';

const FOUND: OriginPace = {
  ...{ origin: 'http://a', mode: 'in flight', limit: 4, reason: 'no request overtakes any more' },
  changes: [],
};

test('how many at a time, how long each, and the proof', () => {
  assert.deepEqual(paceText([{ ...FOUND, capacity: 3.1, serviceMs: 1000, proofs: 41 }]), [
    'Pace found: 3 at a time, 1 s each: 3 requests/s (proved by 41 overtakings).',
  ]);
  assert.deepEqual(paceText([FOUND]), ['Pace found: 4 at a time (no request overtakes any more).']);
  assert.match(paceText([{ ...FOUND, proofs: 1 }])[0] ?? '', /\(proved by 1 overtaking\)/);
});

test('a rate, and a run that was too short', () => {
  const rate = { ...FOUND, mode: 'rate', ratePerSecond: 9.98765, reason: '429s with Retry-After' };
  assert.deepEqual(paceText([rate]), ['Pace found: 9.99 requests/s (429s with Retry-After).']);
  assert.match(paceText([{ ...FOUND, mode: 'starting' }])[0] ?? '', /as far as so short a run can tell\.$/);
});

test('of many origins a few, and where the others are', () => {
  const many = Array.from({ length: 5 }, (_, n) => ({ ...FOUND, origin: `http://h${n}` }));
  const lines = paceText(many);
  assert.equal(lines.length, 4);
  assert.match(lines[0] ?? '', /^Pace found of http:\/\/h0: 4 at a time/);
  assert.equal(lines[3], '2 more origins: see the record.');
  assert.deepEqual(paceText([]), []);
});
