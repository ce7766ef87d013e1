// The ids of a run's trace and spans: drawn from its seed, so that the same record gives the same file, and a request
// has the same id however much of the record there is.
import { type Random, seededRandom } from '../../base/random.ts';

export interface RequestIds {
  /** 16 hexadecimal digits, never all of them 0. */
  readonly request: string;
  nextAttempt(): string;
}

export class SpanIds {
  readonly #requests: Random;
  /** 32 hexadecimal digits, never all of them 0. */
  readonly traceId: string;
  readonly runSpanId: string;

  /** @param run `text` tells runs of one seed apart */
  constructor({ seed, text }: { readonly seed: number; readonly text: string }) {
    const random = seededRandom(wholeSeed(seed)).split(`trace ${text}`);
    this.traceId = id(random) + id(random);
    this.runSpanId = id(random);
    this.#requests = random.split('requests');
  }

  ofRequest(index: number): RequestIds {
    const random = this.#requests.nth(index);
    return { request: id(random), nextAttempt: () => id(random) };
  }
}

/** A record's seed is any number, a generator's one that can be counted to. */
function wholeSeed(seed: number): number {
  return Math.min(Number.MAX_SAFE_INTEGER, Math.floor(Math.abs(seed)));
}

function id(random: Random): string {
  const text = hex8(random) + hex8(random);
  return text === '0000000000000000' ? '0000000000000001' : text;
}

function hex8(random: Random): string {
  return Math.floor(random.next() * 0x1_0000_0000)
    .toString(16)
    .padStart(8, '0');
}
