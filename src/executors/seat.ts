// The place of one worker in the pool, parent side: what is gathered for it, whether it still answers, and
// the worker that sits there now. When one dies, another takes the seat with the same number and lanes.
import { unreachable } from '../base/assert.ts';
import type { Clock, Timer } from '../base/clock.ts';
import type { ErrorCode } from '../base/errors.ts';
import { describeThrown } from '../engine/handler.ts';
import type { EarlyEnd } from '../engine/ports.ts';
import type { Attempt, AttemptEnd } from '../model/attempt.ts';
import type { HttpRequest } from '../model/request.ts';
import { packStart, unpackEnds } from './crossing.ts';
import type { Cancel, FromWorker, OpenMessage, UsageMessage } from './protocol.ts';
import type { OpenChannel, WorkerChannel } from './worker-channel.ts';

export interface SeatEvents {
  onReady(): void;
  onEnd(end: AttemptEnd): void;
  /** All ends of one message were told. */
  onDelivered(): void;
  /** The worker cannot run attempts; it is gone soon. */
  onRefused(code: ErrorCode, message: string): void;
  onUsage(usage: UsageMessage): void;
  /** The worker is gone. Attempts that were handed to it have no end; those not yet handed over wait on. */
  onGone(death: string): void;
}

/** How long a worker may take to be ready. */
const START_MS_MAX = 60_000;
/** Looks without a word from a worker before it is ended; it is asked before each but the first. */
const SILENT_LOOKS_MAX = 4;

export class Seat {
  readonly #open: OpenMessage;
  readonly #openChannel: OpenChannel;
  readonly #clock: Clock;
  readonly #events: SeatEvents;
  readonly #forcedMs: number;
  #channel: WorkerChannel | undefined;
  #ready = false;
  #keepAlive = true;
  /** Gathered between two flushes, and while the worker is not ready. */
  #starts: Attempt<HttpRequest>[] = [];
  #cancels: Cancel[] = [];
  #handedOver = 0;
  #silentLooks = 0;
  #spawnedMs = 0;
  #terminated: string | undefined;
  #lastWords: string | undefined;
  #forcedTimer: Timer | undefined;
  /** Deaths since it last told the end of an attempt. */
  deathsInARow = 0;

  /** @param forcedMs how long a worker that was ended may take to be gone before it is given up */
  constructor(
    open: OpenMessage,
    openChannel: OpenChannel,
    clock: Clock,
    forcedMs: number,
    events: SeatEvents,
  ) {
    this.#open = open;
    this.#openChannel = openChannel;
    this.#clock = clock;
    this.#forcedMs = forcedMs;
    this.#events = events;
  }

  /** Whether a worker sits here, ready or not. */
  get taken(): boolean {
    return this.#channel !== undefined;
  }

  get isReady(): boolean {
    return this.#ready;
  }

  get worker(): number {
    return this.#open.worker;
  }

  spawn(): void {
    this.#ready = false;
    this.#spawnedMs = this.#clock.now();
    this.#silentLooks = 0;
    this.#handedOver = 0;
    this.#terminated = undefined;
    this.#lastWords = undefined;
    let current = true;
    const gone = (death: string): void => {
      if (!current) return;
      current = false;
      this.#forcedTimer?.cancel();
      this.#channel = undefined;
      this.#ready = false;
      this.#cancels = [];
      this.deathsInARow++;
      this.#events.onGone(this.#lastWords ?? this.#terminated ?? death);
    };
    this.#giveUp = () => gone('Its worker could not be ended.');
    try {
      this.#channel = this.#openChannel(this.#open, {
        onMessage: message => current && this.#hear(message),
        onGone: gone,
      });
      if (!this.#keepAlive) this.#channel.keepAlive(false);
    } catch (thrown) {
      const death = `A worker could not be started: ${describeThrown(thrown)}`;
      this.#clock.schedule(this.#clock.now(), () => gone(death)); // never told from inside this call
    }
  }

  /** Hands the attempt over at the next flush at which the worker is ready. */
  start(attempt: Attempt<HttpRequest>): void {
    this.#starts.push(attempt);
  }

  /** Whether the attempt had not been handed over; then it is forgotten here and nothing was sent. */
  takeBack(attempt: Attempt<HttpRequest>): boolean {
    const place = this.#starts.indexOf(attempt);
    if (place >= 0) this.#starts.splice(place, 1);
    return place >= 0;
  }

  cancel({ lane, index, number }: Attempt<HttpRequest>, cause: EarlyEnd): void {
    this.#cancels.push({ lane, index, number, cause });
  }

  flush(): void {
    if (!this.#ready || (this.#starts.length === 0 && this.#cancels.length === 0)) return;
    const starts: unknown[] = [];
    for (const attempt of this.#starts) packStart(starts, attempt);
    if (this.#handedOver === 0) this.#silentLooks = 0;
    this.#handedOver += this.#starts.length;
    this.#channel?.post({ paceline: 'work', starts, cancels: this.#cancels });
    this.#starts = [];
    this.#cancels = [];
  }

  /** Attempts that were not handed over yet. */
  get waiting(): readonly Attempt<HttpRequest>[] {
    return this.#starts;
  }

  /** Called now and then: ends a worker that has work and has been silent for several looks. */
  look(): void {
    if (!this.#ready) {
      if (this.#clock.now() > this.#spawnedMs + START_MS_MAX) this.terminate('Its worker was never ready.');
      return;
    }
    if (this.#handedOver === 0) return;
    if (this.#silentLooks >= SILENT_LOOKS_MAX) this.terminate('Its worker no longer answered and was ended.');
    else if (this.#silentLooks > 0) this.#channel?.post({ paceline: 'ping' });
    this.#silentLooks++;
  }

  /** Asks the worker to end by itself. */
  close(): void {
    this.#channel?.post({ paceline: 'close' });
  }

  /** Ends the worker at once; one that cannot be ended is given up, so that its attempts come to an end. */
  terminate(reason: string): void {
    if (!this.#channel || this.#terminated !== undefined) return;
    this.#terminated = reason;
    this.#forcedTimer = this.#clock.schedule(this.#clock.now() + this.#forcedMs, () => this.#giveUp());
    this.#channel.terminate();
  }

  keepAlive(alive: boolean): void {
    if (alive === this.#keepAlive) return;
    this.#keepAlive = alive;
    this.#channel?.keepAlive(alive);
  }

  #giveUp: () => void = () => {};

  #hear(message: FromWorker): void {
    this.#silentLooks = 0;
    switch (message.paceline) {
      case 'ready':
        this.#ready = true;
        this.#events.onReady();
        break;
      case 'ends':
        this.deathsInARow = 0;
        unpackEnds(message.ends, this.#open.worker, end => {
          this.#handedOver--;
          this.#events.onEnd(end);
        });
        this.#events.onDelivered();
        break;
      case 'refused':
        this.#lastWords = message.message;
        this.#events.onRefused(message.code, message.message);
        break;
      case 'usage':
        this.#events.onUsage(message);
        break;
      case 'pong':
      case 'dying': // a process channel keeps these words for `onGone`
        break;
      default:
        unreachable(message);
    }
  }
}
