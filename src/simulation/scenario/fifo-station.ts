// First come, first served: a worker has one request at a time, the others wait in a line that may be bounded.
import { Queue } from '../../base/queue.ts';
import type { Job, Station, StationParts } from './station.ts';

export class FifoStation implements Station {
  readonly #parts: StationParts;
  readonly #line = new Queue<Job>();
  #workers: number;
  #busy = 0;

  constructor(parts: StationParts) {
    this.#parts = parts;
    this.#workers = parts.workers;
  }

  offer(job: Job): boolean {
    if (this.#busy < this.#workers) this.#start(job);
    else if (this.#line.length >= this.#parts.queue) return false;
    else {
      this.#line.push(job);
      this.#note();
    }
    return true;
  }

  /** Nobody is interrupted: a worker too many leaves when it has finished. */
  setWorkers(workers: number): void {
    this.#workers = workers;
    this.#callNext();
  }

  #start(job: Job): void {
    const { clock, slowness } = this.#parts;
    this.#busy++;
    clock.schedule(clock.now() + job.workMs * slowness(), () => {
      this.#busy--;
      job.onDone();
      this.#callNext();
    });
  }

  #callNext(): void {
    if (this.#line.length === 0 || this.#busy >= this.#workers) return;
    while (this.#busy < this.#workers) {
      const job = this.#line.shift();
      if (!job) break;
      this.#start(job);
    }
    this.#note();
  }

  #note(): void {
    const { watch, clock } = this.#parts;
    watch.note(clock.now(), this.#line.length);
  }
}
