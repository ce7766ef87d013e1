// A clock that tells how many of its timers are armed.

import { assert } from '../../src/base/assert.ts';
import type { Clock } from '../../src/base/clock.ts';

/** @param onChange told 1 for each timer that is set and -1 when it fires or is cancelled */
export function countingClock(clock: Clock, onChange: (change: 1 | -1) => void): Clock {
  return {
    now: () => clock.now(),
    schedule: (atMs, fire) => {
      assert(Number.isFinite(atMs), 'I19: a timer has an instant that comes');
      let live = true;
      onChange(1);
      const over = (): void => {
        if (live) onChange(-1);
        live = false;
      };
      const timer = clock.schedule(atMs, () => {
        over();
        fire();
      });
      return {
        cancel: () => {
          over();
          timer.cancel();
        },
      };
    },
  };
}
