// A binary heap: the item with the smallest key first, in O(log n), and among equal keys the one that came first.
// For timers, retries and free lanes.
//
// Keys and arrivals lie in arrays of plain numbers beside the items, so that a comparison calls nothing and
// follows no pointer: the simulator's clock spends most of its time here.

const SMALLEST = 16;

export class Heap<T> {
  #keys = new Float64Array(SMALLEST);
  /** When each came, as a count: the order of equal keys. */
  #arrivals = new Float64Array(SMALLEST);
  readonly #items: T[] = [];
  #arrived = 0;

  get size(): number {
    return this.#items.length;
  }

  peek(): T | undefined {
    return this.#items[0];
  }

  /** The smallest key; Infinity when there is nothing. */
  peekKey(): number {
    return this.#items.length === 0 ? Number.POSITIVE_INFINITY : (this.#keys[0] as number);
  }

  /** @param key any number but NaN */
  push(key: number, item: T): void {
    let place = this.#items.length;
    if (place === this.#keys.length) this.#grow();
    const keys = this.#keys;
    const arrivals = this.#arrivals;
    const items = this.#items;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = keys[parent] as number;
      if (key >= above) break; // of equal keys the newcomer is the later one
      keys[place] = above;
      arrivals[place] = arrivals[parent] as number;
      items[place] = items[parent] as T;
      place = parent;
    }
    keys[place] = key;
    arrivals[place] = this.#arrived++;
    items[place] = item;
  }

  pop(): T | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (items.length > 0) this.#sink(last as T);
    return top;
  }

  /** Lets the last item, taken from its place, sink from the top to where it belongs. */
  #sink(item: T): void {
    const keys = this.#keys;
    const arrivals = this.#arrivals;
    const items = this.#items;
    const size = items.length;
    const key = keys[size] as number;
    const arrival = arrivals[size] as number;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= size) break;
      let childKey = keys[child] as number;
      if (child + 1 < size) {
        const otherKey = keys[child + 1] as number;
        if (
          otherKey < childKey ||
          (otherKey === childKey && (arrivals[child + 1] as number) < (arrivals[child] as number))
        ) {
          child++;
          childKey = otherKey;
        }
      }
      if (childKey > key || (childKey === key && (arrivals[child] as number) > arrival)) break;
      keys[place] = childKey;
      arrivals[place] = arrivals[child] as number;
      items[place] = items[child] as T;
      place = child;
    }
    keys[place] = key;
    arrivals[place] = arrival;
    items[place] = item;
  }

  #grow(): void {
    const keys = new Float64Array(2 * this.#keys.length);
    const arrivals = new Float64Array(keys.length);
    keys.set(this.#keys);
    arrivals.set(this.#arrivals);
    this.#keys = keys;
    this.#arrivals = arrivals;
  }
}
