// What an end says about its server's pace, and how long of it was spent on connecting.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { endKind, FoundPace } from '../../src/control/found-pace.ts';
import type { AttemptEnd } from '../../src/model/attempt.ts';
import { ScriptedFinder } from '../support/scripted-finder.ts';

const END: AttemptEnd = {
  ...{ lane: 0, outcome: 'ok', status: 200, startedMs: 100, endedMs: 400 },
  ...{ phasesMs: {}, bytes: 0 },
};
const failed = (outcome: AttemptEnd['outcome'], code: string) =>
  ({ ...END, outcome, status: null, error: { code, message: '' } }) as const;

function told(end: AttemptEnd) {
  const finder = new ScriptedFinder(1);
  const found = new FoundPace(finder);
  found.ended(end, 0, found.started(100, 1, 'key'));
  const [last] = finder.ends;
  assert.ok(last);
  return last;
}

describe('kinds of ends', () => {
  test('each outcome has its kind', () => {
    const status = (code: number): AttemptEnd => ({ ...END, outcome: 'http_error', status: code });
    const rows: readonly (readonly [AttemptEnd, string, boolean])[] = [
      [END, 'served', true],
      [status(404), 'served', true],
      [status(500), 'served', false],
      [status(429), 'throttled', false],
      [status(503), 'refused', false],
      [{ ...END, outcome: 'handler_error' }, 'served', true],
      [{ ...END, outcome: 'too_large' }, 'served', false],
      [{ ...END, outcome: 'protocol_error' }, 'served', false],
      [failed('network_error', 'ECONNREFUSED'), 'refused', false],
      [failed('network_error', 'ECONNRESET'), 'refused', false],
      [failed('network_error', 'ENOTFOUND'), 'void', false],
      [failed('timeout', 'TIMEOUT_HEADERS'), 'timeout', false],
      [failed('unknown', 'TIMEOUT_HEADERS'), 'timeout', false],
      [failed('unknown', 'ECONNRESET'), 'refused', false],
      [failed('cancelled', 'INTERRUPTED'), 'void', false],
      [failed('tls_error', 'CERT_HAS_EXPIRED'), 'void', false],
    ];
    for (const [end, kind, isOk] of rows) {
      const name = `${end.outcome} ${end.status} ${end.error?.code}`;
      assert.equal(endKind(end), kind, name);
      assert.equal(told(end).isOk, isOk, name);
    }
  });
});

describe('what is known of the time', () => {
  test('connecting is the way until the request was sent', () => {
    assert.equal(told({ ...END, phasesMs: { network: 30, ttfb: 260, download: 10 } }).connectMs, 30);
    assert.equal(told(END).connectMs, 0);
  });

  test('where the server reports all its times, the way there and back is no part of it', () => {
    const phasesMs = { network: 50, queue: 0, service: 240, download: 10 };
    assert.equal(told({ ...END, phasesMs, server: { arrivedMs: 140, doubtMs: 10 } }).connectMs, 30);
  });

  test('the way to a worker is no part of what the server needed', () => {
    const end = told({ ...END, startedMs: 170, phasesMs: { network: 30, ttfb: 200 } });
    assert.deepEqual([end.startedMs, end.connectMs], [100, 100]);
  });

  test('ends that are told late do not turn time back', () => {
    const finder = new ScriptedFinder(2);
    const found = new FoundPace(finder);
    const [first, second] = [found.started(100, 1, ''), found.started(100, 2, '')];
    found.ended({ ...END, endedMs: 400 }, 1, first);
    found.ended({ ...END, endedMs: 390 }, 0, second);
    assert.deepEqual(
      finder.ends.map(({ nowMs }) => nowMs),
      [400, 400],
    );
  });
});
