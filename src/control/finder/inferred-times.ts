// How many workers a server has, from what it did with its line. A request that is sent as the f-th in flight to W
// workers begins when f − W of those ahead of it have left; so for each W that one supposes, it follows from what was
// seen for how long a worker was at it:
//
//   the fourth is sent    one leaves   another      a third       the fourth ends
//   ──────●───────────────────▼────────────▼───────────▼─────────────●──▶ time
//                             ├──────────── suppose W = 3 ───────────┤
//                                          ├───────── W = 2 ─────────┤
//                                                      ├─── W = 1 ───┤
//
// Under the true number these are the times that requests take. One more, and each holds a piece of its wait, too;
// one less, and a piece is cut off it. The pieces have nothing to do with the request, so the times spread more, either
// way: the number under which they spread least is the likeliest. No law of the times is supposed, nobody needs to have
// been alone at the server, and it does not drift with the number of requests, as the shortest time does. How much
// times spread is their entropy, told by the distances between sorted ones (O. Vasicek, A Test for Normality Based on
// Sample Entropy, 1976), in nats and for all of them: with one less, a number is e times as likely.
import type { Departures } from './departures.ts';

/** Requests that are remembered at most, and at first: a run may have thousands of hosts. */
const KEPT_MAX = 2048;
const KEPT_AT_FIRST = 64;
/** Times that differ by less than such a share of the shortest are the same. */
const SAME_SHARE = 0.005;
/** Numbers for each request. */
const FIELDS = 5;
/** Times are sorted here, of whichever server: nothing stays. */
const ROOM = new Float64Array(KEPT_MAX);

export interface Served {
  /** As the how-manyth in flight it was sent. */
  readonly level: number;
  /** The numbers of the first departure after it was sent, and of its own. */
  readonly first: number;
  readonly own: number;
  readonly endMs: number;
  readonly tookMs: number;
}

/** A ring of what was served. */
export class InferredTimes {
  readonly #departures: Departures;
  #rows = new Float64Array(FIELDS * KEPT_AT_FIRST);
  #kept = KEPT_AT_FIRST;
  #count = 0;
  /** What was before that one is forgotten. */
  #from = 0;

  constructor(departures: Departures) {
    this.#departures = departures;
  }

  /** Of how many requests anything is known. */
  get length(): number {
    return Math.min(this.#kept, this.#count - this.#from);
  }

  /** How many there were in all. */
  get count(): number {
    return this.#count;
  }

  note({ level, first, own, endMs, tookMs }: Served): void {
    if (this.#count === this.#kept && this.#kept < KEPT_MAX) this.#grow();
    const at = FIELDS * (this.#count++ % this.#kept);
    this.#rows[at] = level;
    this.#rows[at + 1] = first;
    this.#rows[at + 2] = own;
    this.#rows[at + 3] = endMs;
    this.#rows[at + 4] = tookMs;
  }

  /** Before it goes round for the first time, each stands at its own number: so it does in a larger ring. */
  #grow(): void {
    this.#kept *= 2;
    const grown = new Float64Array(FIELDS * this.#kept);
    grown.set(this.#rows);
    this.#rows = grown;
  }

  forget(): void {
    this.#from = this.#count;
  }

  /**
   * @param last of so many requests
   * @returns how much the times spread that each had one of so many `workers`, in nats: compare it with that of others
   */
  spread(workers: number, last: number, shortestMs: number): number {
    const times = ROOM.subarray(0, Math.min(this.length, Math.ceil(last)));
    const from = this.#count - times.length;
    for (let i = 0; i < times.length; i++) times[i] = this.#timeMs(from + i, workers);
    return spreadOf(times.sort(), SAME_SHARE * shortestMs);
  }

  #timeMs(number: number, workers: number): number {
    const rows = this.#rows;
    const at = FIELDS * (number % this.#kept);
    const ahead = (rows[at] as number) - workers;
    const tookMs = rows[at + 4] as number;
    if (ahead <= 0) return tookMs;
    // It does not make room for itself: where it overtook more than that, it would have begun after its end.
    const last = (rows[at + 1] as number) + ahead - 1;
    const departure = last < (rows[at + 2] as number) ? last : last + 1;
    const begunMs = this.#departures.at(Math.min(departure, this.#departures.count - 1));
    return Math.min(tookMs, (rows[at + 3] as number) - begunMs);
  }
}

function spreadOf(sorted: Float64Array, sameMs: number): number {
  const end = sorted.length - 1;
  const reach = Math.max(1, Math.floor(Math.sqrt(sorted.length)));
  let sum = 0;
  for (let i = 0; i <= end; i++) {
    const low = Math.max(0, i - reach);
    const high = Math.min(end, i + reach);
    sum += Math.log(((sorted[high] as number) - (sorted[low] as number) + sameMs) / (high - low));
  }
  return sum;
}
