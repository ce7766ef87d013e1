// What is made of 429s: the rate and the depth of a bucket, the number and the length of a window, or chance.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { seededRandom } from '../../../src/base/random.ts';
import { BucketPace } from '../../../src/control/finder/bucket-pace.ts';
import { QuotaWindow } from '../../../src/control/finder/quota-window.ts';
import { StartLog } from '../../../src/control/finder/start-log.ts';
import { Throttle } from '../../../src/control/finder/throttle.ts';
import { bucketMeter, runMetered, windowMeter } from './toy-meter.ts';

/** As long as it takes at least: what is not in the bucket has to flow in. */
const bestMs = (requests: number, perSecond: number, depth: number): number =>
  (1000 * (requests - depth)) / perSecond;

describe('429s of a bucket', () => {
  for (const [perSecond, depth, waits] of [
    [10, 21, 'none'],
    [10, 21, 'whole'],
    [10, 21, 'exact'],
    [40, 8, 'none'],
    [3, 40, 'whole'],
    [200, 100, 'none'],
  ] as const) {
    test(`${perSecond} a second and ${depth} at once, waits: ${waits}`, () => {
      const requests = depth + 60 * perSecond;
      const { throttle, makespanMs, refusedMs } = runMetered({
        meter: bucketMeter(perSecond, depth, waits),
        requests,
      });
      const found = 1000 * throttle.ratePerMs;
      assert.ok(Math.abs(found / perSecond - 1) < 0.06, `${found} a second`);
      assert.ok(makespanMs < 1.05 * bestMs(requests, perSecond, depth), `${makespanMs} ms`);
      assert.ok(refusedMs.length <= 12 + 0.01 * requests, `${refusedMs.length} of ${requests} refused`);
    });
  }

  test('the burst at the start is not taken for the rate: the second refusal tells it', () => {
    const { throttle, refusedMs, makespanMs } = runMetered({ meter: bucketMeter(10, 21), requests: 60 });
    assert.ok(makespanMs < 4600, `${makespanMs} ms, 3900 at best`);
    assert.ok(refusedMs.length <= 12, `${refusedMs.length} refused`);
    assert.ok(throttle.depth > 19 && throttle.depth < 23, `${throttle.depth} at once`);
  });

  test('without any depth, each a gap after the other', () => {
    const { makespanMs, refusedMs } = runMetered({ meter: bucketMeter(10, 1), requests: 60, serviceMs: 1 });
    assert.ok(makespanMs < 7600, `${makespanMs} ms, 5900 at best`);
    assert.ok(refusedMs.length <= 12, `${refusedMs.length} refused`);
  });

  test('one token in five seconds is a bucket, too, whatever the wait says', () => {
    const { makespanMs, refusedMs, throttle } = runMetered({
      meter: bucketMeter(0.2, 10, 'whole'),
      requests: 60,
    });
    assert.equal(throttle.quota, Number.POSITIVE_INFINITY);
    assert.ok(makespanMs < 1.1 * bestMs(60, 0.2, 10), `${makespanMs} ms`);
    assert.ok(refusedMs.length <= 12, `${refusedMs.length} refused`);
  });

  test('the rate follows when the server allows twice as many', () => {
    const before = bucketMeter(20, 10);
    const after = bucketMeter(40, 10);
    const { throttle } = runMetered({
      meter: nowMs => (nowMs < 20_000 ? before(nowMs) : after(nowMs)),
      requests: 3000,
    });
    const found = 1000 * throttle.ratePerMs;
    assert.ok(found > 36 && found < 44, `${found} a second`);
  });

  test('and when it allows half as many', () => {
    const before = bucketMeter(40, 10);
    const after = bucketMeter(20, 10);
    const { throttle, refusedMs } = runMetered({
      meter: nowMs => (nowMs < 20_000 ? before(nowMs) : after(nowMs)),
      requests: 2000,
    });
    const found = 1000 * throttle.ratePerMs;
    assert.ok(found > 18 && found < 22, `${found} a second`);
    assert.ok(refusedMs.length < 80, `${refusedMs.length} refused`);
  });
});

