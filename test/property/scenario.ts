// What one seed stands for: a swarm's member. Each kind of trouble is in it or not by a coin of its own, so
// that rare mixes occur as often as the mix of everything.
import { type Random, seededRandom } from '../../src/base/random.ts';
import type { Rate } from '../../src/control/gcra.ts';
import { RETRY_ON_DEFAULT } from '../../src/control/retry-on.ts';
import type { PolitePlan } from '../../src/engine/polite-plan.ts';
import type { StopPlan } from '../../src/engine/stop-plan.ts';
import { ATTEMPT_LIMITS, type AttemptLimits } from '../../src/model/plan.ts';
import { type HttpRequest, InvalidInput } from '../../src/model/request.ts';
import { type ClientCosts, NO_COSTS } from '../../src/simulation/executor.ts';
import { FAULT_KINDS, type FaultKind } from '../../src/simulation/faults.ts';
import type { ServerModelPlan } from '../../src/simulation/server-model.ts';
import { TROUBLES, type WorkersDrawn } from './troubled-workers.ts';

export type ActionKind = 'resize' | 'hold' | 'release' | 'drain' | 'abort' | 'stall';

export interface Action {
  readonly kind: ActionKind;
  /** Done before the clock's step of this number, or inside the sink at the outcome of this number. */
  readonly at: number;
  readonly inSink: boolean;
  /** The new limit; of a stall its ms. */
  readonly limit: number;
}

export type SourceKind =
  | 'array'
  | 'generator'
  | 'throws'
  | 'async'
  | 'async slow'
  | 'async throws'
  | 'batches'
  | 'blocked';
export type HandlerKind = 'none' | 'value' | 'throws' | 'slow' | 'never';

export interface Scenario {
  readonly seed: number;
  readonly requests: readonly (HttpRequest | InvalidInput)[];
  readonly source: SourceKind;
  readonly handler: HandlerKind;
  readonly limit: number;
  readonly order: 'ended' | 'input';
  readonly timeoutMs: number;
  readonly graceMs: number;
  readonly limits: AttemptLimits;
  readonly server: ServerModelPlan;
  readonly rttMs: number;
  readonly closeMs: number;
  readonly faultShare: number;
  readonly faultKinds: readonly FaultKind[];
  readonly faultMsMax: number;
  readonly costs: ClientCosts;
  /** Attempts run in workers, which die; null where they do not. Then nothing else costs anything. */
  readonly workers: WorkersDrawn | null;
  /** The wall clock is set to and fro; null where it is not. */
  readonly wallSteps: { readonly everyMs: number; readonly byMs: number } | null;
  readonly actions: readonly Action[];
  /** Rates, limits by host and retries; null for none of them. */
  readonly polite: PolitePlan | null;
  /** Its own ends; null for none of them. */
  readonly stop: StopPlan | null;
}

const SYNCHRONOUS: readonly SourceKind[] = ['array', 'generator', 'throws'];

export function isSynchronous({ source, handler, workers }: Scenario): boolean {
  return workers === null && SYNCHRONOUS.includes(source) && handler !== 'slow' && handler !== 'never';
}

const SOURCES: readonly SourceKind[] = [
  ...(['array', 'array', 'generator', 'generator', 'throws', 'async', 'async slow'] as const),
  ...(['async throws', 'batches', 'blocked'] as const),
];

