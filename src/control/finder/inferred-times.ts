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

/** Requests that are remembered at most. */
const KEPT = 1024;
/** Times that differ by less than such a share of the shortest are the same. */
const SAME_SHARE = 0.005;

/** Times are sorted here, of whichever server: nothing stays. */
const ROOM = new Float64Array(2 * KEPT);

interface Served {
  /** As the how-manyth in flight it was sent. */
  readonly level: number;
  /** The numbers of the first departure after it was sent, and of its own. */
  readonly first: number;
  readonly own: number;
  readonly endMs: number;
  readonly tookMs: number;
}

export class InferredTimes {
  readonly #departures: Departures;
  #served: Served[] = [];
  #count = 0;

  constructor(departures: Departures) {
    this.#departures = departures;
  }

  /** Of how many requests anything is known. */
  get length(): number {
    return this.#served.length;
  }

  /** How many there were in all. */
  get count(): number {
    return this.#count;
  }

  note(served: Served): void {
    this.#count++;
    if (this.#served.push(served) >= 2 * KEPT) this.#served = this.#served.slice(-KEPT);
  }

  forget(): void {
    this.#served = [];
  }

  /**
   * @param last of so many requests
   * @returns how much the times spread that each had one of so many `workers`, in nats: compare it with that of others
   */
  spread(workers: number, last: number, shortestMs: number): number {
    const served = this.#served;
    const from = Math.max(0, served.length - Math.ceil(last));
    const times = ROOM.subarray(0, served.length - from);
    for (let i = 0; i < times.length; i++) times[i] = this.#timeMs(served[from + i] as Served, workers);
    return spreadOf(times.sort(), SAME_SHARE * shortestMs);
  }

  #timeMs({ level, first, own, endMs, tookMs }: Served, workers: number): number {
    const ahead = level - workers;
    if (ahead <= 0) return tookMs;
    // It does not make room for itself: where it overtook more than that, it would have begun after its end.
    const last = first + ahead - 1;
    const number = Math.min(last < own ? last : last + 1, this.#departures.count - 1);
    return Math.min(tookMs, endMs - this.#departures.at(number));
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