describe('429s of a window', () => {
  for (const [quota, windowMs, waits, agoMs] of [
    [60, 10_000, 'exact', 0],
    [60, 10_000, 'whole', 0],
    [60, 10_000, 'whole', 4300],
    [100, 60_000, 'whole', 17_500],
    [40, 2000, 'exact', 700],
    [50, 7300, 'exact', 0],
  ] as const) {
    const name = `${quota} in ${windowMs} ms, waits: ${waits}, ${agoMs} ms old at first`;
    test(`${name}: none after three windows`, () => {
      const requests = 10 * quota;
      const { throttle, makespanMs, refusedMs } = runMetered({
        meter: windowMeter(quota, windowMs, waits, agoMs),
        requests,
      });
      const last = refusedMs.at(-1) ?? 0;
      assert.ok(last < 3 * windowMs + 1000, `one was refused at ${last}`);
      assert.equal(throttle.quota, quota);
      assert.ok(Math.abs(throttle.windowMs - windowMs) <= 15, `${throttle.windowMs} ms`);
      assert.ok(makespanMs < 10.1 * windowMs, `${makespanMs} ms`);
    });
  }

  test('that say nothing at all: it is asked when the next begins, and then known', () => {
    const { throttle, makespanMs, refusedMs } = runMetered({
      meter: windowMeter(50, 10_000, 'none'),
      requests: 1000,
    });
    assert.equal(throttle.quota, 50);
    assert.equal(throttle.windowMs, 10_000);
    assert.ok(makespanMs < 200_000, `${makespanMs} ms, 190 000 at best`);
    const late = refusedMs.filter(ms => ms > 60_000).length;
    assert.ok(late <= 2, `${late} refused after six windows`);
  });

  test('another quota is noticed', () => {
    const before = windowMeter(40, 5000, 'whole');
    const after = windowMeter(25, 5000, 'whole');
    const { throttle, refusedMs } = runMetered({
      meter: nowMs => (nowMs < 30_000 ? before(nowMs) : after(nowMs)),
      requests: 500,
    });
    assert.equal(throttle.quota, 25);
    assert.ok(refusedMs.filter(ms => ms > 30_000).length < 20, `${refusedMs}`);
  });

  test('a larger one is tried after sixteen windows', () => {
    const before = windowMeter(20, 5000, 'whole');
    const after = windowMeter(30, 5000, 'whole');
    const { throttle } = runMetered({
      meter: nowMs => (nowMs < 30_000 ? before(nowMs) : after(nowMs)),
      requests: 1200,
    });
    assert.equal(throttle.quota, 30);
  });
});

describe('429s that no count explains', () => {
  test('one in fifty, by chance: they are no reason to be slow', () => {
    const random = seededRandom(3);
    const { makespanMs, throttle } = runMetered({
      meter: () => (random.next() < 0.02 ? null : undefined),
      requests: 3000,
      inFlightMax: 4,
      serviceMs: 40,
    });
    assert.ok(makespanMs < 1.4 * (3000 / 4) * 42, `${makespanMs} ms`);
    assert.ok(throttle.ratePerMs > 0.1, `${1000 * throttle.ratePerMs} a second`);
  });

  test('for ever: it waits longer and longer, and never for more than ten seconds without being told to', () => {
    const throttle = new Throttle();
    let nowMs = 0;
    for (let i = 0; i < 100; i++) {
      const dueMs = throttle.dueMs(nowMs, 0);
      assert.ok(Number.isFinite(dueMs) || dueMs === Number.NEGATIVE_INFINITY);
      assert.ok(dueMs - nowMs <= 20_000, `${dueMs - nowMs} ms`);
      nowMs = Math.max(nowMs, dueMs);
      const number = throttle.started(nowMs);
      throttle.refused(nowMs + 5, number, 5, undefined);
      nowMs += 5;
    }
    assert.ok(nowMs > 500_000, 'it does not hammer');
  });

  test('a Retry-After of a year is not waited for', () => {
    const throttle = new Throttle();
    const number = throttle.started(0);
    throttle.refused(5, number, 5, 3.2e10);
    assert.ok(throttle.dueMs(5, 0) <= 5 + 3_600_000);
  });

  test('a burst is one decision', () => {
    const throttle = new Throttle();
    const numbers = [0, 1, 2, 3, 4].map(ms => throttle.started(ms));
    throttle.accepted(20, numbers[0] as number, 0);
    const decisions = numbers.slice(1).map((number, i) => throttle.refused(21 + i, number, 20, 9000));
    assert.deepEqual(decisions, [true, false, false, false]);
    assert.equal(throttle.dueMs(30, 0), 21 + 9000);
  });
});

test('refusals that leave open from 1.6 to 27 per second: it begins in the middle; from 20 on, at the low end', () => {
  for (const [lower, least, most] of [
    [1.6, 9, 18],
    [20, 19.5, 20.5],
  ] as const) {
    const log = new StartLog();
    for (let i = 0; i < 60; i++) log.started(40 * i);
    log.refused(60, 90);
    const bucket = new BucketPace(log);
    bucket.follow(
      { lower: lower / 1000, upper: 0.027, isUnexplained: false },
      { number: 60, sentMs: 2400, taken: 9 },
    );
    const perSecond = 1000 * bucket.ratePerMs;
    assert.ok(perSecond > least && perSecond < most, `${perSecond} of ${lower}`);
  }
});

test('a window of two seconds that was taken for one: where too few are taken, the length is wrong', () => {
  const window = new QuotaWindow();
  let number = 0;
  const send = (atMs: number, count: number): void => {
    for (let i = 0; i < count; i++) window.started(atMs, ++number);
    for (let i = 0; i < count; i++) window.accepted(number - count + 1 + i, atMs);
  };
  const refuse = (atMs: number, waitMs: number): void => {
    window.started(atMs - 10, ++number);
    window.refused(atMs, { number, sentMs: atMs - 10, taken: 0 }, waitMs);
  };
  send(100, 65);
  refuse(830, 2000);
  // The second window is found only at 2.83 s, and the wait for its end is rounded to one second.
  send(2830, 64);
  refuse(3280, 1000);
  assert.deepEqual([window.quota, window.windowMs], [64, 1000]);
  send(4290, 43);
  assert.ok(window.dueMs(4840, 0) <= 4840, 'the third is thought to be over');
  send(4840, 21);
  refuse(5060, 1000);
  assert.deepEqual([window.quota, window.windowMs], [64, 2000]);
});
