// What has been read and not yet started: taken lazily from the source, a bounded way ahead, in order.
import type { Clock } from '../base/clock.ts';
import { Queue } from '../base/queue.ts';
import type { Permit } from '../control/semaphore.ts';
import type { AttemptEnd } from '../model/attempt.ts';
import { InvalidInput } from '../model/request.ts';
import type { Source } from './source.ts';

/** Read ahead at most twice the limit, and never more than this many. */
const READ_AHEAD_MAX = 4096;

/** A request between being read and being settled. */
export class Running<R> {
  readonly request: R;
  readonly index: number;
  readonly createdMs: number;
  readonly tries: AttemptEnd[] = [];
  permit: Permit | undefined;
  admittedMs = 0;
  /** Settled while its attempt was still in flight. */
  forced = false;

  constructor(request: R, index: number, createdMs: number) {
    this.request = request;
    this.index = index;
    this.createdMs = createdMs;
  }
}

export class Intake<R> {
  readonly #source: Source<R>;
  readonly #clock: Clock;
  readonly #onInvalid: (input: InvalidInput, index: number) => void;
  readonly #waiting = new Queue<Running<R>>();
  #read = 0;

  constructor(source: Source<R>, clock: Clock, onInvalid: (input: InvalidInput, index: number) => void) {
    this.#source = source;
    this.#clock = clock;
    this.#onInvalid = onInvalid;
  }

  /** Taken from the source so far. */
  get read(): number {
    return this.#read;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Nothing waits and nothing more will come. */
  get exhausted(): boolean {
    return this.#waiting.length === 0 && this.#source.ended;
  }

  /** What the source threw, if it did. */
  get failure(): { readonly cause: unknown } | undefined {
    return this.#source.failure;
  }

  /** The first that waits; it stays until `shift`. */
  peek(): Running<R> | undefined {
    return this.#waiting.peek();
  }

  shift(): Running<R> | undefined {
    return this.#waiting.shift();
  }

  /** Whether one more may be taken from the source before something starts. */
  hasRoom(limit: number): boolean {
    return this.#waiting.length < Math.min(2 * limit, READ_AHEAD_MAX);
  }

  /**
   * Takes one from the source; false when none is at hand. What cannot be sent is told at once and waits for
   * nothing.
   */
  readOne(): boolean {
    const request = this.#source.pull();
    if (request === undefined) return false;
    const index = this.#read++;
    if (request instanceof InvalidInput) this.#onInvalid(request, index);
    else this.#waiting.push(new Running(request, index, this.#clock.now()));
    return true;
  }

  /** Lets go of the source. What waits still can be shifted. */
  close(): void {
    this.#source.close();
  }
}
