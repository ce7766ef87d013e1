// A clock that jumps: nothing waits, and everything happens in an order that is the same each time.
import { assert } from '../base/assert.ts';
import type { Clock, Timer } from '../base/clock.ts';
import { Heap } from '../base/heap.ts';

class VirtualTimer implements Timer {
  readonly atMs: number;
  fire: (() => void) | undefined;

  constructor(atMs: number, fire: () => void) {
    this.atMs = atMs;
    this.fire = fire;
  }

  cancel(): void {
    this.fire = undefined; // dropped when its turn comes
  }
}

export class VirtualClock implements Clock {
  #nowMs = 0;
  /** Equal instants fire in the order they were asked for. */
  readonly #timers = new Heap<VirtualTimer>();

  now(): number {
    return this.#nowMs;
  }

  schedule(atMs: number, fire: () => void): Timer {
    assert(!Number.isNaN(atMs), 'a timer has an instant');
    const timer = new VirtualTimer(Math.max(atMs, this.#nowMs), fire);
    this.#timers.push(timer.atMs, timer);
    return timer;
  }

  /** The instant of the next timer; Infinity when nothing is due any more. */
  nextMs(): number {
    for (let timer = this.#timers.peek(); timer; timer = this.#timers.peek()) {
      if (timer.fire) return timer.atMs;
      this.#timers.pop();
    }
    return Number.POSITIVE_INFINITY;
  }

  /** Time passes and nobody does anything, as when a process is stopped: whatever becomes due is late. */
  stall(ms: number): void {
    this.#nowMs += ms;
  }

  /** Jumps to the next timer and fires it; false when nothing is due any more. */
  step(): boolean {
    for (;;) {
      const timer = this.#timers.pop();
      if (!timer) return false;
      if (!timer.fire) continue;
      this.#nowMs = Math.max(this.#nowMs, timer.atMs);
      timer.fire();
      return true;
    }
  }

  /**
   * Steps until `work` settles, letting every promise of an instant run before the next.
   * @param nextTurn resolves after all microtasks (in Node `setImmediate`); handed in, since browsers lack it
   * @throws ERR_BUG when nothing is due and `work` is still open: a deadlock
   */
  async run<T>(work: Promise<T>, nextTurn: () => Promise<void>): Promise<T> {
    let settled = false;
    const mark = (): void => {
      settled = true;
    };
    work.then(mark, mark);
    for (;;) {
      await nextTurn();
      if (settled) return work;
      assert(this.step(), 'something is due while the work goes on (else it is a deadlock)');
    }
  }
}
