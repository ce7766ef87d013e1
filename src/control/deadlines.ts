// Many deadlines, one timer. Setting or clearing one is an assignment; the timer stands at the earliest
// deadline there was when it was set, and finds the next one when it fires. So a deadline that is met,
// the ordinary case, costs no timer at all, and one that is missed is noticed exactly on time.
import type { Clock, Timer } from '../base/clock.ts';

export class Deadlines {
  readonly #clock: Clock;
  readonly #onDue: (key: number) => void;
  /** By key; Infinity where there is none. */
  readonly #atMs: number[] = [];
  #timer: Timer | undefined;
  #timerMs = Number.POSITIVE_INFINITY;

  /** @param onDue told the key of each deadline that has passed; the deadline is cleared before */
  constructor(clock: Clock, onDue: (key: number) => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  /** Sets, or moves, the deadline of a key: a small whole number such as a lane. Infinity clears it. */
  set(key: number, atMs: number): void {
    while (this.#atMs.length <= key) this.#atMs.push(Number.POSITIVE_INFINITY);
    this.#atMs[key] = atMs;
    if (atMs < this.#timerMs) this.#arm(atMs);
  }

  clear(key: number): void {
    if (key < this.#atMs.length) this.#atMs[key] = Number.POSITIVE_INFINITY;
  }

  /** Forgets all deadlines and the timer. */
  close(): void {
    this.#atMs.length = 0;
    this.#arm(Number.POSITIVE_INFINITY);
  }

  #arm(atMs: number): void {
    this.#timer?.cancel();
    this.#timerMs = atMs;
    this.#timer =
      atMs === Number.POSITIVE_INFINITY ? undefined : this.#clock.schedule(atMs, () => this.#fire());
  }

  #fire(): void {
    const nowMs = this.#clock.now();
    const due: number[] = [];
    let earliestMs = Number.POSITIVE_INFINITY;
    for (let key = 0; key < this.#atMs.length; key++) {
      const atMs = this.#atMs[key] as number;
      if (atMs <= nowMs) due.push(key);
      else if (atMs < earliestMs) earliestMs = atMs;
    }
    this.#timer = undefined;
    this.#arm(earliestMs);
    for (const key of due) {
      // Whoever was told before may have ended this one, and begun another under the same key.
      if ((this.#atMs[key] as number) > nowMs) continue;
      this.#atMs[key] = Number.POSITIVE_INFINITY;
      this.#onDue(key);
    }
  }
}
