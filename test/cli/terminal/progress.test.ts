import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock } from '../../../src/base/clock.ts';
import { Progress } from '../../../src/cli/terminal/progress.ts';
import { type ProgressState, progressLine, RecentRate } from '../../../src/cli/terminal/progress-line.ts';

const STATE: ProgressState = {
  done: 1200,
  inFlight: 50,
  notOk: 3,
  total: 60_000,
  isEstimate: false,
  elapsedMs: 4000,
  ratePerSecond: 300,
};

test('the line says done, in flight, not ok, rate and what is left', () => {
  const cases: [state: Partial<ProgressState>, line: string][] = [
    [{}, '1 200 of 60 000 done · 50 in flight · 3 not ok · 300/s · 3.27 min left'],
    [{ isEstimate: true, notOk: 0 }, '1 200 of about 60 000 done · 50 in flight · 300/s · 3.27 min left'],
    [{ foundLimit: 53, notOk: 0 }, '1 200 of 60 000 done · 50 of 53 in flight · 300/s · 3.27 min left'],
    [{ total: null }, '1 200 done · 50 in flight · 3 not ok · 300/s · 4 s'],
    [{ notOk: 0, ratePerSecond: 0.5, done: 2, total: 3 }, '2 of 3 done · 50 in flight · 30.0/min · 2 s left'],
    [
      { notOk: 0, paused: { count: 1, first: 'http://127.0.0.1:8000', leftMs: 11_200 } },
      '1 200 of 60 000 done · 50 in flight · paused: http://127.0.0.1:8000 for 12 s more · 300/s · 3.27 min left',
    ],
    [
      { total: null, ratePerSecond: 0, paused: { count: 3, first: `http://${'a'.repeat(99)}`, leftMs: 0 } },
      `1 200 done · 50 in flight · paused: http://${'a'.repeat(32)}… for 1 s more and 2 other hosts · 3 not ok · 4 s`,
    ],
    [
      { notOk: 0, ratePerSecond: 0, done: 0, elapsedMs: 0, total: null, inFlight: 0 },
      '0 done · 0 in flight · 0 s',
    ],
    [{ done: 60_000, inFlight: 0, notOk: 0 }, '60 000 of 60 000 done · 0 in flight · 300/s · 4 s'],
  ];
  for (const [change, line] of cases)
    assert.equal(progressLine({ ...STATE, ...change }), line.replace(/(\d) (\d{3})/g, '$1\u202f$2'));
});

test('the line never takes more columns than there are', () => {
  for (let columns = 0; columns < 80; columns++) assert.ok(progressLine(STATE, columns).length <= columns);
});

test('what was found stands at the end, with its reason where there is room', () => {
  const found = '3 at a time, 1 s each: 3.0 requests/s (proved by 41 overtakings)';
  const state = {
    ...STATE,
    done: 57,
    total: 60,
    inFlight: 3,
    foundLimit: 3,
    notOk: 0,
    ratePerSecond: 3,
    found,
  };
  const short = '57 of 60 done · 3 of 3 in flight · 3.0/s · 1 s left';
  assert.equal(progressLine(state), `${short} · ${found}`);
  assert.equal(progressLine(state, 99), `${short} · 3 at a time, 1 s each: 3.0 requests/s`);
  assert.equal(progressLine(state, 79), short);
});

test('the rate is that of the last seconds', () => {
  const rate = new RecentRate(5000);
  assert.equal(rate.perSecond(0, 0), 0);
  assert.equal(rate.perSecond(1000, 100), 100);
  for (let second = 2; second <= 20; second++) rate.perSecond(second * 1000, 100);
  assert.equal(rate.perSecond(21_000, 100), 0);
  assert.equal(rate.perSecond(26_000, 600), 100);
});

/** A clock that fires what is due when it is told to go on. */
function handClock(): Clock & { goOn(spanMs: number): void } {
  let nowMs = 0;
  let due: { atMs: number; fire: () => void } | undefined;
  return {
    now: () => nowMs,
    schedule(atMs, fire) {
      const timer = { atMs, fire };
      due = timer;
      const cancel = () => {
        if (due === timer) due = undefined;
      };
      return { cancel };
    },
    goOn(spanMs) {
      const untilMs = nowMs + spanMs;
      while (due !== undefined && due.atMs <= untilMs) {
        const { atMs, fire } = due;
        due = undefined;
        nowMs = atMs;
        fire();
      }
      nowMs = untilMs;
    },
  };
}

function startProgress(rewrites: boolean) {
  const clock = handClock();
  const written: string[] = [];
  const progress = new Progress({
    clock,
    rewrites,
    write: text => written.push(text),
    columns: () => 60,
    state: () => ({
      done: Math.floor(clock.now() / 100),
      inFlight: 1,
      notOk: 0,
      total: 1000,
      isEstimate: false,
    }),
  });
  return { clock, written, progress };
}

test('on a terminal one line is rewritten, at most ten times a second, and taken away at the end', () => {
  const { clock, written, progress } = startProgress(true);
  clock.goOn(1000);
  assert.equal(written.length, 10);
  assert.ok(written.every(text => /^\r\x1b\[K[^\n\r\x1b]{1,59}$/.test(text)));
  progress.stop();
  progress.stop();
  clock.goOn(1000);
  assert.deepEqual(written.slice(10), ['\r\x1b[K']);
});

test('elsewhere a whole line comes every ten seconds, without any escape', () => {
  const { clock, written, progress } = startProgress(false);
  clock.goOn(25_000);
  progress.stop();
  clock.goOn(25_000);
  assert.deepEqual(written, [
    'paceline: 100 of 1\u202f000 done · 1 in flight · 10.0/s · 90 s left\n',
    'paceline: 200 of 1\u202f000 done · 1 in flight · 10.0/s · 80 s left\n',
  ]);
});
