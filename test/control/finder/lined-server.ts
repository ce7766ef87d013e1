// A first-come server of the tests with a fixed number of requests in flight: what one client sees of it, in order.
import { type Random, seededRandom } from '../../../src/base/random.ts';
import type { Served } from '../../../src/control/finder/inferred-times.ts';

export type Law = (random: Random) => number;

/** How long requests take, with a mean of about a second. */
export const LAWS: Readonly<Record<string, Law>> = {
  equal: random => 1000 + 4 * random.next(),
  uniform: random => 500 + 1000 * random.next(),
  exponential: random => -1000 * Math.log(1 - random.next()),
  'lognormal, σ 0.3': random => lognormal(random, 0.3),
  'lognormal, σ 1': random => lognormal(random, 1),
  'one in ten is slow': random => (random.next() < 0.1 ? 5000 : 500) * (0.9 + 0.2 * random.next()),
};

function lognormal(random: Random, sigma: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  return 1000 * Math.exp(sigma * normal - (sigma * sigma) / 2);
}

interface Sent {
  readonly level: number;
  readonly first: number;
  readonly sentMs: number;
}

export interface LinedServer {
  /** When so many have left. */
  readonly workers: (left: number) => number;
  readonly inFlight: number;
  readonly law: Law;
}

export function seenAt({ workers, inFlight, law }: LinedServer, requests: number, seed: number): Served[] {
  const random = seededRandom(seed);
  const line: Sent[] = [];
  const busy: (Sent & { readonly endMs: number })[] = [];
  const seen: Served[] = [];
  let nowMs = 0;
  let sent = 0;
  const begin = (): void => {
    while (busy.length < workers(seen.length) && line.length > 0)
      busy.push({ ...(line.shift() as Sent), endMs: nowMs + law(random) });
  };
  while (seen.length < requests) {
    for (; sent < seen.length + inFlight; sent++)
      line.push({ level: sent - seen.length + 1, first: seen.length, sentMs: nowMs });
    begin();
    const next = busy.reduce((a, b) => (b.endMs < a.endMs ? b : a));
    busy.splice(busy.indexOf(next), 1);
    const { level, first, sentMs, endMs } = next;
    nowMs = endMs;
    seen.push({ level, first, own: seen.length, endMs, tookMs: endMs - sentMs });
    begin();
  }
  return seen;
}
