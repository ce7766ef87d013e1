// Stays just above the capacity that is proved, follows it up and down, and looks from time to time whether the server
// holds more by now. Each look costs a little queue, so it is taken the more rarely the less it finds.
import { toleranceOf, withMargin } from './margin.ts';
import type { Throughput } from './throughput.ts';

/** Requests of one round, and such a share of it, that prove more than was known: the server has grown. */
const LIFT_REQUESTS = 3;
const LIFT_SHARE = 0.15;
/** And the proofs come near the highest level, so there is no end of it yet. */
const LIFT_NEAR = 0.85;
/** So many rounds without a change, then one at the capacity itself: nothing waits in it. */
const REST_AFTER = 2;
/** No more often than each third round, so that proofs come. */
const REST_EVERY = 2;
/** Large servers are not told exactly enough for that. */
const REST_BELOW = 14;
/** A look upwards: rounds between two of them, rounds that it takes, and how far. */
const LOOK_EVERY = 7;
const LOOK_EVERY_SMALL = 14;
const SMALL_BELOW = 12;
const LOOK_ROUNDS = 2;
const LOOK_BY = 1.12;
const LOOK_FROM = 3;
/** What it has to prove. */
const FOUND = 1;
const FOUND_SHARE = 0.07;
/** After so many rounds without a change, a higher proof is a reason to look at once. */
const STEADY_ROUNDS = 3;
/** Throughput contradicts the proofs where it rules them out by so many standard errors and by such a share. */
const DISPUTE_ERRORS = 2.5;
const DISPUTE_SHARE = 1.05;
/** Or where it knows no limit at all, so far: then the look goes so far. */
const OPEN_ERRORS = 0.5;
const OPEN_BY = 1.5;
const DISPUTE_BY_MAX = 2;
const DISPUTE_WAIT = 4;
const DISPUTE_WAIT_MAX = 24;
/** The proofs have followed where they are higher by such a share. */
const FOLLOWED = 1.15;
/** The capacity fell to less than this: what throughput knows is of another time. */
const FALL_SHARE = 0.8;

export interface HeldRound {
  /** What was allowed, before it was rounded and cut. */
  readonly level: number;
  /** What was allowed in fact. */
  readonly limit: number;
  /** The highest level at which a request was sent. */
  readonly top: number;
  /** The capacity that is proved now, and the one that was known before. */
  readonly proved: number;
  readonly known: number;
  /** Proofs, and those of more than was known. */
  readonly count: number;
  readonly lifted: number;
  /** Grows when proofs turn out to hold no longer. */
  readonly changes: number;
}

export class Holding {
  readonly #throughput: Throughput;
  #changes = 0;
  #steady = 0;
  #step = 0;
  #isResting = false;
  #sinceRest = 0;
  // The look upwards.
  #sinceLook = 0;
  #looking = 0;
  #lookedFrom = 0;
  #sinceDispute = 0;
  #disputeWait = DISPUTE_WAIT;
  /** What throughput said at the last dispute, and what was proved then. */
  #disputed = 0;
  #disputedAt = 0;

  constructor(throughput: Throughput) {
    this.#throughput = throughput;
  }

  /** Begins anew from a level that somebody else chose. */
  reset(): void {
    this.#step = 0;
    this.#looking = 0;
    this.#isResting = false;
  }

  /** @returns what is allowed next; `null` where the server holds so much more that the start-up should find it */
  next(round: HeldRound): number | null {
    this.#noteChange(round);
    const { proved, known, top, limit, level } = round;
    const hasRisen = this.#steady >= STEADY_ROUNDS && proved >= known + 1;
    this.#steady = proved === known ? this.#steady + 1 : 0;
    if (this.#isResting) {
      this.#isResting = false;
      return withMargin(proved);
    }
    // A limit that was not used says nothing about the server.
    const isFull = top >= limit - toleranceOf(top);
    if (isFull && this.#hasGrown(round)) return null;
    if (isFull && proved >= top - toleranceOf(top)) return this.#stepUp(round);
    if (this.#looking > 0) return --this.#looking > 0 ? level : withMargin(proved);
    if (!isFull) return level;
    if (this.#isDisputed(proved)) {
      this.#look(proved);
      return Math.max(limit + 1, Math.min(DISPUTE_BY_MAX * limit, 1.1 * this.#disputed + 1));
    }
    const every = proved < SMALL_BELOW ? LOOK_EVERY_SMALL : LOOK_EVERY;
    if ((hasRisen || ++this.#sinceLook >= every) && proved >= LOOK_FROM) {
      this.#look(proved);
      return Math.max(limit, withMargin(proved)) * LOOK_BY + (hasRisen ? 1 : 0);
    }
    this.#step = 0;
    this.#isResting = ++this.#sinceRest >= REST_EVERY && this.#steady >= REST_AFTER && proved < REST_BELOW;
    if (this.#isResting) this.#sinceRest = 0;
    return this.#isResting ? proved : withMargin(proved);
  }

  #noteChange({ changes, proved, known }: HeldRound): void {
    if (changes === this.#changes || proved >= FALL_SHARE * known) return;
    this.#changes = changes;
    this.#throughput.forget();
    this.#sinceDispute = 0;
  }

  #hasGrown({ proved, top, lifted, count }: HeldRound): boolean {
    if (proved < LIFT_NEAR * top - 0.5) return false;
    const isLifted = lifted >= Math.max(LIFT_REQUESTS, LIFT_SHARE * count);
    const isFound =
      this.#looking > 0 && proved >= this.#lookedFrom + Math.max(FOUND, FOUND_SHARE * this.#lookedFrom);
    return isLifted || isFound;
  }

  /** Nothing waited. One more, then two, four: what is above the capacity shows at once. */
  #stepUp({ limit, top, proved }: HeldRound): number {
    const doubled = Math.min(2 * this.#step, Math.max(1, 0.5 * limit));
    this.#step = this.#step > 0 ? doubled : Math.max(1, 0.02 * limit);
    return Math.max(top, Math.min(limit, withMargin(proved))) + this.#step;
  }

  #look(proved: number): void {
    this.#looking = LOOK_ROUNDS;
    this.#lookedFrom = proved;
    this.#sinceLook = 0;
  }

  /** Asked ever more rarely while the proofs do not follow. */
  #isDisputed(proved: number): boolean {
    if (++this.#sinceDispute < this.#disputeWait) return false;
    const open = this.#throughput.fit(OPEN_ERRORS);
    const isOpen = open?.upper === Number.POSITIVE_INFINITY;
    const lower = isOpen ? OPEN_BY * proved : (this.#throughput.fit(DISPUTE_ERRORS)?.lower ?? 0);
    if (lower < DISPUTE_SHARE * proved + 0.5) return false;
    const hasFollowed = proved >= FOLLOWED * this.#disputedAt;
    this.#disputeWait = hasFollowed ? DISPUTE_WAIT : Math.min(DISPUTE_WAIT_MAX, 2 * this.#disputeWait);
    this.#sinceDispute = 0;
    this.#disputedAt = proved;
    this.#disputed = lower;
    return true;
  }
}
