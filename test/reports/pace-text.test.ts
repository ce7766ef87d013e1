// What was found of a pace, as people read it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OriginPace } from '../../src/model/record.ts';
import { comparedPaceText, paceText } from '../../src/reports/pace-text.ts';

const FOUND: OriginPace = {
  ...{ origin: 'http://a', mode: 'in flight', limit: 4, reason: 'no request overtakes any more' },
  ...{ says: '3 at a time (proved by 41 overtakings)', changes: [] },
};

test('one origin needs no name', () => {
  assert.deepEqual(paceText({ pace: [FOUND], outcomes: { ok: 1 } }), [
    'Pace found: 3 at a time (proved by 41 overtakings).',
  ]);
  assert.deepEqual(paceText({ outcomes: { ok: 1 } }), []);
});

test('of many origins a few, and where the others are', () => {
  const many = Array.from({ length: 5 }, (_, n) => ({ ...FOUND, origin: `http://h${n}` }));
  const lines = paceText({ pace: many, outcomes: { ok: 1 } });
  assert.equal(lines.length, 4);
  assert.match(lines[0] ?? '', /^Pace found of http:\/\/h0: 3 at a time/);
  assert.equal(lines[3], '2 more origins: see the record.');
});

test('what several runs found: who it was, once where it is the same', () => {
  const same = { pace: [FOUND], outcomes: { ok: 1 } };
  const other = { ...same, pace: [{ ...FOUND, says: '4 at a time' }] };
  assert.deepEqual(
    comparedPaceText([
      { strategy: 'async', summary: { outcomes: { ok: 1 } } },
      { strategy: 'semaphore', summary: same },
      { strategy: 'threads', summary: other },
      { strategy: 'processes', summary: same },
    ]),
    [
      'Pace found by semaphore, processes: 3 at a time (proved by 41 overtakings).',
      'Pace found by threads: 4 at a time.',
    ],
  );
});

test('nothing is told of a server that answered nothing well, or before anything was known', () => {
  assert.deepEqual(paceText({ pace: [FOUND], outcomes: { http_error: 40 } }), []);
  assert.deepEqual(paceText({ pace: [{ ...FOUND, mode: 'starting' }], outcomes: { ok: 1 } }), []);
});

test('a server that refused everything is told as such', () => {
  const refusedAll = { pace: [{ ...FOUND, mode: 'rate' }], outcomes: { http_error: 5, cancelled: 9 } };
  assert.deepEqual(paceText({ ...refusedAll, attempts: 17, refused: 17 }), [
    'No pace found: all 17 attempts were refused.',
  ]);
  assert.deepEqual(paceText({ ...refusedAll, attempts: 17, refused: 16 }), []);
  const fixed = { outcomes: refusedAll.outcomes, attempts: 17, refused: 17 };
  assert.deepEqual(paceText(fixed), [], 'with -c 5 nothing was looked for');
});
