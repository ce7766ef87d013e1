// Requests as they are read: taken lazily from the source, a bounded way ahead, in order, up to the gate.
import type { Clock } from '../base/clock.ts';
import { InvalidInput } from '../model/request.ts';
import { Alarm } from './alarm.ts';
import type { Gate } from './gate.ts';
import { Running } from './running.ts';
import type { Source } from './source.ts';

/** Read ahead at most twice the limit, and never more than this many. */
const READ_AHEAD_MAX = 4096;
/** Held up by their host, or in backoff, at most: they do not keep what comes after them from being read. */
const HELD_MAX = 10_000;
/**
 * So many until looking further ahead can gain more than `SOON_MS`: in the beginning, and where `HELD_MAX` of them are
 * sent in less than that. What is read long before it is sent outlives several collections of the heap.
 */
const HELD_SOON = 512;
const SOON_MS = 1000;

export class Intake<R> {
  readonly #source: Source<R>;
  readonly #clock: Clock;
  readonly #gate: Gate<R>;
  readonly #onInvalid: (input: InvalidInput, index: number) => void;
  readonly #openedMs: number;
  /** Rings when it may look further ahead. */
  readonly #alarm: Alarm;
  #read = 0;

  /** @param parts.onRoom more may be read, though nothing else has happened */
  constructor(
    source: Source<R>,
    parts: {
      readonly clock: Clock;
      readonly gate: Gate<R>;
      readonly onInvalid: (input: InvalidInput, index: number) => void;
      readonly onRoom: () => void;
    },
  ) {
    this.#source = source;
    this.#clock = parts.clock;
    this.#gate = parts.gate;
    this.#onInvalid = parts.onInvalid;
    this.#openedMs = parts.clock.now();
    this.#alarm = new Alarm(parts.clock, parts.onRoom);
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
    if (unheld >= Math.min(2 * limit, READ_AHEAD_MAX)) return false;
    const held = waiting - unheld;
    if (held < HELD_SOON || held >= HELD_MAX) return held < HELD_MAX;
    const sent = this.#read - waiting;
    const fromMs = this.#openedMs + SOON_MS * Math.max(1, sent / HELD_MAX);
    if (this.#clock.now() >= fromMs) return true;
    this.#alarm.ringBy(fromMs);
    return false;
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
    this.#alarm.cancel();
    this.#source.close();
  }
}
