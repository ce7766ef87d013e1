// Finds the pace of one origin: joins what each sensor says into a limit and the instant of the next start.

import { formatCount, formatDuration } from '../../base/units.ts';
import { Filling, type QuickServer } from './filling.ts';
import { FOUND_BEFORE, type FoundBefore, startLevel } from './found-before.ts';
import { InFlight, type LevelEnd } from './in-flight.ts';
import { Instants } from './instants.ts';
import { WAIT_MS_MAX } from './longest-wait.ts';
import { Outage } from './outage.ts';
import type { FinderEnd, Finding, FoundMode, PaceFinder } from './pace-finder.ts';
import type { ProofToken } from './proof.ts';
import { QuotaHeaders } from './quota.ts';
import { Refusals } from './refusals.ts';
import { ServiceTime } from './service-time.ts';
import { Throttle } from './throttle.ts';
import { soundEnd, soundLevel } from './told.ts';

/** In flight before anything is known: costs nobody much, and is most of what small servers take. */
const START = 4;
/** In the first rounds one refusal is reason enough for a ceiling. */
const BEGINNING_ROUNDS = 3;
const AT_MOST_REASON = 'no more are allowed; the server may hold more';
const FILLED_REASON = 'it answers sooner than a turn of our own takes';
/** How many it would take is not known then. */
const ALL_REFUSED = 'requests are refused, and none is done';
/** A server that takes fewer at once takes one after the other. */
const MANY_AT_ONCE = 3;

export interface PaceFinderOptions {
  /** In flight at most, whatever is found. */
  readonly maxLimit: number;
  /** In flight at the beginning; 4 without it. */
  readonly start?: number;
  /** What an earlier run found, in the place of `start`: it is kept until the server says otherwise. */
  readonly before?: FoundBefore;
}

/** @returns one for one origin; it keeps no timer, and its memory has a bound */
export function openPaceFinder(options: PaceFinderOptions): PaceFinder {
  return new Controller(options);
}

/** Of a start, for its one end. */
class Token {
  /** Of the start, among all of them. */
  readonly number: number;
  readonly proof: ProofToken;
  readonly isFilled: boolean;
  hasEnded = false;

  constructor(number: number, proof: ProofToken, isFilled: boolean) {
    this.number = number;
    this.proof = proof;
    this.isFilled = isFilled;
  }
}

class Controller implements PaceFinder {
  readonly #instants = new Instants();
  readonly #inFlight: InFlight;
  readonly #max: number;
  readonly #throttle: Throttle;
  readonly #quota = new QuotaHeaders();
  #refusals = new Refusals();
  readonly #outage = new Outage();
  readonly #filling = new Filling();
  readonly #service = new ServiceTime();
  #count = 0;

  constructor({ maxLimit, start = START, before }: PaceFinderOptions) {
    const max = Math.max(1, Math.floor(maxLimit) || 1);
    this.#max = max;
    this.#inFlight = new InFlight(Math.max(1, Math.min(max, Math.floor(start) || START)), max);
    this.#throttle = new Throttle(before);
    if (before) this.#begin(before);
  }

