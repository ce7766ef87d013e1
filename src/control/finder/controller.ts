// Joins the sensors to one finder of the server's pace: for one origin, from what starts and ends.
import { InFlight } from './in-flight.ts';
import type { FinderEnd, Finding, PaceFinder } from './pace-finder.ts';
import type { ProofToken } from './proof.ts';
import { QuotaHeaders } from './quota.ts';
import { Refusals } from './refusals.ts';
import { Throttle } from './throttle.ts';
import { TUNING } from './tuning.ts';

export interface PaceFinderOptions {
  /** In flight at most, whatever is found. */
  readonly maxLimit: number;
  readonly start?: number;
}

export function openPaceFinder(options: PaceFinderOptions): PaceFinder {
  return new Controller(options);
}

class Controller implements PaceFinder {
  readonly #inFlight: InFlight;
  readonly #throttle = new Throttle();
  readonly #quota = new QuotaHeaders();
  readonly #refusals = new Refusals();
  #count = 0;
  #lastMs = Number.NEGATIVE_INFINITY;
  #offsetMs = 0;
  #meanMs = 0;

  constructor({ maxLimit, start = TUNING.start }: PaceFinderOptions) {
    this.#inFlight = new InFlight(start, Math.max(1, Math.floor(maxLimit)), level => {
      this.#refusals.endRound(level);
      this.#inFlight.ceiling = this.#refusals.ceiling;
    });
  }

  /** Instants that never go back, whatever the clock does. */
  #instant(nowMs: number): number {
    const instantMs = nowMs + this.#offsetMs;
    if (instantMs < this.#lastMs) {
      this.#offsetMs = this.#lastMs - nowMs;
      return this.#lastMs;
    }
    this.#lastMs = instantMs;
    return instantMs;
  }

  limit(): number {
    return Math.max(1, Math.min(this.#inFlight.limit, this.#refusals.ceiling));
  }

  nextStartMs(nowMs: number): number {
    const instantMs = this.#instant(nowMs);
    const dueMs = Math.max(this.#throttle.dueMs(instantMs, this.#count), this.#quota.dueMs(instantMs));
    if (dueMs <= instantMs) return nowMs;
    this.#inFlight.held();
    return dueMs - this.#offsetMs;
  }

  started(nowMs: number, inFlight: number, _key: string): ProofToken {
    const instantMs = this.#instant(nowMs);
    this.#count = inFlight;
    this.#throttle.started(instantMs);
    this.#quota.started();
    return this.#inFlight.started(instantMs, inFlight);
  }

  ended(end: FinderEnd): void {
    const nowMs = this.#instant(end.nowMs);
    const token = end.token as ProofToken;
    this.#count = end.inFlight;
    const tookMs = Math.max(0, nowMs - token.sentMs - end.connectMs);
    if (end.quota) this.#quota.noted(end.quota, nowMs, end.inFlight);
    if (end.kind === 'throttled') {
      this.#inFlight.ended(nowMs, end.inFlight, token, 'void', tookMs, end.key);
      if (this.#throttle.refused(nowMs, token.sentMs, end.retryAfterMs, end.inFlight))
        this.#inFlight.settle(Infinity);
      return;
    }
    if (end.kind === 'refused') {
      const isBeginning = this.#inFlight.isBeginning;
      if (
        this.#refusals.refused(
          nowMs,
          token.sentMs,
          tookMs,
          end.startedAs,
          end.inFlight,
          isBeginning,
          this.#meanMs,
        )
      ) {
        this.#inFlight.ceiling = this.#refusals.ceiling;
        this.#inFlight.settle(this.#refusals.ceiling + 1);
        this.#inFlight.ended(nowMs, end.inFlight, token, 'void', tookMs, end.key);
        return;
      }
      this.#inFlight.ceiling = this.#refusals.ceiling;
    } else if (end.kind !== 'void') {
      this.#refusals.served(end.startedAs);
      this.#throttle.accepted(nowMs, token.sentMs);
    }
    if (end.isOk) this.#meanMs += (tookMs - this.#meanMs) * (this.#meanMs === 0 ? 1 : 0.05);
    const kind = end.kind === 'served' && end.isOk && tookMs > 0 ? 'ok' : end.kind;
    this.#inFlight.ended(nowMs, end.inFlight, token, kind, tookMs, end.key);
  }

  finding(): Finding {
    return {
      mode: 'starting',
      limit: this.limit(),
      capacity: this.#inFlight.capacity,
      ratePerSecond: null,
      serviceMs: null,
      proofs: 0,
      reason: this.#inFlight.reason,
    };
  }
}
