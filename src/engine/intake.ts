// Requests as they are read: taken lazily from the source, a bounded way ahead, in order, up to the gate.
import type { Clock } from '../base/clock.ts';
import { InvalidInput } from '../model/request.ts';
import type { Gate } from './gate.ts';
import { Running } from './running.ts';
import type { Source } from './source.ts';

/** Read ahead at most twice the limit, and never more than this many. */
const READ_AHEAD_MAX = 4096;
/** Held up by their host, or in backoff, at most: they do not keep what comes after them from being read. */
const HELD_MAX = 10_000;

export class Intake<R> {
  readonly #source: Source<R>;
  readonly #clock: Clock;
  readonly #gate: Gate<R>;
  readonly #onInvalid: (input: InvalidInput, index: number) => void;
  #read = 0;

  constructor(
    source: Source<R>,
    parts: {
      readonly clock: Clock;
      readonly gate: Gate<R>;
      readonly onInvalid: (input: InvalidInput, index: number) => void;
    },
  ) {
    this.#source = source;
    this.#clock = parts.clock;
    this.#gate = parts.gate;
    this.#onInvalid = parts.onInvalid;
  }

  /** Taken from the source so far. */
  get read(): number {
    return this.#read;
  }

  /** Nothing more will come. */
  get ended(): boolean {
    return this.#source.ended;
  }

  /** What the source threw, if it did. */
  get failure(): { readonly cause: unknown } | undefined {
    return this.#source.failure;
  }

  /** Whether one more may be taken from the source before something starts. */
  hasRoom(): boolean {
    const { unheld, waiting, limit } = this.#gate;
    return unheld < Math.min(2 * limit, READ_AHEAD_MAX) && waiting - unheld < HELD_MAX;
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
    else this.#gate.arrive(new Running(request, index, this.#clock.now()));
    return true;
  }

  /** Lets go of the source. */
  close(): void {
    this.#source.close();
  }
}