  #begin(before: FoundBefore): void {
    const level = startLevel(before);
    const { capacity = 0 } = before;
    this.#inFlight.begin(level, capacity > 0 ? Math.min(level, capacity) : null);
    if (before.mode !== 'refusing') return;
    this.#refusals.begin(level);
    this.#inFlight.ceiling = level;
  }

  limit(): number {
    return this.#filling.isFilled ? this.#filled : this.#inFlight.limit;
  }

  get #filled(): number {
    return Math.max(this.#inFlight.limit, Math.min(this.#max, this.#filling.level));
  }

  nextStartMs(nowMs: number): number {
    const instantMs = this.#instants.from(nowMs);
    const dueMs = Math.max(
      this.#throttle.dueMs(instantMs, this.#count),
      this.#quota.dueMs(instantMs),
      this.#outage.dueMs,
    );
    if (dueMs <= instantMs) return nowMs;
    this.#inFlight.held();
    return this.#instants.toClock(Math.min(dueMs, instantMs + WAIT_MS_MAX));
  }

  started(nowMs: number, level: number, _key: string): Token {
    const instantMs = this.#instants.from(nowMs);
    const inFlight = soundLevel(level, 1, this.#max);
    this.#count = inFlight;
    this.#quota.started();
    const { isFilled } = this.#filling;
    if (isFilled) this.#inFlight.held();
    const number = this.#throttle.started(instantMs);
    return new Token(number, this.#inFlight.started(instantMs, inFlight), isFilled);
  }

  ended(told: FinderEnd): void {
    const end = soundEnd(told, this.#max);
    const nowMs = this.#instants.from(end.nowMs);
    const { inFlight, key, token } = end;
    this.#count = inFlight;
    // Without its start an end says nothing, and a second one neither.
    if (!(token instanceof Token) || token.hasEnded) return;
    token.hasEnded = true;
    const { number, proof, isFilled } = token;
    proof.passedOver = end.passedOver ?? 0;
    const tookMs = Math.max(0, nowMs - proof.sentMs - end.connectMs);
    if (end.connectMs > 0) this.#inFlight.connected(end.connectMs);
    if (end.quota) this.#quota.noted(end.quota, nowMs, inFlight);
    if (isFilled && end.kind === 'served') {
      this.#throttle.accepted(nowMs, number, proof.sentMs);
      this.#inFlight.passed(nowMs, inFlight, proof);
      this.#filling.passed(nowMs, tookMs);
      return;
    }
    if (isFilled && end.kind !== 'void') this.#filling.failed();
    if (end.isOk) this.#service.note(tookMs, end.startedAs, this.#inFlight.capacity);
    const kind = this.#settle(end, token, nowMs, tookMs);
    const isRoundOver = this.#inFlight.ended(nowMs, inFlight, proof, kind, tookMs, key);
    if (isRoundOver) this.#refusals.endRound(nowMs);
    this.#inFlight.ceiling = this.#refusals.ceiling;
    this.#filling.listened(nowMs, this.#look);
  }

  readonly #look = (): QuickServer | null => {
    const { limit, capacity } = this.#inFlight;
    const serviceMs = this.#service.ms;
    if (capacity === null || serviceMs === null || this.#isStarting || this.#mode() !== 'in flight')
      return null;
    return { limit, capacity, serviceMs };
  };

  /** Tells the sensors of refusals and of rates. @returns what it is for the limit */
  #settle(end: FinderEnd, { number, proof: { sentMs } }: Token, nowMs: number, tookMs: number): LevelEnd {
    if (end.kind === 'void') return 'void';
    if (end.kind === 'throttled') {
      const isFirst = this.#throttle.refused(nowMs, number, tookMs, end.retryAfterMs);
      if (isFirst) this.#inFlight.settle(Number.POSITIVE_INFINITY);
      return 'void';
    }
    if (end.kind === 'refused') {
      this.#outage.refused(nowMs, end.startedAs);
      const isLower = this.#refusals.refused({
        nowMs,
        sentMs,
        tookMs,
        level: end.startedAs,
        inFlight: end.inFlight,
        isBeginning: this.#inFlight.phase === 'starting' && this.#inFlight.rounds < BEGINNING_ROUNDS,
        serviceMs: this.#service.ms ?? 0,
        waitMs: end.retryAfterMs,
      });
      if (isLower) this.#inFlight.settle(this.#refusals.ceiling + 1);
      return isLower ? 'void' : 'refused';
    }
    this.#refusals.served(end.startedAs);
    // What was refused while it was gone says nothing about how many it takes.
    if (end.kind === 'served' && this.#outage.served()) this.#refusals = new Refusals();
    this.#throttle.accepted(nowMs, number, sentMs);
    if (end.kind === 'timeout') return 'timeout';
    return end.isOk && tookMs > 0 ? 'ok' : 'served';
  }

  finding(): Finding {
    const mode = this.#mode();
    const { quota, depth, knownWindowMs: windowMs } = this.#throttle;
    const { capacity } = this.#inFlight;
    const isFilled = this.#filling.level > 0;
    return {
      mode,
      limit: this.#filled,
      capacity,
      ratePerSecond: mode === 'rate' ? this.#ratePerSecond : null,
      ...(mode === 'rate' && depth > 1 && { depth }),
      ...(quota < Number.POSITIVE_INFINITY && { quota, ...(windowMs > 0 && { windowMs }) }),
      serviceMs: isFilled ? this.#filledServiceMs : this.#service.ms,
      proofs: this.#inFlight.proofs,
      isFilled,
      reason: this.#reason(mode),
    };
  }

  /** What is seen while it is listened to is no measure: answers wait for our turns, too. */
  get #filledServiceMs(): number | null {
    const { capacity } = this.#inFlight;
    const { perMs } = this.#filling;
    return capacity !== null && perMs > 0 ? capacity / perMs : null;
  }

  /** Null while it is not known how many are allowed. */
  get #ratePerSecond(): number | null {
    const perMs = this.#throttle.ratePerMs;
    return perMs < Number.POSITIVE_INFINITY ? 1000 * perMs : null;
  }

  #mode(): FoundMode {
    if (this.#throttle.quota < Number.POSITIVE_INFINITY || this.#quota.hasHeldUp) return 'quota';
    if (this.#throttle.isGuessed || this.#throttle.ratePerMs < Number.POSITIVE_INFINITY) return 'rate';
    if (this.#refusals.ceiling <= this.#inFlight.level) return 'refusing';
    return this.#isStarting && this.#inFlight.capacity === null ? 'starting' : 'in flight';
  }

  /** Also a server that holds more than before is found anew; what was known of it is said meanwhile. */
  get #isStarting(): boolean {
    return this.#inFlight.phase === 'starting' && !this.#isAtMost;
  }

  /** All that are allowed were in flight, and the server holds them. */
  get #isAtMost(): boolean {
    const { rounds, capacity, isProvedAtMost } = this.#inFlight;
    return isProvedAtMost && capacity === null && rounds >= BEGINNING_ROUNDS;
  }

  get #inFlightReason(): string {
    if (this.#filling.level > 0) return FILLED_REASON;
    return this.#isAtMost ? AT_MOST_REASON : this.#inFlight.reason;
  }

  #reason(mode: FoundMode): string {
    const { quota, windowMs, hadRetryAfter, depth, isGuessed, isKept } = this.#throttle;
    const said = hadRetryAfter ? '429s with Retry-After' : '429s without Retry-After';
    const by = isKept ? FOUND_BEFORE : said;
    if (mode === 'rate' && isGuessed) return `${by}; how many are allowed is not known yet`;
    if (mode === 'rate')
      return depth < MANY_AT_ONCE ? by : `${by}; ${formatCount(Math.floor(depth))} at once after a pause`;
    if (mode === 'refusing' && this.#service.ms === null) return ALL_REFUSED;
    if (mode === 'refusing') return `more than ${formatCount(this.#refusals.ceiling)} at a time are refused`;
    if (mode !== 'quota') return this.#inFlightReason;
    if (quota === Number.POSITIVE_INFINITY)
      return `${formatCount(this.#quota.most)} requests per window (its headers)`;
    const window = windowMs > 0 ? formatDuration(windowMs) : 'window';
    return `${formatCount(quota)} requests per ${window} (${by})`;
  }
}
