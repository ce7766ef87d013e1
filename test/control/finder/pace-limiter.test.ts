// The finder as other simulators drive it: in seconds, with the names they use.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LimiterEnd, openPaceLimiter } from '../../../src/control/finder/pace-limiter.ts';

const end = (of: Partial<LimiterEnd> & Pick<LimiterEnd, 'tok'>): LimiterEnd => ({
  now: 1,
  sentAt: 0,
  f: 1,
  inflight: 0,
  ok: false,
  kind: 'ok',
  ...of,
});

test('it begins with four, or where it is told to', () => {
  assert.equal(openPaceLimiter().limit(), 4);
  assert.equal(openPaceLimiter({ start: 9 }).limit(), 9);
  assert.equal(openPaceLimiter({ start: 9, max: 2 }).limit(), 2);
});

test('seconds: a Retry-After of 5 is 5 s', () => {
  const limiter = openPaceLimiter();
  const tok = limiter.onSend(0, 1, '');
  limiter.onDone(end({ tok, kind: 429, retryAfter: 5 }));
  assert.ok(Math.abs(limiter.nextSend(1) - 6) < 1e-6);
  const { mode, ratePerSecond, reason } = limiter.finding();
  assert.deepEqual([mode, ratePerSecond], ['rate', null]);
  assert.equal(reason, '429s with Retry-After; how many are allowed is not known yet');
});

test('seconds: a quota that is spent is waited for', () => {
  const limiter = openPaceLimiter();
  const token = limiter.onSend(0, 1);
  limiter.onDone(end({ tok: undefined, token, ok: true, rl: { remaining: 0, reset: 2 } }));
  assert.ok(Math.abs(limiter.nextSend(1) - 3.002) < 1e-6);
});

test('a refused connection is a ceiling, a 500 is not', () => {
  const refused = openPaceLimiter();
  const tokens = [1, 2, 3, 4].map(f => refused.onSend(0, f));
  refused.onDone(end({ tok: tokens[3], now: 0.01, f: 4, inflight: 3, kind: 'refused' }));
  assert.equal(refused.limit(), 3);

  const failed = openPaceLimiter();
  const others = [1, 2, 3, 4].map(f => failed.onSend(0, f));
  failed.onDone(end({ tok: others[3], now: 0.01, f: 4, inflight: 3, kind: 500 }));
  assert.equal(failed.limit(), 4);
});
