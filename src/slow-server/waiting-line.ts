// First come, first served, with a way out: whoever gives up leaves from anywhere in the line at once.
// A doubly linked ring around one fixed knot, so that joining, leaving and being called are all O(1).

export interface Place<T> {
  readonly value: T;
  /** Null once it has left the line. */
  previous: Place<T> | null;
  next: Place<T> | null;
}

export class WaitingLine<T> {
  readonly #knot: Place<T | undefined>;
  #length = 0;

  constructor() {
    const knot: Place<T | undefined> = { value: undefined, previous: null, next: null };
    knot.previous = knot;
    knot.next = knot;
    this.#knot = knot;
  }

  get length(): number {
    return this.#length;
  }

  /** Joins at the end. */
  join(value: T): Place<T> {
    const last = this.#knot.previous as Place<T>;
    const place: Place<T> = { value, previous: last, next: this.#knot as Place<T> };
    last.next = place;
    this.#knot.previous = place;
    this.#length++;
    return place;
  }

  /** Leaves from wherever it stands; harmless when it has left before. */
  leave(place: Place<T>): void {
    if (!place.previous || !place.next) return;
    place.previous.next = place.next;
    place.next.previous = place.previous;
    place.previous = null;
    place.next = null;
    this.#length--;
  }

  /** Calls the one who has waited longest. */
  call(): T | undefined {
    if (this.#length === 0) return undefined;
    const first = this.#knot.next as Place<T>;
    this.leave(first);
    return first.value;
  }
}
