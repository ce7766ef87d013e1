// A finder as it is, and what it was told: how many attempts ended in which way, and as the how-manieth in flight each
// of those that ended well was sent. That is what a score is computed from.
import type { EndKind, FinderEnd, Finding, PaceFinder } from '../../control/finder/pace-finder.ts';

export class WatchedFinder implements PaceFinder {
  readonly #inner: PaceFinder;
  readonly counts: Record<EndKind, number> = { served: 0, throttled: 0, refused: 0, timeout: 0, void: 0 };
  /** Of each that ended well, in the order of their ends. */
  readonly startedAs: number[] = [];
  lastOkMs = 0;

  constructor(inner: PaceFinder) {
    this.#inner = inner;
  }

  limit(): number {
    return this.#inner.limit();
  }

  nextStartMs(nowMs: number): number {
    return this.#inner.nextStartMs(nowMs);
  }

  started(nowMs: number, inFlight: number, key: string): unknown {
    return this.#inner.started(nowMs, inFlight, key);
  }

  ended(end: FinderEnd): void {
    this.counts[end.kind]++;
    if (end.isOk) {
      this.startedAs.push(end.startedAs);
      this.lastOkMs = end.nowMs;
    }
    this.#inner.ended(end);
  }

  finding(): Finding {
    return this.#inner.finding();
  }
}
