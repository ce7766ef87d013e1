// Percentiles of a million spans in constant memory. The first spans are kept as they are, so that a run of
// nine has exact figures; beyond them buckets take over, 64 to each doubling, like HdrHistogram's (G. Tene).
// A bucket's number is read straight from the exponent and leading fraction bits of the double.
import type { Percentiles } from '../model/record.ts';
import { roundMs } from './instants.ts';

/** So many spans are kept exactly before buckets are used alone. */
export const EXACT_SPANS = 512;

const FRACTION_BITS = 6;
const PER_OCTAVE = 1 << FRACTION_BITS;
/** Spans below 2^-10 ms (about 1 µs, the record's resolution) share the first bucket. */
const LOWEST_EXPONENT = -10;
/** Spans from 2^40 ms (35 years) on share the last bucket. */
const HIGHEST_EXPONENT = 40;
const BUCKETS = (HIGHEST_EXPONENT - LOWEST_EXPONENT) * PER_OCTAVE + 2;
const BIAS = 1023;

/** Spans in ms; a percentile is at most 0.8 % off, the largest is exact. */
export class Histogram {
  readonly #counts = new Float64Array(BUCKETS);
  readonly #exact = new Float64Array(EXACT_SPANS);
  readonly #double = new Float64Array(1);
  readonly #words = new Uint32Array(this.#double.buffer);
  readonly #highWord = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;
  #count = 0;
  #maxMs = 0;

  get count(): number {
    return this.#count;
  }

  /** Constant time, no allocation. A negative span counts as 0. */
  add(spanMs: number): void {
    const ms = Math.max(spanMs, 0);
    if (this.#count < EXACT_SPANS) this.#exact[this.#count] = ms;
    this.#count++;
    if (ms > this.#maxMs) this.#maxMs = ms;
    const bucket = this.#bucketOf(ms);
    this.#counts[bucket] = (this.#counts[bucket] as number) + 1;
  }

  /** The smallest span that at least `share` (0 to 1) of all spans do not exceed; 0 when there is none. */
  percentile(share: number): number {
    const rank = Math.min(this.#count, Math.max(1, Math.ceil(share * this.#count)));
    if (this.#count === 0) return 0;
    if (rank === this.#count) return this.#maxMs;
    if (this.#count <= EXACT_SPANS) return this.#exact.slice(0, this.#count).sort()[rank - 1] as number;
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      seen += this.#counts[bucket] as number;
      if (seen >= rank) return Math.min(middleOf(bucket), this.#maxMs);
    }
    return this.#maxMs;
  }

  /** Rounded to microseconds, ready for the record; undefined when nothing was measured. */
  percentiles(): Percentiles | undefined {
    if (this.#count === 0) return undefined;
    return {
      p50: roundMs(this.percentile(0.5)),
      p95: roundMs(this.percentile(0.95)),
      p99: roundMs(this.percentile(0.99)),
      max: roundMs(this.#maxMs),
    };
  }

  #bucketOf(ms: number): number {
    this.#double[0] = ms;
    const top = (this.#words[this.#highWord] as number) >>> (20 - FRACTION_BITS);
    const bucket = top - ((LOWEST_EXPONENT + BIAS) << FRACTION_BITS) + 1;
    return bucket < 0 ? 0 : bucket >= BUCKETS ? BUCKETS - 1 : bucket;
  }
}

function middleOf(bucket: number): number {
  if (bucket === 0) return 0;
  const exponent = Math.floor((bucket - 1) / PER_OCTAVE) + LOWEST_EXPONENT;
  const step = (bucket - 1) % PER_OCTAVE;
  return 2 ** exponent * (1 + (step + 0.5) / PER_OCTAVE);
}
