// How many intervals lie over one another at most, in bounded memory. Intervals are told roughly in the order
// of their ends, so the past can be settled: whenever 32 768 of them are held, those that end in the earlier half
// are swept and forgotten. An interval that is told later than that, and began before the swept past ended,
// counts from there on: the answer is then a least, and says so. A run of up to 32 768 attempts is always exact,
// and a longer one as long as no attempt is told more than 16 384 others late.

const HELD_MAX = 32_768;

export class OverlapMax {
  #froms = new Float64Array(64);
  #tos = new Float64Array(64);
  #fromCount = 0;
  #toCount = 0;
  /** So many at the front are in order already. */
  #sortedFroms = 0;
  #sortedTos = 0;
  /** Intervals over the end of the swept past. */
  #open = 0;
  #max = 0;
  /** Everything before this instant is settled. */
  #sweptMs = Number.NEGATIVE_INFINITY;
  #isExact = true;

  /** False once something was told too late to be counted whole: then `max` is a least. */
  get isExact(): boolean {
    return this.#isExact;
  }

  /** An interval without length lies over nothing. The end belongs to the next one: 0–1 and 1–2 do not overlap. */
  add(fromMs: number, toMs: number): void {
    if (!(toMs > fromMs)) return;
    if (fromMs < this.#sweptMs) this.#isExact = false;
    if (toMs <= this.#sweptMs) return;
    if (this.#fromCount === HELD_MAX || this.#toCount === HELD_MAX) this.#forgetEarlierHalf();
    if (this.#toCount === this.#tos.length || this.#fromCount === this.#froms.length) this.#grow();
    this.#froms[this.#fromCount++] = fromMs;
    this.#tos[this.#toCount++] = toMs;
  }

  max(): number {
    this.#sort();
    return this.#sweep(Number.POSITIVE_INFINITY).max;
  }

  #sort(): void {
    mergeTail(this.#froms, this.#sortedFroms, this.#fromCount);
    mergeTail(this.#tos, this.#sortedTos, this.#toCount);
    this.#sortedFroms = this.#fromCount;
    this.#sortedTos = this.#toCount;
  }

  /** Walks both sorted lists up to and including `untilMs`. */
  #sweep(untilMs: number): { froms: number; tos: number; open: number; max: number } {
    let froms = 0;
    let tos = 0;
    let open = this.#open;
    let max = this.#max;
    for (;;) {
      const from = froms < this.#fromCount ? (this.#froms[froms] as number) : Number.POSITIVE_INFINITY;
      const to = tos < this.#toCount ? (this.#tos[tos] as number) : Number.POSITIVE_INFINITY;
      if (to <= from) {
        if (to > untilMs || to === Number.POSITIVE_INFINITY) break;
        tos++;
        open--;
      } else {
        if (from > untilMs) break;
        froms++;
        open++;
        if (open > max) max = open;
      }
    }
    return { froms, tos, open, max };
  }

  #forgetEarlierHalf(): void {
    this.#sort();
    const untilMs = this.#tos[this.#toCount >> 1] as number;
    const { froms, tos, open, max } = this.#sweep(untilMs);
    this.#froms.copyWithin(0, froms, this.#fromCount);
    this.#tos.copyWithin(0, tos, this.#toCount);
    this.#fromCount -= froms;
    this.#toCount -= tos;
    this.#sortedFroms = this.#fromCount;
    this.#sortedTos = this.#toCount;
    this.#open = open;
    this.#max = max;
    this.#sweptMs = untilMs;
  }

  #grow(): void {
    this.#froms = enlarged(this.#froms);
    this.#tos = enlarged(this.#tos);
  }
}

function enlarged(old: Float64Array): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(Math.min(HELD_MAX, old.length * 2));
  grown.set(old);
  return grown;
}

/** Sorts what came since the last time and merges it in; most of it already lies behind the sorted part. */
function mergeTail(values: Float64Array, sorted: number, count: number): void {
  const fresh = values.slice(sorted, count).sort();
  let from = sorted - 1;
  let next = fresh.length - 1;
  for (let place = count - 1; next >= 0; place--) {
    const last = fresh[next] as number;
    if (from >= 0 && (values[from] as number) > last) values[place] = values[from--] as number;
    else {
      values[place] = last;
      next--;
    }
  }
}
