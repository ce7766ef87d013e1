// A clock that tells how many of its timers are armed.

import { assert } from '../../src/base/assert.ts';
import type { Clock } from '../../src/base/clock.ts';

/** @param onChange told 1 for each timer that is set and -1 when it fires or is cancelled */
function countingClock(clock: Clock, onChange: (change: 1 | -1) => void): Clock {
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

/** Timers that are armed, by who has set them. */
export class LiveTimers {
  readonly armed = { engine: 0, runners: 0 };
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** For the engine, or for its runners. */
  clockOf(whose: 'engine' | 'runners'): Clock {
    return countingClock(this.#clock, change => {
      this.armed[whose] += change;
    });
  }
}
