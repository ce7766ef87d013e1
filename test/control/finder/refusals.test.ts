// What servers say by refusing: a ceiling, a quota in headers.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { QuotaHeaders } from '../../../src/control/finder/quota.ts';
import { Refusals } from '../../../src/control/finder/refusals.ts';

const attempt = { tookMs: 1, inFlight: 4, isBeginning: false, serviceMs: 100, waitMs: 100 };

describe('a ceiling', () => {
  test('one refusal among many is chance', () => {
    const refusals = new Refusals();
    for (let i = 0; i < 40; i++) refusals.served(5);
    assert.equal(refusals.refused({ ...attempt, nowMs: 10, sentMs: 9, level: 5 }), false);
    assert.equal(refusals.ceiling, Number.POSITIVE_INFINITY);
  });

  test('many are none, and a burst is one decision', () => {
    const refusals = new Refusals();
    for (let i = 0; i < 40; i++) refusals.served(5);
    const fell = [1, 2, 3, 4, 5, 6].map(i =>
      refusals.refused({ ...attempt, nowMs: 1000 + i * 0.1, sentMs: 990, level: 5 }),
    );
    assert.equal(fell.filter(Boolean).length, 1);
    assert.equal(refusals.ceiling, 4);
  });

  test('at the beginning one is enough', () => {
    const refusals = new Refusals();
    assert.equal(refusals.refused({ ...attempt, isBeginning: true, nowMs: 10, sentMs: 9, level: 8 }), true);
    assert.equal(refusals.ceiling, 7);
  });
});

describe('a ceiling that is tried', () => {
  test('it is tried one higher, and raised ever faster while nothing is refused there', () => {
    const refusals = new Refusals();
    refusals.refused({ ...attempt, isBeginning: true, nowMs: 10, sentMs: 9, level: 5 });
    for (let round = 0; round < 7; round++) refusals.endRound(5000);
    assert.equal(refusals.ceiling, 4);
    const ceilings = [1, 2, 3, 4, 5].map(() => {
      for (let i = 0; i < 10; i++) refusals.served(refusals.ceiling);
      refusals.endRound(5000);
      return refusals.ceiling;
    });
    assert.deepEqual(ceilings, [5, 7, 11, 19, 27]);
  });

  test('one of many that are taken above it is refused by chance: it is raised all the same', () => {
    const refusals = new Refusals();
    refusals.refused({ ...attempt, isBeginning: true, nowMs: 10, sentMs: 9, level: 5 });
    for (let round = 0; round < 8; round++) refusals.endRound(5000);
    assert.equal(refusals.ceiling, 5);
    for (const nowMs of [5100, 6100, 7100]) {
      for (let i = 0; i < 6; i++) refusals.served(5);
      assert.equal(
        refusals.refused({ ...attempt, waitMs: undefined, nowMs, sentMs: nowMs - 1, level: 5 }),
        false,
      );
    }
    refusals.endRound(8000);
    assert.equal(refusals.ceiling, 7);
  });

  test('each that is sent above it is refused: it is confirmed', () => {
    const refusals = new Refusals();
    refusals.refused({ ...attempt, isBeginning: true, nowMs: 10, sentMs: 9, level: 5 });
    for (let round = 0; round < 8; round++) refusals.endRound(5000);
    const fell = [5100, 6100].map(nowMs => {
      for (let i = 0; i < 6; i++) refusals.served(4);
      return refusals.refused({ ...attempt, waitMs: undefined, nowMs, sentMs: nowMs - 1, level: 5 });
    });
    assert.deepEqual(fell, [false, true]);
    assert.equal(refusals.ceiling, 4);
  });

  test('it is kept while so many are not even wanted', () => {
    const refusals = new Refusals();
    refusals.refused({ ...attempt, isBeginning: true, nowMs: 10, sentMs: 9, level: 19 });
    for (let round = 0; round < 200; round++) {
      for (let i = 0; i < 10; i++) refusals.served(12);
      refusals.endRound(10_000 + round);
    }
    assert.equal(refusals.ceiling, 19);
  });
});

describe('a ceiling, where refusals are told apart', () => {
  test('a server that makes us wait for each refusal is tried after twenty such waits, and once', () => {
    const refusals = new Refusals();
    const at = { ...attempt, waitMs: 2000 };
    refusals.refused({ ...at, isBeginning: true, nowMs: 10, sentMs: 9, level: 5 });
    for (let round = 0; round < 100; round++) refusals.endRound(40_000);
    assert.equal(refusals.ceiling, 4);
    refusals.endRound(40_010);
    assert.equal(refusals.ceiling, 5);
    assert.equal(refusals.refused({ ...at, inFlight: 4, nowMs: 41_000, sentMs: 40_999, level: 3 }), true);
    assert.equal(refusals.ceiling, 4);
  });

  test('of a burst the lowest that was refused tells what is taken', () => {
    const refusals = new Refusals();
    const at = { ...attempt, isBeginning: true, nowMs: 10, sentMs: 9 };
    refusals.refused({ ...at, inFlight: 14, level: 15 });
    refusals.refused({ ...at, inFlight: 13, level: 14 });
    assert.equal(refusals.ceiling, 13);
  });

  test('one for each time that six were in flight is no chance, however many are served between', () => {
    const refusals = new Refusals();
    let fell = 0;
    for (let turn = 1; turn <= 4 && fell === 0; turn++) {
      for (let i = 0; i < 5; i++) refusals.served(i + 1);
      const at = { ...attempt, inFlight: 5, nowMs: turn * 1000, sentMs: turn * 1000 - 1 };
      if (refusals.refused({ ...at, level: 3 })) fell = turn;
    }
    assert.equal(fell, 2);
    assert.equal(refusals.ceiling, 5);
  });

  test('it is never below one', () => {
    const refusals = new Refusals();
    for (let i = 0; i < 50; i++)
      refusals.refused({ ...attempt, inFlight: 0, nowMs: i * 500, sentMs: i * 500 - 1, level: 1 });
    assert.equal(refusals.ceiling, 1);
  });
});

describe('rate limit headers', () => {
  test('what is left is spent, less what is on its way, then it waits for the reset', () => {
    const quota = new QuotaHeaders();
    assert.ok(quota.dueMs(0) <= 0);
    quota.noted({ remaining: 3, resetMs: 1000 }, 100, 1);
    for (let i = 0; i < 2; i++) {
      assert.ok(quota.dueMs(100) <= 100);
      quota.started();
    }
    assert.equal(quota.dueMs(150), 1102);
    assert.equal(quota.hasHeldUp, true);
    assert.ok(quota.dueMs(1102) <= 1102, 'a new window');
  });

  test('numbers that are none are left out', () => {
    const quota = new QuotaHeaders();
    quota.noted({ remaining: Number.NaN, resetMs: 10 }, 0, 0);
    quota.noted({ remaining: 0, resetMs: Number.NaN }, 0, 0);
    quota.noted({ remaining: 0, resetMs: -5 }, 0, 0);
    assert.ok(quota.dueMs(0) <= 0);
  });

  test('a reset that never comes is asked about again', () => {
    const quota = new QuotaHeaders();
    quota.noted({ remaining: 0, resetMs: Number.POSITIVE_INFINITY }, 0, 0);
    assert.ok(quota.dueMs(0) <= 3_600_002);
  });
});
