// The last starts, and which of them were refused for coming too often: what a server's meter is told from.

/** Starts that are remembered: as many as tell a rate to about a part in three hundred. */
const KEPT = 384;
/** What of a refusal's time on the wire may have been the way there, on which others passed it. */
const LATE_SHARE = 0.1;

/** Starts in the order in which the server has probably seen them. */
export interface SeenStarts {
  readonly atMs: readonly number[];
  readonly isRefused: readonly boolean[];
  /** The first of them is the first of all: nothing was taken before it. */
  readonly isFromTheStart: boolean;
}

export class StartLog {
  // Rings: the place of a start is its number modulo their length.
  readonly #atMs: number[] = [];
  readonly #isRefused: boolean[] = [];
  #count = 0;
  #lateMs = 0;

  /** How many have started: the number of the last one. */
  get count(): number {
    return this.#count;
  }

  /** @returns its number, from 1 */
  started(nowMs: number): number {
    const place = this.#count++ % KEPT;
    this.#atMs[place] = nowMs;
    this.#isRefused[place] = false;
    return this.#count;
  }

  refused(number: number, tookMs: number): void {
    this.#lateMs = LATE_SHARE * tookMs;
    if (number > this.#count - KEPT) this.#isRefused[(number - 1) % KEPT] = true;
  }

  /** Up to a number: of those after a refusal nobody knows yet whether they were refused, too. */
  seen(last: number): SeenStarts {
    const first = Math.max(0, this.#count - KEPT);
    const atMs: number[] = [];
    const isRefused: boolean[] = [];
    const late: number[] = [];
    let next = 0;
    // A refused one comes after those that may have passed it on the way: they took its place.
    const putLate = (untilMs: number): void => {
      for (; next < late.length && (late[next] as number) + this.#lateMs < untilMs; next++) {
        atMs.push(late[next] as number);
        isRefused.push(true);
      }
    };
    for (let place = first; place < last; place++) {
      const startMs = this.#atMs[place % KEPT] as number;
      if (this.#isRefused[place % KEPT]) late.push(startMs);
      else {
        putLate(startMs);
        atMs.push(startMs);
        isRefused.push(false);
      }
    }
    putLate(Number.POSITIVE_INFINITY);
    return { atMs, isRefused, isFromTheStart: first === 0 };
  }
}
