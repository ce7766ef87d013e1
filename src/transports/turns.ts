// Whose turn it is at a server that binds a worker to each connection for as long as it is kept: Apache's prefork, and
// thread pools that read one connection at a time. Kept connections go on being served there, and a request on a new
// one is not looked at: with eight in flight and five workers, three wait until the run is over.
//
// So a request on a new connection that others pass over, again and again, means: let kept connections go. Then a
// worker is free for whoever has waited longest, and it is first come, first served again, at the price of a new
// connection for each request while somebody waits. Nothing is let go of where nobody is passed over.
//
// Where fewer may be in flight than before, some kept connections are not used again. They hold workers for nothing,
// and if all of them do, nothing moves: those who wait fill all places. So idle ones go for whoever was passed over.
import type { Clock, Timer } from '../base/clock.ts';

/** Rounds of all kept connections by which those who wait were passed over, beyond what long requests explain. */
const EVIDENCE = 4;
const ROUND_MIN = 4;
/** It helps if those who waited are answered when all of them, and so many rounds, have had their turn. */
const HELPS_ROUNDS = 2;
/** Where it did not help, it takes so many times as much to try it again. */
const REFUTED = 4;
/** A standstill: all kept connections lie idle for so long while others wait, and nothing is sent. */
const STANDSTILL_MS = 100;
/** After so many times as long idle ones go for whoever waits, passed over or not. */
const LOOKS = 10;

/** What a connection is to this. */
export interface Seat {
  /** Open, with nothing under way. */
  readonly isIdle: boolean;
  letGo(): void;
}

interface Waiter {
  readonly number: number;
  /** As the how-manyth first exchange since nobody waited. */
  readonly place: number;
  passes: number;
  /** An idle connection may go for it, and has gone. */
  mayHave: boolean;
  hasGot: boolean;
}

/** Calls after so many ms, unless it is cancelled. */
export type Later = (call: () => void, ms: number) => Pick<Timer, 'cancel'> | null;

const never: Later = () => null;

/** The turns of one origin. */
export class Turns {
  readonly #later: Later;
  /** Those whose first exchange has not been answered. */
  readonly #waiting = new Map<Seat, Waiter>();
  readonly #kept = new Set<Seat>();
  #count = 0;
  /** First exchanges since nobody waited. */
  #first = 0;
  #state: 'free' | 'trying' | 'fair' = 'free';
  #evidence = EVIDENCE;
  /** While it is tried: exchanges up to this one have waited, and so many ends decide whether it helps. */
  #waitedUntil = 0;
  #triesLeft = 0;
  #look: Pick<Timer, 'cancel'> | null = null;

  constructor(later = never) {
    this.#later = later;
  }

