// Outcomes in the order of the input: those that come early wait here for those before them.
import type { Settled } from '../model/settled.ts';

export class InputOrder<R> {
  readonly #early = new Map<number, Settled<R>>();
  readonly #emit: (settled: Settled<R>) => void;
  #next = 0;

  constructor(emit: (settled: Settled<R>) => void) {
    this.#emit = emit;
  }

  /** Index of the outcome that everything else waits for. */
  get next(): number {
    return this.#next;
  }

  /** How many have come early and wait. */
  get waiting(): number {
    return this.#early.size;
  }

  add(settled: Settled<R>): void {
    if (settled.index !== this.#next) {
      this.#early.set(settled.index, settled);
      return;
    }
    this.#next++;
    this.#emit(settled);
    for (let held = this.#early.get(this.#next); held; held = this.#early.get(this.#next)) {
      this.#early.delete(this.#next++);
      this.#emit(held);
    }
  }
}
