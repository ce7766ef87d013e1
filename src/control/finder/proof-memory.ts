// Which of the proofs still hold. A proof is a fact about the past: servers lose workers, too. High proofs come at some
// rate, by chance; when none came for several times as long as one used to take, what they proved holds no longer.
import { TUNING } from './tuning.ts';

const KEPT = 4096;

/** The last proofs, in order. Adding costs a store, `capacity` a walk over what is remembered. */
export class ProofMemory {
  readonly #proofs = new Int32Array(KEPT);
  #count = 0;
  #length = 0;
  #changes = 0;
  #limit = KEPT;
  #patience = TUNING.staleRequests;
  // By proof: how many, and how many requests ago the last was.
  #counts = new Int32Array(64);
  #ages = new Int32Array(64);

  add(proof: number): void {
    this.#proofs[this.#count++ % KEPT] = Math.max(0, proof);
    if (this.#length < this.#limit) this.#length++;
  }

  /** Remembers no more than `requests`. */
  keep(requests: number, atLeast: number): void {
    this.#limit = Math.max(16, Math.min(KEPT, requests));
    this.#patience = Math.max(TUNING.staleRequests, atLeast);
    this.#length = Math.min(this.#length, this.#limit);
  }

  forget(): void {
    this.#length = 0;
  }

  /** How often what was proved turned out to hold no longer. */
  get changes(): number {
    return this.#changes;
  }

  /** The second highest that holds: one alone may be an accident. The highest, where there are few. At least 1. */
  capacity(): number {
    for (;;) {
      const top = this.#tally();
      const age = this.#stale(top);
      if (age < 0) return Math.max(1, this.#second(top));
      this.#length = age;
      this.#changes++;
    }
  }

  #tally(): number {
    let top = 0;
    this.#counts[0] = 0;
    for (let age = 0; age < this.#length; age++) {
      const proof = this.#proofs[(this.#count - 1 - age + KEPT) % KEPT] as number;
      if (proof >= this.#counts.length) this.#widen(proof);
      while (top < proof) {
        top++;
        this.#counts[top] = 0;
      }
      if (this.#counts[proof] === 0) this.#ages[proof] = age;
      this.#counts[proof] = (this.#counts[proof] as number) + 1;
    }
    return top;
  }

  #widen(proof: number): void {
    const counts = new Int32Array(2 * proof + 2);
    counts.set(this.#counts);
    this.#counts = counts;
    const ages = new Int32Array(2 * proof + 2);
    ages.set(this.#ages);
    this.#ages = ages;
  }

  /** @returns how many requests ago the regime changed; -1 for not at all */
  #stale(top: number): number {
    let count = 0;
    let age = this.#length;
    let found = -1;
    for (let proof = top; proof > 1; proof--) {
      const here = this.#counts[proof] as number;
      if (here === 0) continue;
      count += here;
      age = Math.min(age, this.#ages[proof] as number);
      const gap = (this.#length - age) / count;
      if (count >= 2 && age > Math.max(this.#patience, TUNING.staleGaps * gap)) found = age;
    }
    return found;
  }

  #second(top: number): number {
    if (this.#length < 8) return top;
    let count = 0;
    for (let proof = top; proof > 0; proof--) {
      count += this.#counts[proof] as number;
      if (count >= 2) return proof;
    }
    return 0;
  }
}
