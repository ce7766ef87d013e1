// What is in flight, by lane: taken by the gate, given back when its attempt is over. A request can be settled by
// force before that; its attempt keeps its lane until it ends, and then changes nothing any more.
import { assert } from '../base/assert.ts';
import type { AttemptEnd } from '../model/attempt.ts';
import { Lanes } from './lanes.ts';
import type { Running } from './running.ts';

/** An attempt that is in flight, as somebody who watches sees it. */
export interface OpenAttempt {
  readonly index: number;
  readonly lane: number;
  /** When its request became known, when it was due, and when it was admitted. */
  readonly createdMs: number;
  readonly dueMs: number;
  readonly admittedMs: number;
  /** The attempts of its request before this one. */
  readonly tries: readonly AttemptEnd[];
}

export class InFlight<R> {
  readonly #lanes = new Lanes();
  /** By lane. */
  readonly #running: (Running<R> | undefined)[] = [];
  #count = 0;
  #most = 0;
  #forced = 0;
  #late = 0;

  get count(): number {
    return this.#count;
  }

  /** The largest count so far. */
  get most(): number {
    return this.#most;
  }

  /** Those whose request still waits for their end. */
  get awaited(): number {
    return this.#count - this.#forced;
  }

  /** Ends that came after their request had been settled by force. */
  get late(): number {
    return this.#late;
  }

  /** How many lanes were ever in use at once. */
  get lanes(): number {
    return this.#lanes.opened;
  }

  /** @returns its lane: the smallest free one */
  take(running: Running<R>): number {
    const lane = this.#lanes.take();
    assert(this.#running[lane] === undefined, 'a lane runs one attempt at a time');
    this.#running[lane] = running;
    this.#count++;
    if (this.#count > this.#most) this.#most = this.#count;
    return lane;
  }

  /** The attempt of this lane is over. */
  giveBack(lane: number): Running<R> {
    const running = this.#running[lane];
    assert(running !== undefined, 'an end belongs to an attempt in flight');
    this.#running[lane] = undefined;
    this.#lanes.giveBack(lane);
    this.#count--;
    if (running.isFinal) {
      this.#forced--;
      this.#late++;
    }
    return running;
  }

  /** Notes that its request is settled by force; undefined when there is none, or it is settled already. */
  force(lane: number): Running<R> | undefined {
    const running = this.#running[lane];
    if (!running || running.isFinal) return undefined;
    this.#forced++;
    return running;
  }

  /** What is in flight, by lane: up to so many of them. For people who watch, not for the loop. */
  look(most: number): OpenAttempt[] {
    const open: OpenAttempt[] = [];
    for (let lane = 0; lane < this.#running.length && open.length < most; lane++) {
      const running = this.#running[lane];
      if (!running || running.isFinal) continue;
      const { index, createdMs, dueMs, admittedMs, tries } = running;
      open.push({ index, lane, createdMs, dueMs, admittedMs, tries });
    }
    return open;
  }

  /** The lanes in use, in order; a lane that is given back meanwhile is left out. */
  *busyLanes(): Generator<number> {
    for (let lane = 0; lane < this.#running.length; lane++) if (this.#running[lane]) yield lane;
  }
}
