// Chance as a parameter: one seed per run, split by purpose, so that a new draw in one place
// does not move the draws of another.

export interface Random {
  /** The next number, from 0 up to but not including 1. */
  next(): number;
  /** An independent generator for one purpose; the same seed and name give the same numbers. */
  split(purpose: string): Random;
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

/**
 * The small fast counting generator sfc32 (C. Doty-Humphrey, PractRand): 128 bits of state,
 * period at least 2^32, and no multiplication, so the same on every machine.
 */
export function seededRandom(seed: number): Random {
  let a = mix(seed);
  let b = mix(Math.floor(seed / 0x1_0000_0000) ^ 0x9e3779b9);
  let c = mix(a ^ 0x243f6a88);
  let counter = 1;
  const draw = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return (sum >>> 0) / 0x1_0000_0000;
  };
  for (let i = 0; i < 12; i++) draw(); // lets the seed reach every bit of the state
  return {
    next: draw,
    split(purpose) {
      const hash = hashName(purpose);
      return seededRandom(mix(seed ^ hash) + hash * 0x10_0000);
    },
  };
}
