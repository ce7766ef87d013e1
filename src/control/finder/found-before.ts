// What an earlier run found of an origin, as the start of another run: how many are in flight at once from the first
// request on, and a pace that is kept below until the server says something about it itself.
import type { PaceStart } from '../../model/record.ts';
import { withMargin } from './margin.ts';

/** Of one origin. */
export type FoundBefore = Omit<PaceStart, 'origin'>;

export const FOUND_BEFORE = 'found before';

/** A rate is raised after so long and so many requests without a refusal: by little first, then by ever more. */
const RAISE_MS = 2000;
const RAISE_REQUESTS = 30;
const RAISE_FIRST = 0.03;
const RAISE_MAX = 0.25;
/** So many times the rate, and nothing was refused: there is no such limit any more. */
const GONE = 4;
/** Another look, where the end of what is in flight decides. */
const LOOK_MS = 50;

/** How many are in flight at the beginning: what suits the capacity, where it was known, else what was allowed. */
export function startLevel({ mode, limit, capacity }: FoundBefore): number {
  const isHeld = mode === 'in flight' && capacity !== undefined;
  return Math.max(1, Math.floor(isHeld ? withMargin(capacity) : limit) || 1);
}

/** What of it a run begins with. */
export type StartedFrom = Pick<FoundBefore, 'limit' | 'ratePerSecond' | 'quota'>;

/** @param most attempts in flight, whatever was found */
export function startedFrom(before: FoundBefore, most: number): StartedFrom {
  const { mode, ratePerSecond, quota } = before;
  return {
    limit: Math.min(most, startLevel(before)),
    ...(mode === 'rate' && ratePerSecond !== undefined && { ratePerSecond }),
    ...(mode === 'quota' && quota !== undefined && { quota }),
  };
}

/** Kept until the first 429: what comes after that was found in this run. */
export class KeptPace {
  readonly #givenPerMs: number;
  readonly #quota: number;
  #ratePerMs: number;
  #isOver = false;
  #nextMs = Number.NEGATIVE_INFINITY;
  #quietMs = Number.NaN;
  #quiet = 0;
  #raise = 0;
  #sent = 0;
  #accepted = 0;
  /** In flight at most once the quota is used up. */
  #probes = 1;

  constructor({ mode, ratePerSecond, quota }: Pick<FoundBefore, 'mode' | 'ratePerSecond' | 'quota'>) {
    const ratePerMs = mode === 'rate' && ratePerSecond !== undefined ? ratePerSecond / 1000 : 0;
    this.#givenPerMs = ratePerMs > 0 ? ratePerMs : Number.POSITIVE_INFINITY;
    this.#ratePerMs = this.#givenPerMs;
    this.#quota = mode === 'quota' && quota !== undefined ? Math.max(1, quota) : Number.POSITIVE_INFINITY;
  }

  /** Infinite where there is none, or none any more. */
  get ratePerMs(): number {
    return this.#isOver ? Number.POSITIVE_INFINITY : this.#ratePerMs;
  }

  /** Requests per window; infinite likewise. */
  get quota(): number {
    return this.#isOver ? Number.POSITIVE_INFINITY : this.#quota;
  }

  /** When the next may start. */
  dueMs(nowMs: number, inFlight: number): number {
    if (this.#isOver) return Number.NEGATIVE_INFINITY;
    return this.#sent >= this.#quota && inFlight >= this.#probes ? nowMs + LOOK_MS : this.#nextMs;
  }

  started(nowMs: number): void {
    this.#sent++;
    if (Number.isNaN(this.#quietMs)) {
      this.#quietMs = nowMs;
      this.#nextMs = nowMs;
    }
    if (this.#ratePerMs === Number.POSITIVE_INFINITY) return;
    const gapMs = 1 / this.#ratePerMs;
    this.#nextMs = Math.max(this.#nextMs, nowMs - gapMs) + gapMs;
  }

  accepted(nowMs: number): void {
    this.#accepted++;
    if (this.#accepted > this.#quota) {
      this.#probes++;
      if (this.#accepted >= 2 * this.#quota) this.#isOver = true;
    }
    if (++this.#quiet < RAISE_REQUESTS || nowMs - this.#quietMs < RAISE_MS) return;
    this.#quiet = 0;
    this.#quietMs = nowMs;
    this.#raise = Math.min(RAISE_MAX, Math.max(RAISE_FIRST, 2 * this.#raise));
    this.#ratePerMs *= 1 + this.#raise;
    if (this.#ratePerMs > GONE * this.#givenPerMs) this.#isOver = true;
  }

  /** A 429. */
  refused(): void {
    this.#isOver = true;
  }
}