export function drawScenario(seed: number): Scenario {
  const random = seededRandom(seed).split('scenario');
  const coin = (chance = 0.5): boolean => random.next() < chance;
  const whole = (from: number, to: number): number => from + Math.floor(random.next() * (to - from + 1));
  const one = <T>(items: readonly T[]): T => items[whole(0, items.length - 1)] as T;
  const source = one(SOURCES);
  const count = coin(0.1) ? whole(300, 900) : whole(0, 60);
  const faults = coin();
  const faultKinds = faults ? FAULT_KINDS.filter(() => coin()) : [];
  const slow = coin(0.1);
  const handler: HandlerKind = coin(0.7) ? 'none' : one(['value', 'throws', 'slow', 'never']);
  // Whatever may stay silent for ever has a deadline that ends it.
  const bounded = faultKinds.includes('deaf') || handler === 'never' || coin(0.3);
  const limited = faults || coin();
  const invalid = coin(0.2);
  const ownTimeouts = coin(0.2);
  const polite = drawPolite(seed);
  const hosts = polite ? whole(1, 4) : 1;
  const posts = polite ? coin(0.3) : false;
  const workers = drawWorkers(seed);
  return {
    seed,
    requests: Array.from({ length: count }, (_, index) =>
      invalid && coin(0.2)
        ? badInput(index)
        : {
            ...request(index, ownTimeouts && coin(0.3) ? whole(1, 400) : null),
            url: `http://simulated${polite ? whole(1, hosts) : ''}/${index}`,
            ...(posts && coin(0.3) && { method: 'POST' }),
          },
    ),
    source,
    handler,
    limit: drawLimit(random),
    order: coin(0.4) ? 'input' : 'ended',
    timeoutMs: bounded ? whole(20, 600) : Number.POSITIVE_INFINITY,
    graceMs: whole(1, 50),
    limits: limited
      ? { ...ATTEMPT_LIMITS, connectMs: whole(5, 100), headersMs: whole(20, 300), bodyMs: whole(5, 100) }
      : ATTEMPT_LIMITS,
    server: drawServer(random, seed),
    rttMs: coin() ? 0 : whole(1, 30),
    closeMs: coin() ? 0 : whole(1, 20),
    faultShare: slow ? 1 : random.next(),
    faultKinds,
    faultMsMax: whole(1, 200),
    costs:
      coin(0.8) || workers
        ? NO_COSTS
        : {
            workers: whole(1, 4),
            startUpMs: whole(0, 80),
            messageMs: whole(0, 5),
            cpuMs: coin() ? 0 : whole(1, 9),
          },
    workers,
    wallSteps: drawWallSteps(seed),
    actions: [...drawActions(random, count), ...drawStalls(seed, count)],
    polite,
    stop: drawStop(seed),
  };
}

/** A stream of its own: what seeds without it stand for stays as it was. */
function drawPolite(seed: number): PolitePlan | null {
  const random = seededRandom(seed).split('polite');
  const coin = (chance = 0.5): boolean => random.next() < chance;
  const whole = (from: number, to: number): number => from + Math.floor(random.next() * (to - from + 1));
  if (coin(0.4)) return null;
  const rate = (): Rate => ({ count: whole(1, 30), windowMs: whole(20, 400) });
  const delayMs = whole(0, 100);
  return {
    rate: coin(0.3) ? rate() : null,
    hostRate: coin(0.3) ? rate() : null,
    burst: coin(0.7) ? 1 : whole(2, 9),
    perHost: coin(0.3) ? whole(1, 5) : Number.POSITIVE_INFINITY,
    retry: {
      ...{ retriesMax: coin(0.3) ? 0 : whole(1, 4), on: RETRY_ON_DEFAULT, unsafe: coin(0.2) },
      ...{ delayMs, delayMsMax: delayMs + whole(0, 4000) },
    },
    retryBudget: coin(0.8) ? Number.POSITIVE_INFINITY : random.next(),
    redirsMax: 0,
  };
}

/** Likewise. */
function drawStop(seed: number): StopPlan | null {
  const random = seededRandom(seed).split('stop');
  const coin = (chance = 0.5): boolean => random.next() < chance;
  if (coin(0.7)) return null;
  return {
    maxDurationMs: coin() ? Number.POSITIVE_INFINITY : Math.ceil(random.next() * 2000),
    failEarly: coin(0.2),
    maxErrors: coin()
      ? null
      : coin()
        ? { count: Math.floor(random.next() * 20) }
        : { percent: 100 * random.next() },
  };
}

