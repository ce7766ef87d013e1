// How many the server holds at once, beyond what is proved. The overtaking proof goes by the shortest time that was
// seen: where times vary much, that is either too long, as nobody ever was alone (one worker passes for two), or so
// short that all others had time to leave (32 pass for 26, then 20). What the server did with its line tells it better
// (inferred-times.ts), but later: so proofs lead, and are kept within what is likely.
import type { InferredTimes } from './inferred-times.ts';
import type { Throughput } from './throughput.ts';

/** What is likely is told by so many of the last rounds, and the fewer have the last word. */
const ROUNDS = 8;
const ROUNDS_FEW = 2.5;
/** Fewer requests tell nothing. */
const ENOUGH = 16;
/** Numbers are likely that are less likely than the likeliest by no more than e to this power. */
const NATS = 3.5;
/** It is told anew after so many requests and rounds: while it stays as it is, and while it moves; */
const EVERY = 12;
const EVERY_ROUNDS = { still: 4, moving: 1 };
/** and after so few requests where proofs are below such a share of what is known, or higher than likely. */
const SOON = 5;
const FALL_SHARE = 0.75;
/** Numbers from such a part of what is known on are tried, in steps of such a share. */
const TRY_FROM = 0.7;
const TRY_SHARE = 0.06;
/** What throughput rules out, by so many standard errors. */
const ERRORS = 2.5;

interface Range {
  readonly least: number;
  readonly most: number;
}

const ANY: Range = { least: 1, most: Number.POSITIVE_INFINITY };

export interface HeldRound {
  /** What was held so far, and what is proved now. */
  readonly known: number;
  readonly proved: number;
  /** What was allowed. */
  readonly limit: number;
  readonly shortestMs: number;
}

export class Held {
  readonly #inferred: InferredTimes;
  readonly #throughput: Throughput;
  #likely = ANY;
  /** When that was told: requests until then, and what was proved. */
  #toldAt = 0;
  #provedThen = 0;
  #everyRounds = EVERY_ROUNDS.moving;
  /** More in flight was seen to buy more up to here: the way there and back may take what workers do not. */
  #least = 0;

  constructor(inferred: InferredTimes, throughput: Throughput) {
    this.#inferred = inferred;
    this.#throughput = throughput;
  }

  /**
   * Asked once a round.
   * @returns what is held now: the most that is known or proved, as far as it is likely
   */
  kept(round: HeldRound): number {
    const { known, proved, limit } = round;
    const fit = this.#throughput.fit(ERRORS);
    const hasFallen = proved < FALL_SHARE * known;
    this.#least = Math.max(hasFallen ? 0 : this.#least, fit?.lower ?? 0);
    if (this.#inferred.length < ENOUGH) return proved;
    const isNews = hasFallen || (proved > this.#likely.most && proved > this.#provedThen);
    const every = isNews ? SOON : Math.max(EVERY, this.#everyRounds * limit);
    if (this.#inferred.count - this.#toldAt >= every) this.#tell(round);
    const likely = within(this.#likely, Math.max(known, proved));
    this.#everyRounds = likely === known ? EVERY_ROUNDS.still : EVERY_ROUNDS.moving;
    const most = Math.max(proved, fit?.upper ?? likely);
    return Math.max(Math.min(likely, most), Math.min(proved, this.#least));
  }

  #tell(round: HeldRound): void {
    this.#toldAt = this.#inferred.count;
    this.#provedThen = round.proved;
    const long = this.#rangeOf(round, ROUNDS * round.limit);
    const few = this.#rangeOf(round, ROUNDS_FEW * round.limit);
    this.#likely = { least: within(few, long.least), most: within(few, long.most) };
  }

  /** What is likely by so many of the last requests. */
  #rangeOf({ known, proved, limit, shortestMs }: HeldRound, last: number): Range {
    const count = Math.max(ENOUGH, last);
    const high = Math.max(limit, proved);
    const tried: { readonly workers: number; readonly spread: number }[] = [];
    let workers = Math.max(1, Math.floor(TRY_FROM * Math.min(known, proved)));
    while (workers <= high) {
      tried.push({ workers, spread: this.#inferred.spread(workers, count, shortestMs) });
      workers += Math.max(1, Math.round(TRY_SHARE * workers));
    }
    const best = Math.min(...tried.map(({ spread }) => spread));
    const isLikely = ({ spread }: { readonly spread: number }): boolean => spread <= best + NATS;
    const least = tried.find(isLikely);
    const most = tried.findLast(isLikely);
    // As likely as the highest that was tried: then nobody waits, and there may be more.
    const isOpen = most === tried.at(-1);
    return { least: least?.workers ?? ANY.least, most: isOpen ? ANY.most : (most?.workers ?? ANY.most) };
  }
}

function within({ least, most }: Range, value: number): number {
  return Math.min(most, Math.max(least, value));
}
