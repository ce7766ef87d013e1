// A server that answers sooner than our own event loop comes round stands idle between two turns, however many it
// holds. What would be a queue elsewhere is gone within a turn there: so more are kept in flight than it holds, yet
// none that would wait longer than anybody notices. Behind a queue nothing can be learnt of it, so from time to time,
// for a short spell, it gets no more than it holds, and is listened to:
//
//   in flight
//     32 │             ╭───────────────────╮     ╭──────
//        │           ╱       filled         │   ╱
//      4 │─────────╱                        └──╱
//        └─────────────────────────────────────────▶
//    ends:   128              4 096          128

/** It answers within so many ms, on average. */
const QUICK_MS = 1;
/** What is in flight beyond what it holds waits no longer than this, */
const WAIT_MS = 2;
/** and is no more than a turn can make use of. */
const FILLED_MAX = 32;
/** Ends of a spell. */
const LISTENED = 128;
const FILLED = 4096;
/** An answer that takes so long is no quick one: it is listened to again. */
const SLOW_MS = 20;

/** What was found by listening. */
export interface QuickServer {
  readonly limit: number;
  readonly capacity: number;
  readonly serviceMs: number;
}

export class Filling {
  #isFilled = false;
  #isOver = false;
  #left = LISTENED;
  #level = 0;
  #most = 0;
  #fromMs = 0;
  #perMs = 0;

  /** Whether what starts now fills it, and says nothing about what it holds. */
  get isFilled(): boolean {
    return this.#isFilled;
  }

  /** In flight while it is filled; 0 where there is nothing to fill. */
  get level(): number {
    return this.#level;
  }

  /** Served per ms in the last spell of being filled; 0 before there was one. */
  get perMs(): number {
    return this.#perMs;
  }

  /** One that was listened to has ended. `look` gives null where something else than time is scarce. */
  listened(nowMs: number, look: () => QuickServer | null): void {
    if (this.#isFilled || this.#isOver || --this.#left > 0) return;
    const found = look();
    this.#most = found ? filledLimit(found) : 0;
    this.#isFilled = this.#most > 0;
    this.#left = this.#isFilled ? FILLED : LISTENED;
    this.#fromMs = nowMs;
    this.#level = Math.min(this.#most, Math.max(this.#level, found?.limit ?? 0));
  }

  /** One that filled it was served, so one more may, until there are enough: it was never asked for so many before. */
  passed(nowMs: number, tookMs: number): void {
    if (!this.#isFilled) return;
    this.#level = Math.min(this.#most, this.#level + 1);
    if (--this.#left > 0 && tookMs <= SLOW_MS) return;
    if (nowMs > this.#fromMs) this.#perMs = (FILLED - this.#left) / (nowMs - this.#fromMs);
    this.#listen();
  }

  /** One that filled it was not: never again. */
  failed(): void {
    this.#isOver = true;
    this.#level = 0;
    this.#listen();
  }

  #listen(): void {
    this.#isFilled = false;
    this.#left = LISTENED;
  }
}

/** @returns how many keep a server busy between two turns; 0 where as many as it holds do */
function filledLimit({ limit, capacity, serviceMs }: QuickServer): number {
  if (!(serviceMs <= QUICK_MS)) return 0;
  const most = Math.min(FILLED_MAX, limit + Math.floor((WAIT_MS * capacity) / serviceMs));
  return most > limit ? most : 0;
}
