// Numbered lanes: an attempt takes the smallest free one, so that a picture packs tightly from the top
// and a connection that is warm is the one used next.
import { assert } from '../base/assert.ts';
import { Heap } from '../base/heap.ts';

export class Lanes {
  readonly #free = new Heap<number>();
  #opened = 0;

  /** How many were ever in use at once. */
  get opened(): number {
    return this.#opened;
  }

  take(): number {
    return this.#free.pop() ?? this.#opened++;
  }

  giveBack(lane: number): void {
    assert(lane < this.#opened, 'a lane comes back that was taken');
    this.#free.push(lane, lane);
  }
}
