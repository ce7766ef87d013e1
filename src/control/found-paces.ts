// What was found of each origin in a run, and how it came to be: kept beside the finders, for people. Bounded, however
// many origins a run has and however often a limit changes.
import { type FoundBefore, type StartedFrom, startedFrom } from './finder/found-before.ts';
import type { FinderEnd, Finding, PaceFinder } from './finder/pace-finder.ts';

/** From an instant on there was this limit, for this reason. */
export type LimitChanged = readonly [atMs: number, limit: number, reason: string];

export interface FoundOrigin {
  readonly origin: string;
  readonly finding: Finding;
  readonly changes: readonly LimitChanged[];
  /** What it began with, where that was found before. */
  readonly from: StartedFrom | null;
}

const ORIGINS_MAX = 100;
const CHANGES_MAX = 256;
/** Changes for one reason that follow within so much are one; twice as much whenever there are too many. */
const TOGETHER_MS = 50;

export class FoundPaces {
  readonly #open: (before?: FoundBefore) => PaceFinder;
  readonly #before: ReadonlyMap<string, FoundBefore>;
  readonly #finders = new Map<string, NotedFinder>();

  /** @param before what an earlier run found, by origin */
  constructor(
    open: (before?: FoundBefore) => PaceFinder,
    before: ReadonlyMap<string, FoundBefore> = new Map(),
  ) {
    this.#open = open;
    this.#before = before;
  }

  /** A finder for an origin that has none, or none any more. */
  openFinder(origin: string): PaceFinder {
    if (this.#finders.size >= ORIGINS_MAX) this.#forgetOne();
    const before = this.#before.get(origin);
    const finder = new NotedFinder(this.#open(before), before ?? null);
    this.#finders.set(origin, finder);
    return finder;
  }

  /** Those with an attempt that ended, the most used first. */
  list(): FoundOrigin[] {
    return [...this.#finders]
      .filter(([, { ends }]) => ends > 0)
      .sort(([, a], [, b]) => b.ends - a.ends)
      .map(([origin, finder]) => ({
        origin,
        finding: finder.finding(),
        changes: finder.changes,
        from: finder.from,
      }));
  }

  /** The one that was used least. Whoever holds its finder goes on with it. */
  #forgetOne(): void {
    let least: string | undefined;
    let leastEnds = Number.POSITIVE_INFINITY;
    for (const [origin, { ends }] of this.#finders) {
      if (ends >= leastEnds) continue;
      least = origin;
      leastEnds = ends;
    }
    if (least !== undefined) this.#finders.delete(least);
  }
}

/** A finder as it is, and how its limit went. */
class NotedFinder implements PaceFinder {
  readonly #inner: PaceFinder;
  #changes: LimitChanged[] = [];
  #togetherMs = TOGETHER_MS;
  #limit = 0;
  ends = 0;

  readonly from: StartedFrom | null;

  constructor(inner: PaceFinder, before: FoundBefore | null) {
    this.#inner = inner;
    this.from = before && startedFrom(before, wholeLimit(inner.limit()));
  }

  get changes(): readonly LimitChanged[] {
    return this.#changes;
  }

  limit(): number {
    return this.#inner.limit();
  }

  nextStartMs(nowMs: number): number {
    return this.#inner.nextStartMs(nowMs);
  }

  started(nowMs: number, inFlight: number, key: string): unknown {
    if (this.#limit === 0) this.#note(nowMs);
    return this.#inner.started(nowMs, inFlight, key);
  }

  ended(end: FinderEnd): void {
    this.ends++;
    this.#inner.ended(end);
    if (wholeLimit(this.#inner.limit()) !== this.#limit) this.#note(end.nowMs);
  }

  finding(): Finding {
    return this.#inner.finding();
  }

  #note(atMs: number): void {
    this.#limit = wholeLimit(this.#inner.limit());
    const { limit: found, reason } = this.#inner.finding();
    const limit = wholeLimit(found);
    const last = this.#changes.at(-1);
    if (last?.[1] === limit && last[2] === reason) return;
    add(this.#changes, [atMs, limit, reason], this.#togetherMs);
    while (this.#changes.length > CHANGES_MAX) {
      this.#togetherMs *= 2;
      const fewer: LimitChanged[] = [];
      for (const change of this.#changes) add(fewer, change, this.#togetherMs);
      // Reasons that alternate keep all of them apart; then every other one goes.
      this.#changes = fewer.length > CHANGES_MAX ? fewer.filter((_, place) => place % 2 === 1) : fewer;
    }
  }
}

/** Those of one reason that follow closely are one: from its first instant on, with the last limit. */
function add(changes: LimitChanged[], change: LimitChanged, togetherMs: number): void {
  const last = changes[changes.length - 1];
  const [atMs, limit, reason] = change;
  if (last?.[2] === reason && atMs - last[0] < togetherMs && changes.length > 1)
    changes[changes.length - 1] = [last[0], limit, reason];
  else changes.push(change);
}

function wholeLimit(limit: number): number {
  return Math.max(1, Math.floor(limit));
}
