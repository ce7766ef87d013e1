// Finds the pace of one origin: joins what each sensor says into a limit and the instant of the next start.

import { InFlight, type LevelEnd } from './in-flight.ts';
import { Instants } from './instants.ts';
import type { FinderEnd, Finding, FoundMode, PaceFinder } from './pace-finder.ts';
import type { ProofToken } from './proof.ts';
import { QuotaHeaders } from './quota.ts';
import { Refusals } from './refusals.ts';
import { Throttle } from './throttle.ts';

/** In flight before anything is known: costs nobody much, and is most of what small servers take. */
const START = 4;
/** In the first rounds one refusal is reason enough for a ceiling. */
const BEGINNING_ROUNDS = 3;
/** How fast the mean time on the wire follows. */
const MEAN_STEP = 0.05;

export interface PaceFinderOptions {
  /** In flight at most, whatever is found. */
  readonly maxLimit: number;
  /** In flight at the beginning, such as an earlier run has found; 4 without it. */
  readonly start?: number;
}

/** @returns one for one origin; it keeps no timer, and its memory has a bound */
export function openPaceFinder(options: PaceFinderOptions): PaceFinder {
  return new Controller(options);
}

class Controller implements PaceFinder {
  readonly #instants = new Instants();
  readonly #inFlight: InFlight;
  readonly #throttle = new Throttle();
  readonly #quota = new QuotaHeaders();
  readonly #refusals = new Refusals();
  #count = 0;
  #meanMs: number | null = null;

  constructor({ maxLimit, start = START }: PaceFinderOptions) {
    const max = Math.max(1, Math.floor(maxLimit) || 1);
    this.#inFlight = new InFlight(Math.max(1, Math.min(max, Math.floor(start) || START)), max);
  }

  limit(): number {
    return this.#inFlight.limit;
  }

  nextStartMs(nowMs: number): number {
    const instantMs = this.#instants.from(nowMs);
    const dueMs = Math.max(this.#throttle.dueMs(instantMs, this.#count), this.#quota.dueMs(instantMs));
    if (dueMs <= instantMs) return nowMs;
    this.#inFlight.held();
    return this.#instants.toClock(dueMs);
  }

  started(nowMs: number, inFlight: number, _key: string): ProofToken {
    const instantMs = this.#instants.from(nowMs);
    this.#count = inFlight;
    this.#throttle.started(instantMs);
    this.#quota.started();
    return this.#inFlight.started(instantMs, inFlight);
  }

  ended(end: FinderEnd): void {
    const nowMs = this.#instants.from(end.nowMs);
    const token = end.token as ProofToken;
    const { inFlight, key } = end;
    const tookMs = Math.max(0, nowMs - token.sentMs - end.connectMs);
    this.#count = inFlight;
    if (end.quota) this.#quota.noted(end.quota, nowMs, inFlight);
    if (end.isOk)
      this.#meanMs = this.#meanMs === null ? tookMs : this.#meanMs + MEAN_STEP * (tookMs - this.#meanMs);
    const isRoundOver = this.#inFlight.ended(
      nowMs,
      inFlight,
      token,
      this.#settle(end, nowMs, tookMs),
      tookMs,
      key,
    );
    if (isRoundOver) this.#refusals.endRound(this.#inFlight.level);
    this.#inFlight.ceiling = this.#refusals.ceiling;
  }

  /** Tells the sensors of refusals and of rates. @returns what it is for the limit */
  #settle(end: FinderEnd, nowMs: number, tookMs: number): LevelEnd {
    const { sentMs } = end.token as ProofToken;
    if (end.kind === 'void') return 'void';
    if (end.kind === 'throttled') {
      const isFirst = this.#throttle.refused(nowMs, sentMs, end.retryAfterMs, end.inFlight);
      if (isFirst) this.#inFlight.settle(Number.POSITIVE_INFINITY);
      return 'void';
    }
    if (end.kind === 'refused') {
      const isLower = this.#refusals.refused({
        nowMs,
        sentMs,
        tookMs,
        level: end.startedAs,
        inFlight: end.inFlight,
        isBeginning: this.#inFlight.phase === 'starting' && this.#inFlight.rounds < BEGINNING_ROUNDS,
        serviceMs: this.#meanMs ?? 0,
      });
      if (isLower) this.#inFlight.settle(this.#refusals.ceiling + 1);
      return isLower ? 'void' : 'refused';
    }
    this.#refusals.served(end.startedAs);
    this.#throttle.accepted(nowMs, sentMs);
    if (end.kind === 'timeout') return 'timeout';
    return end.isOk && tookMs > 0 ? 'ok' : 'served';
  }

  finding(): Finding {
    const { ratePerMs, quota } = this.#throttle;
    const capacity = this.#inFlight.capacity;
    return {
      mode: this.#mode(),
      limit: this.limit(),
      capacity,
      ratePerSecond:
        ratePerMs < Number.POSITIVE_INFINITY && quota === Number.POSITIVE_INFINITY ? 1000 * ratePerMs : null,
      serviceMs: null,
      proofs: this.#inFlight.proofs,
      reason: this.#inFlight.reason,
    };
  }

  #mode(): FoundMode {
    return 'in flight';
  }
}
