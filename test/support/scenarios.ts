// Seeded runs by what holds them back: the rows of the confusion matrix of diagnoses. In each row the cause is known
// from how the run was made; sizes, speeds, limits and networks are drawn from the seed.
import { type Random, seededRandom } from '../../src/base/random.ts';
import type { Fault } from '../../src/simulation/faults.ts';
import type { ServiceTime } from '../../src/workload/service-time.ts';
import { type Diagnosed, diagnosedRun } from './diagnosed.ts';
import { hostsRun, trickledRun } from './diagnosed-engine.ts';

export interface Scenario {
  /** What is said of such a run; null for nothing. */
  readonly cause: string | null;
  /** What may be said beside it, being true too. */
  readonly also?: readonly string[];
  readonly run: (draw: Draw, seed: number) => Diagnosed;
}

export class Draw {
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  whole(from: number, to: number): number {
    return from + Math.floor(this.#random.next() * (to - from + 1));
  }

  between(from: number, to: number): number {
    return from + this.#random.next() * (to - from);
  }

  of<T>(...choices: readonly T[]): T {
    return choices[this.whole(0, choices.length - 1)] as T;
  }
}

export const constant = (ms: number): ServiceTime => ({ kind: 'constant', ms });

/** Around this mean: always the same, or now shorter and now longer. */
export function service(draw: Draw, meanMs: number): ServiceTime {
  return draw.of<ServiceTime>(
    constant(meanMs),
    { kind: 'uniform', ms: meanMs, spreadPercent: 40 },
    { kind: 'exponential', meanMs },
  );
}

/** Exchanges that come at this share meet the fault, evenly spread. */
export const sometimes =
  (share: number, fault: Fault) =>
  (exchange: number): Fault | undefined =>
    Math.floor((exchange + 1) * share) > Math.floor(exchange * share) ? fault : undefined;

export const capacity = (draw: Draw, seed: number, isSilent = false): Diagnosed => {
  const workers = draw.whole(1, 12);
  const ms = draw.between(20, 400); // in the longest queue nobody waits until a timeout
  const limit = draw.of(null, workers * draw.whole(2, 8));
  return diagnosedRun({
    ...{ requests: workers * draw.whole(8, 40), limit, seed, isSilent },
    network: { rttMs: ms * draw.of(0, 0.01, 0.04) },
    server: { workers, serviceTime: service(draw, ms) },
  });
};

export const roomy = (draw: Draw, seed: number, isSilent = false): Diagnosed => {
  const limit = draw.whole(1, 10);
  const ms = draw.between(20, 2000);
  return diagnosedRun({
    ...{ requests: limit * draw.whole(12, 40), limit, seed, isSilent },
    network: { rttMs: ms * draw.of(0, 0.02, 0.3) },
    server: { workers: limit * draw.whole(2, 5), serviceTime: service(draw, ms) },
  });
};

/** There is one cause, and it has to be named. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'more at once than the server serves': { cause: 'server_capacity', run: capacity },
  'a server with room for more': { cause: 'own_limit', run: roomy },
  'a rate of our own': {
    cause: 'own_rate',
    run: (draw, seed) => {
      const perSecond = draw.whole(1, 50);
      const ms = draw.between(20, 400);
      const inFlight = Math.ceil((perSecond * ms) / 1000);
      return diagnosedRun({
        ...{ requests: perSecond * draw.whole(15, 40), limit: inFlight * draw.whole(4, 8), seed },
        isSilent: draw.of(true, false),
        polite: { [draw.of('rate', 'hostRate')]: `${perSecond}/s`, burst: draw.of(1, 1, 3) },
        server: { workers: inFlight * draw.whole(4, 8), serviceTime: constant(ms) },
      });
    },
  },
  'a rate of the server': {
    cause: 'server_refuses',
    run: (draw, seed) => {
      const count = draw.whole(2, 20);
      return diagnosedRun({
        ...{ requests: count * draw.whole(6, 20), limit: draw.of(null, 2 * count, 4 * count), seed },
        polite: { retries: 1000 },
        server: {
          workers: 500,
          rateLimit: { count, windowMs: 1000 },
          serviceTime: constant(draw.between(1, 60)),
        },
      });
    },
  },
  'a handler that works': {
    cause: 'cpu_handler',
    run: (draw, seed) => {
      const limit = draw.whole(2, 20);
      const ms = draw.between(20, 400);
      return diagnosedRun({
        ...{ requests: limit * draw.whole(8, 20), limit, seed, isSilent: draw.of(true, false) },
        costs: { cpuMs: (ms / limit) * draw.between(1.2, 4) },
        server: { workers: limit * draw.of(1, 2), serviceTime: service(draw, ms) },
      });
    },
  },
  'connections that are not kept': {
    cause: 'connecting',
    run: (draw, seed) => {
      const limit = draw.whole(1, 10);
      const ms = draw.between(5, 50);
      return diagnosedRun({
        ...{ requests: limit * draw.whole(10, 40), limit, seed, isSilent: draw.of(true, false) },
        network: { rttMs: ms * draw.between(6, 20), keepAlive: false },
        server: { workers: limit * draw.whole(1, 3), serviceTime: constant(ms) },
      });
    },
  },
  'failures that are tried again': {
    cause: 'retries',
    run: (draw, seed) => {
      const limit = draw.whole(2, 10);
      const fault: Fault = draw.of<Fault>({ kind: 'status', status: 503 }, { kind: 'reset' });
      return diagnosedRun({
        ...{ requests: limit * draw.whole(20, 60), limit, seed, polite: { retries: 20 } },
        network: { rttMs: 2, faults: sometimes(draw.between(0.26, 0.4), fault) },
        server: { workers: limit * draw.of(1, 3), serviceTime: constant(draw.between(20, 400)) },
      });
    },
  },
  'one slow host among others': {
    cause: 'slow_host',
    run: draw => {
      const ms = draw.between(5, 50);
      const limit = draw.whole(4, 20);
      const fast = Object.fromEntries(
        [...'bcd'].map(name => [name, { requests: 60, ms: ms * draw.between(0.5, 1) }]),
      );
      return hostsRun({ limit, hosts: { a: { requests: 80, ms: ms * draw.between(15, 40) }, ...fast } });
    },
  },
  'an input that trickles': {
    cause: 'slow_input',
    run: draw => {
      const everyMs = draw.between(1, 1000);
      const limit = draw.whole(2, 20);
      const serviceMs = everyMs * draw.between(0.05, 0.4 * limit);
      return trickledRun({ requests: draw.whole(100, 400), everyMs, limit, serviceMs });
    },
  },
};
