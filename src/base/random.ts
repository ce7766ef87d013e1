// Chance as a parameter: one seed per run, split by purpose, so that a new draw in one place
// does not move the draws of another.

export interface Random {
  /** The next number, from 0 up to but not including 1. */
  next(): number;
  /** An independent generator for one purpose; the same seed and name give the same numbers. */
  split(purpose: string): Random;
  /** An independent generator for one of many alike, by its number from 0: an arrival, an exchange. Cheap. */
  nth(index: number): Random;
}

/** FNV-1a over the name's UTF-16 units, to give each purpose its own stream. */
function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Spreads neighbouring seeds apart (the finaliser of MurmurHash3). */
function mix(bits: number): number {
  let h = bits >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Draws let go before the first one counts: lets the seed reach every bit of the state. */
const WARM_UP_DRAWS = 12;
/** Enough where the whole state comes out of `mix`. */
const WARM_UP_DRAWS_MIXED = 3;

/**
 * The small fast counting generator sfc32 (C. Doty-Humphrey, PractRand): 128 bits of state,
 * period at least 2^32, and no multiplication, so the same on every machine.
 */
class Sfc32 implements Random {
  readonly #seed: number;
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number, a: number, b: number, warmUpDraws: number) {
    this.#seed = seed;
    this.#a = a | 0;
    this.#b = b | 0;
    this.#c = mix(a ^ 0x243f6a88) | 0;
    for (let draw = 0; draw < warmUpDraws; draw++) this.next();
  }

  next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 0x1_0000_0000;
  }

  split(purpose: string): Random {
    const hash = hashName(purpose);
    return seededRandom(mix(this.#seed ^ hash) + hash * 0x10_0000);
  }

  nth(index: number): Random {
    const a = mix(index ^ mix(this.#seed));
    const b = mix(a ^ Math.floor(index / 0x1_0000_0000) ^ Math.floor(this.#seed / 0x1_0000_0000));
    return new Sfc32(a * 0x10_0000 + (b >>> 12), a, b, WARM_UP_DRAWS_MIXED);
  }
}

/** @param seed a whole number from 0 to 2^53 − 1 */
export function seededRandom(seed: number): Random {
  return new Sfc32(seed, mix(seed), mix(Math.floor(seed / 0x1_0000_0000) ^ 0x9e3779b9), WARM_UP_DRAWS);
}