  /** An exchange is sent. @returns its number, for `ended` */
  began(seat: Seat, isFirst: boolean): number {
    const number = ++this.#count;
    if (!isFirst) return number;
    if (this.#waiting.size === 0) this.#first = 0;
    this.#first++;
    this.#waiting.set(seat, { number, place: this.#first, passes: 0, mayHave: false, hasGot: false });
    return number;
  }

  /** The first byte of its first answer has come. */
  answered(seat: Seat): void {
    this.#waiting.delete(seat);
    this.#lookNoMore();
  }

  /** Exchanges on new connections that were sent before this one on a kept connection, and are not answered yet. */
  passedOver(number: number): number {
    let count = 0;
    for (const waiter of this.#waiting.values()) if (waiter.number < number) count++;
    return count;
  }

  /** The whole answer has come, and the connection may be used again. */
  ended(seat: Seat, number: number, isFirst: boolean): void {
    if (isFirst) this.#kept.add(seat);
    if (this.#waiting.size === 0) return;
    if (this.#state === 'trying') this.#try();
    else if (this.#state === 'free' && !isFirst && this.#isUnfair(number)) this.#beginTrying();
    if (this.#state !== 'free') this.#letGo(seat);
    else {
      this.#giveIdle(Math.max(1, this.#kept.size), seat);
      this.#lookForStandstill();
    }
  }

  gone(seat: Seat): void {
    this.#waiting.delete(seat);
    this.#kept.delete(seat);
    this.#lookNoMore();
  }

  /** Nothing to remember. */
  get isEmpty(): boolean {
    return this.#waiting.size === 0 && this.#kept.size === 0;
  }

  get #round(): number {
    return Math.max(ROUND_MIN, this.#kept.size);
  }

  /**
   * Requests may take long. If their times follow an exponential law, to find `m` of `n` waiting when they were passed
   * over in r₁ … rₘ rounds has a chance of about e^(−Σr) × (n over m). It is asked of the `m` that have waited longest,
   * for each m.
   */
  #isUnfair(number: number): boolean {
    let rounds = 0;
    let waiting = 0;
    let most = 0;
    for (const waiter of this.#waiting.values()) {
      if (waiter.number < number) waiter.passes++;
      rounds += waiter.passes / this.#round;
      waiting++;
      most = Math.max(most, rounds - waiting * (1 + Math.log(waiter.place / waiting)));
    }
    return most > this.#evidence;
  }

  #beginTrying(): void {
    this.#state = 'trying';
    this.#waitedUntil = this.#count;
    this.#triesLeft = this.#waiting.size + HELPS_ROUNDS * this.#round;
  }

  #try(): void {
    if (--this.#triesLeft > 0) return;
    const [oldest] = this.#waiting.values();
    this.#state = oldest !== undefined && oldest.number <= this.#waitedUntil ? 'free' : 'fair';
    if (this.#state === 'fair') return;
    this.#evidence *= REFUTED;
    for (const waiter of this.#waiting.values()) waiter.passes = 0;
  }

  /** Idle connections first: they hold a worker for nothing. */
  #letGo(ended: Seat): void {
    let left = this.#waiting.size;
    for (const seat of this.#kept) {
      if (left === 0) return;
      if (seat === ended || !seat.isIdle) continue;
      left--;
      seat.letGo();
    }
    if (left > 0) ended.letGo();
  }

  /**
   * Whoever was passed over so often may have an idle connection, and so may all behind it. Each gets one, and another
   * one only at a standstill, where there is no `except`.
   */
  #giveIdle(passes: number, except: Seat | null): void {
    let idle: Seat[] | null = null;
    let mayHave = false;
    for (const waiter of this.#waiting.values()) {
      mayHave ||= waiter.mayHave || waiter.passes >= passes;
      if (!mayHave || (waiter.hasGot && except !== null)) continue;
      waiter.mayHave = true;
      idle ??= [...this.#kept].filter(seat => seat !== except && seat.isIdle);
      const seat = idle.pop();
      if (seat === undefined) continue;
      waiter.hasGot = true;
      seat.letGo();
    }
  }

  /** No kept connection is in use: for a moment, or for good. That after a round of passing over is evidence, too. */
  #lookForStandstill(looks = 1): void {
    if (this.#look || this.#waiting.size === 0) return;
    for (const seat of this.#kept) if (!seat.isIdle) return;
    const count = this.#count;
    this.#look = this.#later(() => {
      this.#look = null;
      const [oldest] = this.#waiting.values();
      if (oldest === undefined) return;
      const isSame = this.#count === count;
      if (isSame && this.#state === 'free' && oldest.passes >= this.#round) this.#beginTrying();
      if (isSame) this.#giveIdle(looks < LOOKS ? 1 : 0, null);
      this.#lookForStandstill(isSame ? looks + 1 : 1);
    }, STANDSTILL_MS);
  }

  /** A run does not end later because of it. */
  #lookNoMore(): void {
    if (this.#look === null || this.#waiting.size > 0) return;
    this.#look.cancel();
    this.#look = null;
  }
}

/** By origin, as long as there are connections to it. */
export class AllTurns {
  readonly #byOrigin = new Map<string, Turns>();
  readonly #later: Later;

  constructor(clock: Clock | undefined) {
    this.#later = clock ? (call, ms) => clock.schedule(clock.now() + ms, call) : never;
  }

  of(origin: string): Turns {
    let turns = this.#byOrigin.get(origin);
    if (turns === undefined) {
      turns = new Turns(this.#later);
      this.#byOrigin.set(origin, turns);
    }
    return turns;
  }

  /** Called when a connection is gone. */
  forgetIfEmpty(origin: string): void {
    if (this.#byOrigin.get(origin)?.isEmpty) this.#byOrigin.delete(origin);
  }
}
