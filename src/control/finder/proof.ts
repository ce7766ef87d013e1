// The overtaking proof. In a server that serves first come, first served with W workers, a request that is sent as the
// f-th in flight cannot begin before f − W of those ahead of it have left. So when it ends, and only c of them can have
// left before it began, the server is proved to hold f − c at once:
//
//   the sixth is sent: f = 6           it surely has a worker from here on
//         ▼                                     ▼
//   ──────●─────────▼───────────▼───────────────┃────▼─────────────●──▶ time
//                 one          another               a third       ▲
//                leaves        leaves                leaves        the sixth ends
//                └──────── c = 2 ──────┘             └── too late to have made room for it
//
//                W ≥ 6 − 2 = 4
//
// A worker was at the sixth for no less than the shortest such request ever took, so whoever left in that last stretch
// cannot have made room for it. Nothing is assumed about how long requests take, and no latency is compared with
// another: one request is enough to prove a capacity. A queue of q makes everybody wait for q others, so no proof
// reaches f any more: the highest is f − q, the capacity. What it cannot see is a server that is not first come, first
// served, where short requests pass long ones: there it proves too much, and the throughput decides (throughput.ts).
// Where workers are bound to kept connections, a request on a new one may not be in line at all: those on kept ones
// that pass it over do not count it.
import { Departures } from './departures.ts';
import { InferredTimes } from './inferred-times.ts';
import { ProofMemory } from './proof-memory.ts';
import { Renewal } from './renewal.ts';
import { ShortestTimes } from './shortest.ts';

/** What of the shortest time on the wire is still the same instant. */
const INSTANT_SHARE = 0.02;
/** A connection that takes longer than such a part of the shortest time counts as that; and less with each round. */
const CONNECT_SHARE_MAX = 0.25;
const CONNECT_KEPT = 0.9;
/** Of one round, so many proofs are kept one by one. */
const SAMPLES_MAX = 4096;
/** Proofs are remembered for so many rounds, and believed for so many without another. */
const MEMORY_ROUNDS = 4;
const PATIENCE_ROUNDS = 1.2;
/** A request far below the limit can prove nothing about it, and its silence says nothing either. */
const TELLING_SHARE = 0.5;
/** Saturated: so many requests, and such a share of the level, near the top of which none proves so much of it. */
const SATURATED_REQUESTS = 4;
const SATURATED_SHARE = 0.2;
const SATURATED_NEAR = 0.75;
const SATURATED_BELOW = 0.65;
/** The shortest times are renewed every so many rounds. */
const RENEW_ROUNDS = 40;
/** Of its time on the wire it surely had a worker for such a share: it need not have waited at all. */
const UNDELAYED_SHARE = 0.87;

/** Requests that were sent at one instant: the network may have changed their order, so they are ranked as they end. */
interface Burst {
  readonly starts: BurstStart[];
  ended: number;
}

interface BurstStart {
  readonly level: number;
  /** The number of the next departure. */
  readonly first: number;
}

export interface ProofToken {
  readonly sentMs: number;
  /** The number of the next departure. */
  readonly first: number;
  readonly burst: Burst;
  /** Ahead of it, and perhaps not in line: told when it ends. */
  passedOver: number;
}

export interface Proof {
  /** As the how-manyth in flight it was sent. */
  readonly level: number;
  /** The server holds at least so many. */
  readonly held: number;
}

