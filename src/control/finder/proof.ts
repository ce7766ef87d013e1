// The overtaking proof. In a server that serves first come, first served with W workers, a request that is sent as the
// f-th in flight cannot begin before f − W of those ahead of it have left. So when it ends, and only c of them can have
// left before it began, the server is proved to hold f − c at once:
//
//   in flight    1 2 3 4 5 6            a sixth is sent: f = 6
//                └─ at work ─┘
//   time ──▶     ──┬────┬──────┬────────┬──▶
//                  │    │      │        └ the sixth ends
//                  │    │      └ 3 leaves: too late to have made room for it  ┐ the sixth was at work by then:
//                  │    └ 2 leaves                                            ┘ `cut` before its end
//                  └ 1 leaves            c = 2, so W ≥ 6 − 2 = 4
//
// A worker was at the sixth for no less than the shortest such request ever took, so whoever left in that last stretch
// cannot have made room for it. Nothing is assumed about how long requests take, and no latency is compared with
// another: one request is enough to prove a capacity. A queue of q makes everybody wait for q others, so no proof
// reaches f any more: the highest is f − q, the capacity. What it cannot see is a server that is not first come, first
// served, where short requests pass long ones: there it proves too much, and the throughput has to decide (guard.ts).
import { Departures } from './departures.ts';
import { ProofMemory } from './proof-memory.ts';
import { ShortestTimes } from './shortest.ts';
import { TUNING } from './tuning.ts';

/** Requests that were sent at one instant: the network may have changed their order, so they are ranked as they end. */
interface Burst {
  readonly levels: number[];
  ended: number;
}

export interface ProofToken {
  readonly sentMs: number;
  /** The number that the next departure had. */
  readonly first: number;
  readonly burst: Burst;
}

/** Of a round, the two highest proofs; one alone may be an accident of the network. */
interface RoundProofs {
  first: number;
  second: number;
  count: number;
}

/** What of the shortest time on the wire is still the same instant. */
const INSTANT_SHARE = 0.02;
/** Of a round, so many proofs are looked at one by one. */
const SAMPLES_MAX = 4096;

export class OvertakingProof {
  readonly #departures = new Departures();
  readonly #shortest = new ShortestTimes();
  #instantMs = 0;
  #burst: Burst = { levels: [], ended: 0 };
  #burstMs = Number.NEGATIVE_INFINITY;
  readonly #memory = new ProofMemory();
  #round: RoundProofs = { first: 0, second: 0, count: 0 };
  /** Level and proof in turn, of this round. */
  #samples: number[] = [];
  #top = 0;
  #known = 0;
  #isForgottenMs = Number.NEGATIVE_INFINITY;

  /** How many left the server so far. */
  get departures(): number {
    return this.#departures.count;
  }

  /** What lies within so many ms counts as one instant. */
  get instantMs(): number {
    return this.#instantMs;
  }

  /** The highest level of this round. */
  get top(): number {
    return this.#top;
  }

  /** The highest proof of this round. */
  get best(): number {
    return this.#round.first;
  }

  get count(): number {
    return this.#round.count;
  }

  started(nowMs: number, inFlight: number): ProofToken {
    if (nowMs - this.#burstMs > this.#instantMs) {
      this.#burstMs = nowMs;
      this.#burst = { levels: [], ended: 0 };
    }
    this.#burst.levels.push(inFlight);
    return { sentMs: nowMs, first: this.#departures.count, burst: this.#burst };
  }

  /** One left the server that says nothing else: an answer that counts for no latency. */
  left(nowMs: number, token: ProofToken): void {
    rankOf(token.burst);
    this.#departures.add(nowMs);
  }

  /** One was served. @returns its level and what it proves */
  served(
    nowMs: number,
    token: ProofToken,
    tookMs: number,
    key: string,
    full: number,
  ): { level: number; proof: number } {
    const level = rankOf(token.burst);
    const cutMs = this.#shortest.note(key, tookMs);
    if (this.#instantMs === 0) this.#instantMs = INSTANT_SHARE * tookMs;
    const proof = level - this.#departures.countFrom(token.first, nowMs - cutMs);
    this.#departures.add(nowMs);
    if (token.sentMs >= this.#isForgottenMs) this.#note(level, proof, full);
    return { level, proof };
  }

  #note(level: number, proof: number, full: number): void {
    const round = this.#round;
    if (proof > round.first) {
      round.second = round.first;
      round.first = proof;
    } else if (proof > round.second) round.second = proof;
    round.count++;
    if (level >= full || proof > this.#known) this.#memory.add(proof);
    this.#top = Math.max(this.#top, level);
    if (this.#samples.length < 2 * SAMPLES_MAX) this.#samples.push(level, proof);
  }

  /** The capacity that is proved, now; never below 1. */
  capacity(): number {
    this.#known = this.#memory.capacity();
    return this.#known;
  }

  get changes(): number {
    return this.#memory.changes;
  }

  /** How many requests of this round prove more than `level`. */
  countAbove(level: number): number {
    let count = 0;
    for (let i = 1; i < this.#samples.length; i += 2) if ((this.#samples[i] as number) > level) count++;
    return count;
  }

  /** Requests near the top of this round, and the highest proof among them. */
  nearTop(share: number): { count: number; best: number } {
    let count = 0;
    let best = 0;
    for (let i = 0; i < this.#samples.length; i += 2) {
      if ((this.#samples[i] as number) < share * this.#top) continue;
      count++;
      best = Math.max(best, this.#samples[i + 1] as number);
    }
    return { count, best };
  }

  /** The server holds no more than a part of what was sent, and enough requests say so. */
  isSaturated(limit: number): boolean {
    if (this.#top < Math.max(2, TUNING.saturatedTop * limit)) return false;
    const { count, best } = this.nearTop(TUNING.fullNear);
    const enough = Math.max(TUNING.fullRequests, TUNING.fullShare * this.#top);
    return count >= enough && best < TUNING.full * this.#top;
  }

  endRound(): void {
    this.#memory.keep(TUNING.memoryRounds * Math.max(4, this.#top), TUNING.staleRounds * this.#top);
    this.#round = { first: 0, second: 0, count: 0 };
    this.#samples = [];
    this.#top = 0;
    this.#shortest.endRound();
    const leastMs = this.#shortest.anyMs;
    if (leastMs < Number.POSITIVE_INFINITY) this.#instantMs = INSTANT_SHARE * leastMs;
  }

  /** What happened before this round says nothing any more. */
  forgetRounds(): void {
    this.#memory.forget();
  }

  /** Requests that were sent before now prove nothing any more, nor do those that have ended. */
  forget(nowMs: number): void {
    this.#memory.forget();
    this.#round = { first: 0, second: 0, count: 0 };
    this.#samples = [];
    this.#isForgottenMs = nowMs;
  }

  renew(): void {
    this.#shortest.renew();
  }
}

function rankOf(burst: Burst): number {
  if (burst.ended === 0) burst.levels.sort((a, b) => a - b);
  return burst.levels[Math.min(burst.ended++, burst.levels.length - 1)] as number;
}
