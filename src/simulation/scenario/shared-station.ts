// Processor sharing: all that are there are served at once, each at full speed while there is a worker for each, and at
// an even share of the workers beyond. Each job ends when the time that every one of them has had reaches its own work.
import type { Clock, Timer } from '../../base/clock.ts';
import { Heap } from '../../base/heap.ts';
import type { Job, Station, StationParts } from './station.ts';

/** Jobs that end within so much of each other end together: sums of shares are never exact. */
const TOGETHER_MS = 1e-6;

export class SharedStation implements Station {
  readonly #parts: StationParts;
  readonly #clock: Clock;
  /** By the share at which each ends. */
  readonly #jobs = new Heap<Job>();
  #workers: number;
  /** Time that each one present has had of a worker, since the beginning; up to when that is. */
  #sharedMs = 0;
  #sinceMs = 0;
  #timer: Timer | undefined;

  constructor(parts: StationParts) {
    this.#parts = parts;
    this.#clock = parts.clock;
    this.#workers = parts.workers;
  }

  offer(job: Job): boolean {
    if (this.#jobs.size >= this.#workers + this.#parts.queue) return false;
    this.#advance();
    this.#jobs.push(this.#sharedMs + job.workMs * this.#parts.slowness(), job);
    this.#awaitNext();
    return true;
  }

  setWorkers(workers: number): void {
    this.#advance();
    this.#workers = workers;
    this.#awaitNext();
  }

  /** What each gets of a worker. */
  get #speed(): number {
    return Math.min(1, this.#workers / this.#jobs.size);
  }

  #advance(): void {
    const nowMs = this.#clock.now();
    if (this.#jobs.size > 0) this.#sharedMs += (nowMs - this.#sinceMs) * this.#speed;
    this.#sinceMs = nowMs;
  }

  #awaitNext(): void {
    const { watch } = this.#parts;
    const nowMs = this.#clock.now();
    watch.note(nowMs, Math.max(0, this.#jobs.size - this.#workers));
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#jobs.size === 0) return;
    const leftMs = Math.max(0, (this.#jobs.peekKey() - this.#sharedMs) / this.#speed);
    this.#timer = this.#clock.schedule(nowMs + leftMs, () => this.#finish());
  }

  #finish(): void {
    this.#advance();
    while (this.#jobs.peekKey() <= this.#sharedMs + TOGETHER_MS) this.#jobs.pop()?.onDone();
    this.#awaitNext();
  }
}