export class OvertakingProof {
  readonly #departures = new Departures();
  /** What else its line tells. */
  readonly inferred = new InferredTimes(this.#departures);
  readonly #shortest = new ShortestTimes();
  readonly #renewal = new Renewal();
  readonly #memory = new ProofMemory();
  #rounds = 0;
  #instantMs = 0;
  /** What opening a connection took: others were sent on kept ones meanwhile, and were there before it. */
  #connectMs = 0;
  #burst: Burst = { starts: [], ended: 0 };
  #burstMs = Number.NEGATIVE_INFINITY;
  #forgottenMs = Number.NEGATIVE_INFINITY;
  #capacity = 0;
  #capacityBefore = 0;
  /** How many prove what, since the capacity was last seen to fall; levels have a bound, and so has this. */
  readonly #tally = new Map<number, number>();
  // Of this round: the levels, what was proved, what nothing speaks against, and the highest level.
  #levels: number[] = [];
  #proofs: number[] = [];
  #possible: number[] = [];
  #top = 0;
  /** The highest proof of the round before. */
  #bestBefore = 0;

  /** What lies within so many ms counts as one instant. */
  get instantMs(): number {
    return this.#instantMs;
  }

  get shortestMs(): number {
    return this.#shortest.anyMs;
  }

  /** The highest level of this round. */
  get top(): number {
    return this.#top;
  }

  /** Proofs of this round. */
  get count(): number {
    return this.#proofs.length;
  }

  /** Proofs of the capacity that is known now, since it was last seen to fall. */
  get proofs(): number {
    let count = 0;
    for (const [held, times] of this.#tally) if (held >= this.#capacity) count += times;
    return count;
  }

  /** Grows when proofs turn out to hold no longer. */
  get changes(): number {
    return this.#memory.changes;
  }

  started(nowMs: number, inFlight: number): ProofToken {
    if (nowMs - this.#burstMs > this.#instantMs + this.#connectMs) {
      this.#burstMs = nowMs;
      this.#burst = { starts: [], ended: 0 };
    }
    const first = this.#departures.count;
    this.#burst.starts.push({ level: inFlight, first });
    return { sentMs: nowMs, first, burst: this.#burst, passedOver: 0 };
  }

  /** One had to open a connection first. */
  connected(connectMs: number): void {
    this.#connectMs = Math.max(
      this.#connectMs,
      Math.min(connectMs, CONNECT_SHARE_MAX * this.#shortest.anyMs),
    );
  }

  /** One left the server, and its latency says nothing. */
  left(nowMs: number, token: ProofToken): void {
    rankOf(token.burst);
    this.#departures.add(nowMs);
  }

  /** One was served. `limit` is what was allowed in this round. */
  served(nowMs: number, token: ProofToken, tookMs: number, key: string, limit: number): Proof {
    const { level, first: firstOfRank } = rankOf(token.burst);
    const first = this.#connectMs > this.#instantMs ? firstOfRank : token.first;
    const inLine = level - token.passedOver;
    const sureMs = this.#shortest.note(key, tookMs);
    if (this.#instantMs === 0) this.#instantMs = INSTANT_SHARE * tookMs;
    const held = inLine - this.#departures.countFrom(first, nowMs - sureMs);
    this.#departures.add(nowMs);
    if (token.sentMs < this.#forgottenMs) return { level, held };
    this.inferred.note({ level: inLine, first, own: this.#departures.count - 1, endMs: nowMs, tookMs });
    if (this.#levels.length < SAMPLES_MAX) {
      this.#levels.push(level);
      this.#proofs.push(held);
      // All of a wave leave at about one instant: those before it count against it, whether it waited or not.
      this.#possible.push(sureMs >= UNDELAYED_SHARE * tookMs ? inLine : held);
    }
    this.#top = Math.max(this.#top, level);
    this.#tally.set(held, (this.#tally.get(held) ?? 0) + 1);
    if (level >= TELLING_SHARE * limit || held > this.#capacity) this.#memory.add(held);
    return { level, held };
  }

  /** The capacity that is proved now, at least 1. */
  capacity(): number {
    const { changes } = this.#memory;
    this.#capacity = this.#memory.capacity();
    if (this.#memory.changes > changes) this.#tally.clear();
    return this.#capacity;
  }

  /** How many requests of this round prove more than was `known` or proved before it. */
  lifted(known: number): number {
    const before = Math.max(known, this.#capacityBefore);
    let count = 0;
    for (const proof of this.#proofs) if (proof > before + 0.5) count++;
    return count;
  }

  /** Requests of this round near its highest level, and the highest proof among them. */
  nearTop(share: number, proofs = this.#proofs): { readonly count: number; readonly best: number } {
    let count = 0;
    let best = 0;
    for (let i = 0; i < this.#levels.length; i++) {
      if ((this.#levels[i] as number) < share * this.#top) continue;
      count++;
      best = Math.max(best, proofs[i] as number);
    }
    return { count, best };
  }

  /**
   * The server holds no more than a part of what was sent: enough requests say so, and none of this round or of the one
   * before proves more.
   */
  isSaturated(limit: number): boolean {
    return this.#isSaturatedBy(this.#proofs, limit);
  }

  /** The same before a round is over, when only the first of a wave may have ended. */
  isSaturatedEarly(limit: number): boolean {
    return this.#isSaturatedBy(this.#possible, limit);
  }

  #isSaturatedBy(proofs: number[], limit: number): boolean {
    if (this.#top < Math.max(2, TELLING_SHARE * limit)) return false;
    const { count, best } = this.nearTop(SATURATED_NEAR, proofs);
    const enough = Math.max(SATURATED_REQUESTS, SATURATED_SHARE * this.#top);
    return count >= enough && Math.max(best, this.#bestBefore) < SATURATED_BELOW * this.#top;
  }

  /**
   * @param served in this round, which took `ms`
   * @param variation of what requests cost: the variance as a share of the squared mean
   */
  endRound(served: number, ms: number, variation: number): void {
    this.#capacityBefore = this.#capacity;
    const top = Math.max(4, this.#top);
    this.#memory.keep(MEMORY_ROUNDS * top, PATIENCE_ROUNDS * top);
    this.#bestBefore = this.#proofs.reduce((a, b) => Math.max(a, b), 0);
    this.#levels = [];
    this.#proofs = [];
    this.#possible = [];
    this.#top = 0;
    this.#shortest.endRound();
    this.#renewal.endRound(served, ms);
    if (++this.#rounds % RENEW_ROUNDS === 0) this.#renewShortest(variation);
    const leastMs = this.#shortest.anyMs;
    if (leastMs < Number.POSITIVE_INFINITY) this.#instantMs = INSTANT_SHARE * leastMs;
    this.#connectMs *= CONNECT_KEPT;
  }

  /** What was sent before now proves nothing any more. */
  forget(nowMs: number): void {
    this.#memory.forget();
    this.#tally.clear();
    this.#levels = [];
    this.#proofs = [];
    this.#possible = [];
    this.#forgottenMs = nowMs;
    this.inferred.forget();
  }

  /** What was the shortest long ago is no measure. */
  #renewShortest(variation: number): void {
    const growth = this.#renewal.growth(variation);
    const beforeMs = this.#shortest.anyMs;
    this.#shortest.renew(growth);
    this.#renewal.renewed(growth, this.#shortest.anyMs / beforeMs);
  }
}

/** The one that is the n-th of its burst to end was the n-th that the server got. */
function rankOf(burst: Burst): BurstStart {
  const { starts } = burst;
  if (burst.ended === 0) starts.sort((a, b) => a.level - b.level);
  return starts[Math.min(burst.ended++, starts.length - 1)] as BurstStart;
}
