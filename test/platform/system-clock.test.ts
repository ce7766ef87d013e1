import assert from 'node:assert/strict';
import { test } from 'node:test';
import { monotonicMs, systemClock } from '../../src/platform/system-clock.ts';

test('a clock with the zero of the machine reads as the machine does', () => {
  const clock = systemClock(0);
  // Half a millisecond would move a server's times against the client's; 50 µs is the noise of two reads.
  for (let i = 0; i < 100; i++) {
    const beforeMs = monotonicMs();
    const nowMs = clock.now();
    const afterMs = monotonicMs();
    assert.ok(nowMs > beforeMs - 0.05 && nowMs < afterMs + 0.05, `${beforeMs} ${nowMs} ${afterMs}`);
  }
});