function drawWorkers(seed: number): WorkersDrawn | null {
  const random = seededRandom(seed).split('workers');
  const coin = (chance = 0.5): boolean => random.next() < chance;
  const whole = (from: number, to: number): number => from + Math.floor(random.next() * (to - from + 1));
  if (coin(0.85)) return null;
  return {
    count: whole(1, 4),
    messageMs: whole(0, 3),
    startUpMs: whole(0, 60),
    share: coin(0.2) ? 0 : random.next(),
    troubles: TROUBLES.filter(() => coin()),
    lifeMsMax: whole(1, 400),
    silenceMsMax: whole(50, 2000),
  };
}

function drawWallSteps(seed: number): Scenario['wallSteps'] {
  const random = seededRandom(seed).split('wall clock');
  if (random.next() < 0.7) return null;
  const byMs = (random.next() < 0.5 ? -1 : 1) * Math.ceil(random.next() * 3_600_000);
  return { everyMs: 1 + Math.floor(random.next() * 500), byMs };
}

function drawStalls(seed: number, count: number): Action[] {
  const random = seededRandom(seed).split('stalls');
  if (random.next() < 0.8) return [];
  const one = (): Action => ({
    ...{ kind: 'stall', inSink: random.next() < 0.3, at: Math.floor(random.next() * (count * 3 + 5)) },
    limit: Math.ceil(random.next() ** 3 * 5000), // mostly short ones
  });
  return Array.from({ length: 1 + Math.floor(random.next() * 4) }, one);
}

function drawLimit(random: Random): number {
  const draw = random.next();
  if (draw < 0.2) return 1;
  if (draw < 0.3) return Number.POSITIVE_INFINITY;
  return 1 + Math.floor(random.next() * (draw < 0.9 ? 8 : 200));
}

function drawServer(random: Random, seed: number): ServerModelPlan {
  const ms = Math.ceil(random.next() * 100);
  const kinds = [
    { kind: 'constant', ms },
    { kind: 'constant', ms: 0 },
    { kind: 'uniform', ms, spreadPercent: 90 },
    { kind: 'exponential', meanMs: ms },
  ] as const;
  return {
    workers: 1 + Math.floor(random.next() * 6),
    workerClass: random.next() < 0.8 ? 'sync' : 'async',
    serviceTime: kinds[Math.floor(random.next() * kinds.length)] ?? kinds[0],
    backlog: random.next() < 0.7 ? Number.POSITIVE_INFINITY : Math.floor(random.next() * 10),
    rateLimit: random.next() < 0.8 ? null : { count: 1 + Math.floor(random.next() * 9), windowMs: 100 },
    seed,
  };
}

function drawActions(random: Random, count: number): Action[] {
  const steps = count * 3 + 5;
  const actions: Action[] = [];
  const add = (kind: ActionKind, at: number): void => {
    actions.push({ kind, at: Math.floor(at), inSink: random.next() < 0.3, limit: drawLimit(random) });
  };
  if (random.next() < 0.4) for (let i = 0; i < 5; i++) add('resize', random.next() * steps);
  if (random.next() < 0.4) {
    for (let i = 0; i < 4; i++) {
      const at = random.next() * steps;
      add('hold', at);
      add('release', at + random.next() * 20);
    }
  }
  if (random.next() < 0.3) add('drain', random.next() * steps);
  if (random.next() < 0.3) add('abort', random.next() * steps);
  if (random.next() < 0.05) add('abort', random.next() * steps);
  return actions;
}

export function request(index: number, timeoutMs: number | null = null): HttpRequest {
  return { url: `http://simulated/${index}`, method: 'GET', headers: [], body: null, id: index, timeoutMs };
}

function badInput(index: number): InvalidInput {
  return new InvalidInput({ code: 'ERR_INPUT_URL', message: `line ${index + 1}: not a URL` });
}
