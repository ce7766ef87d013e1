// Chance without a state: every draw is a hash of the seed, the stream it belongs to and the number of what it is for.
// So the work of request 17 is the same whoever sends it when, and two ways of choosing a pace can be compared run by
// run. The mixing steps are those of MurmurHash3 (A. Appleby, public domain).
import type { Scenario, Service, WorkClass } from './scenario.ts';

/** What a draw is for; draws of one stream never move those of another. */
export const STREAM = {
  service: 11,
  fault503: 31,
  fault500: 32,
  hang: 33,
  reset: 34,
  askedBackoff: 41,
  backoff: 42,
  network: 55,
  workClass: 77,
  competitor: 99,
} as const;

const TWO_32 = 4_294_967_296;

/** A number above 0 and below 1. */
export function draw(seed: number, stream: number, number: number, part = 0): number {
  return (hash(seed, stream, number, part) + 0.5) / TWO_32;
}

function hash(seed: number, stream: number, number: number, part: number): number {
  let h = absorbed(0x9e3779b9 ^ seed, stream);
  h = absorbed(h, number);
  h = absorbed(h, part);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return (h ^ (h >>> 15)) >>> 0;
}

function absorbed(before: number, word: number): number {
  let h = Math.imul(before ^ (word | 0), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) + 0x9e3779b9) | 0;
}

/** How long the number-th of a stream keeps a worker to itself. */
export function drawServiceMs(service: Service, seed: number, stream: number, number: number): number {
  const { meanMs } = service;
  if (service.dist === 'det') return meanMs;
  const u = draw(seed, stream, number, 1);
  const v = draw(seed, stream, number, 2);
  switch (service.dist) {
    case 'uniform':
      return meanMs * (1 + service.spread * (2 * u - 1));
    case 'exp':
      return -meanMs * Math.log(u);
    case 'lognormal': {
      const { sigma } = service;
      const normal = Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v); // Box and Muller
      return meanMs * Math.exp(-(sigma * sigma) / 2 + sigma * normal);
    }
    case 'bimodal': {
      const { pSlow, ratio } = service;
      const fastMs = meanMs / (1 - pSlow + pSlow * ratio);
      return (u < pSlow ? ratio : 1) * fastMs * (0.9 + 0.2 * v);
    }
  }
}

/** The class of a request by its place in the input. */
export function classOf({ classes, order, requests }: Scenario, seed: number, index: number): WorkClass {
  const [first] = classes as readonly [WorkClass];
  if (classes.length === 1) return first;
  const weights = classes.reduce((sum, { weight }) => sum + weight, 0);
  let at = draw(seed, STREAM.workClass, index) * weights;
  if (order === 'blocks') at = (index / requests) * weights;
  else if (order === 'interleave') at = (index % weights) + 0.5;
  for (const one of classes) {
    if (at < one.weight) return one;
    at -= one.weight;
  }
  return classes[classes.length - 1] ?? first;
}
