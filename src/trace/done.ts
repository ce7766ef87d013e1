// Which requests of a record are done, a bit each, and a sum over them by which it can be told that an input is the
// one the record was made from: so a run of millions goes on in a few hundred kilobytes. What is summed are the bytes
// that a request's line begins with (index, id, method, URL). Their CRC falls out of the line's checksum for nothing;
// it is mixed, because sums of bare CRCs are blind to two requests that change places in one case of ten thousand.

/** Requests in a block: so many are looked at before those of them that are not done are sent. */
export const BLOCK_REQUESTS = 4096;
const BITS = 32;

interface Block {
  readonly bits: Int32Array;
  count: number;
  /** Of 32-bit numbers, at most 4096 of them: exact. */
  sum: number;
}

export class DoneIndexes {
  readonly #blocks = new Map<number, Block>();
  #lastNumber = -1;
  #last: Block | undefined;
  #count = 0;
  #max = -1;

  get count(): number {
    return this.#count;
  }

  /** The largest; -1 when there is none. */
  get max(): number {
    return this.#max;
  }

  has(index: number): boolean {
    const bits = this.#block(Math.floor(index / BLOCK_REQUESTS))?.bits;
    const at = index % BLOCK_REQUESTS;
    return bits !== undefined && ((bits[at >>> 5] as number) & (1 << (at % BITS))) !== 0;
  }

  /** @param headSum CRC-32 of the bytes that its line begins with. @returns false when it was done already */
  add(index: number, headSum: number): boolean {
    const number = Math.floor(index / BLOCK_REQUESTS);
    let block = this.#block(number);
    if (!block) {
      block = { bits: new Int32Array(BLOCK_REQUESTS / BITS), count: 0, sum: 0 };
      this.#blocks.set(number, block);
      this.#last = block;
    }
    const at = index % BLOCK_REQUESTS;
    const word = block.bits[at >>> 5] as number;
    const bit = 1 << (at % BITS);
    if ((word & bit) !== 0) return false;
    block.bits[at >>> 5] = word | bit;
    block.count++;
    block.sum += mixed(headSum);
    this.#count++;
    if (index > this.#max) this.#max = index;
    return true;
  }

  /** How many of a block are done. */
  countIn(block: number): number {
    return this.#blocks.get(block)?.count ?? 0;
  }

  /** The sum of `mixed` over the done ones of a block. */
  sumOf(block: number): number {
    return this.#blocks.get(block)?.sum ?? 0;
  }

  #block(number: number): Block | undefined {
    if (number === this.#lastNumber) return this.#last;
    this.#lastNumber = number;
    this.#last = this.#blocks.get(number);
    return this.#last;
  }
}

/** Every bit of a CRC moves half of the bits here (the finaliser of MurmurHash3, A. Appleby). From 0 to 2³² − 1. */
export function mixed(sum: number): number {
  let hash = sum ^ (sum >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
