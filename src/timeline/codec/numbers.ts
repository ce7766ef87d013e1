// Columns of whole numbers: one that grows while a record is read, and the smallest array that holds what came.

/** The smallest of these that holds a column. Doubles hold whole numbers up to 2^53: ten days are 2^40 µs. */
export type Numbers = Uint8Array | Uint16Array | Uint32Array | Float64Array;

const UINT32_MAX = 0xffff_ffff;

/** 32 bits a value while they are enough, doubles from the first value that does not fit. */
export class GrowingColumn {
  #values: Uint32Array | Float64Array = new Uint32Array(256);
  #isWide = false;
  #length = 0;

  add(value: number): void {
    if (!this.#isWide && !(value >= 0 && value <= UINT32_MAX)) {
      this.#isWide = true;
      this.#values = Float64Array.from(this.#values);
    }
    if (this.#length === this.#values.length) this.#grow();
    this.#values[this.#length++] = value;
  }

  /** What came so far, without a copy; the next `add` may move it. */
  get values(): Uint32Array | Float64Array {
    return this.#values.subarray(0, this.#length);
  }

  #grow(): void {
    const length = Math.ceil(this.#length * 1.5);
    const grown = this.#isWide ? new Float64Array(length) : new Uint32Array(length);
    grown.set(this.#values);
    this.#values = grown;
  }
}

/** An array of zeros for values from `least` to `most`. */
export function numbersFor(length: number, least: number, most: number): Numbers {
  if (least < 0 || most > UINT32_MAX) return new Float64Array(length);
  if (most > 0xffff) return new Uint32Array(length);
  return most > 0xff ? new Uint16Array(length) : new Uint8Array(length);
}

/** The values at these places, in this order. */
export function pickedNumbers(values: ArrayLike<number>, places: Uint32Array): Numbers {
  let least = 0;
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const picked = numbersFor(places.length, least, most);
  for (let i = 0; i < places.length; i++) picked[i] = values[places[i] as number] as number;
  return picked;
}

/** The same in an array of their own kind, without a look at every value. */
export function pickedOfKind(values: Numbers, places: Uint32Array): Numbers {
  const picked = sameKind(values, places.length);
  for (let i = 0; i < places.length; i++) picked[i] = values[places[i] as number] as number;
  return picked;
}

function sameKind(values: Numbers, length: number): Numbers {
  if (values instanceof Uint8Array) return new Uint8Array(length);
  if (values instanceof Uint16Array) return new Uint16Array(length);
  return values instanceof Uint32Array ? new Uint32Array(length) : new Float64Array(length);
}
