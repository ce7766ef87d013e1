// The shortest time on the wire for each kind of request: what one needs when it waits for nothing.

/** Of the shortest time, what a worker and the way back surely took. */
const SURE_SHARE = 0.92;
/** By such a factor the shortest of two times that are equally long differ by chance. */
const NOISE = 1.15;
/** Kinds that are told apart; what comes after them is one kind. */
const KEYS_MAX = 256;

interface Shortest {
  /** Since the last `renew`, and between the two calls before it. */
  latestMs: number;
  olderMs: number;
  /** Of such a time, when the pace was another one than before. */
  knownMs: number;
  /** In this round and in the one before it. */
  roundMs: number;
  lastRoundMs: number;
}

/** Forgets in two steps, so that a server that became slower is not measured by what it once did. */
export class ShortestTimes {
  readonly #byKey = new Map<string, Shortest>();

  /** The shortest of all kinds; infinite before there was one. */
  get anyMs(): number {
    let leastMs = Number.POSITIVE_INFINITY;
    for (const { latestMs, olderMs } of this.#byKey.values()) leastMs = Math.min(leastMs, latestMs, olderMs);
    return leastMs;
  }

  /**
   * Notes a request that took `tookMs`.
   * @returns for how long before its end it surely had a worker
   */
  note(key: string, tookMs: number): number {
    const kind = this.#kind(key);
    const leastMs = Math.min(kind.latestMs, kind.olderMs, tookMs);
    // Where the shortest fall from round to round (code that warms up), the next may be shorter yet by as much.
    const isFalling = kind.roundMs < kind.lastRoundMs && kind.lastRoundMs < Number.POSITIVE_INFINITY;
    const trend = isFalling ? kind.roundMs / kind.lastRoundMs : 1;
    kind.latestMs = Math.min(kind.latestMs, tookMs);
    kind.roundMs = Math.min(kind.roundMs, tookMs);
    return SURE_SHARE * trend * leastMs;
  }

  endRound(): void {
    for (const kind of this.#byKey.values()) {
      if (kind.roundMs === Number.POSITIVE_INFINITY) continue;
      kind.lastRoundMs = kind.roundMs;
      kind.roundMs = Number.POSITIVE_INFINITY;
    }
  }

  /** Forgets what is older than the last call, as far as they may have grown; 1 where nothing has changed. */
  renew(growth: number): void {
    for (const kind of this.#byKey.values()) {
      kind.olderMs = Math.min(kind.latestMs, NOISE * Math.max(1, growth) * kind.knownMs);
      if (growth !== 1 || kind.knownMs === Number.POSITIVE_INFINITY) kind.knownMs = kind.olderMs;
      kind.latestMs = Number.POSITIVE_INFINITY;
    }
  }

  #kind(key: string): Shortest {
    const known = this.#byKey.get(key);
    if (known) return known;
    if (this.#byKey.size >= KEYS_MAX && key !== '') return this.#kind('');
    const none = Number.POSITIVE_INFINITY;
    const kind = { latestMs: none, olderMs: none, roundMs: none, lastRoundMs: none, knownMs: none };
    this.#byKey.set(key, kind);
    return kind;
  }
}
