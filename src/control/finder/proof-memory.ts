// Which of the proofs still hold. A proof is a fact about the past, and servers lose workers, too. High proofs come by
// chance, at some rate; when none came for several times as long as one used to take, what they proved holds no longer.

/** Proofs that are remembered at most. */
const KEPT = 4096;
/** Without a proof for so many times the mean distance of two, it holds no longer: by chance, once in 50 times. */
const GAPS = 4;
const PATIENCE_MIN = 8;
/** Fewer than these prove by the best of them, not by the second best. */
const FEW = 8;

/** The last proofs, in order. Adding costs a store, `capacity` a walk over what is remembered. */
export class ProofMemory {
  readonly #proofs = new Int32Array(KEPT);
  #count = 0;
  #length = 0;
  #lengthMax = KEPT;
  #patience = PATIENCE_MIN;
  #changes = 0;
  // By proof: how many there are, and how many requests ago the last one was.
  #counts = new Int32Array(64);
  #ages = new Int32Array(64);

  add(proof: number): void {
    this.#proofs[this.#count++ % KEPT] = Math.max(0, proof);
    if (this.#length < this.#lengthMax) this.#length++;
  }

  /** Remembers no more than `requests`, and believes for at least `patience`: servers may answer in waves. */
  keep(requests: number, patience: number): void {
    this.#lengthMax = Math.max(16, Math.min(KEPT, Math.floor(requests)));
    this.#length = Math.min(this.#length, this.#lengthMax);
    this.#patience = Math.max(PATIENCE_MIN, patience);
  }

  forget(): void {
    this.#length = 0;
  }

  /** How often proofs turned out to hold no longer. */
  get changes(): number {
    return this.#changes;
  }

  /** The second highest that holds, since one alone may be an accident; the highest where there are few. At least 1. */
  capacity(): number {
    for (;;) {
      const top = this.#tally();
      const sinceChange = this.#sinceChange(top);
      if (sinceChange === this.#length) return Math.max(1, this.#second(top));
      this.#length = sinceChange;
      this.#changes++;
    }
  }

  /** @returns the highest */
  #tally(): number {
    let top = 0;
    this.#counts[0] = 0;
    for (let age = 0; age < this.#length; age++) {
      const proof = this.#proofs[(this.#count - 1 - age) % KEPT] as number;
      if (proof >= this.#counts.length) this.#widen(proof);
      while (top < proof) this.#counts[++top] = 0;
      if (this.#counts[proof] === 0) this.#ages[proof] = age;
      this.#counts[proof] = (this.#counts[proof] as number) + 1;
    }
    return top;
  }

  #widen(proof: number): void {
    const counts = new Int32Array(2 * proof);
    counts.set(this.#counts);
    this.#counts = counts;
    const ages = new Int32Array(2 * proof);
    ages.set(this.#ages);
    this.#ages = ages;
  }

  /** @returns of how many requests the last proofs hold; all of them, where nothing changed */
  #sinceChange(top: number): number {
    let count = 0;
    let age = this.#length;
    let since = this.#length;
    for (let proof = top; proof > 1; proof--) {
      if (this.#counts[proof] === 0) continue;
      // Of all those that prove so much or more.
      count += this.#counts[proof] as number;
      age = Math.min(age, this.#ages[proof] as number);
      const gap = (this.#length - age) / count;
      if (count >= 2 && age > Math.max(this.#patience, GAPS * gap)) since = age;
    }
    return since;
  }

  #second(top: number): number {
    if (this.#length < FEW) return top;
    let proof = top + 1;
    for (let count = 0; count < 2 && proof > 0; ) count += this.#counts[--proof] as number;
    return proof;
  }
}
