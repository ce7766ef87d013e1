// A scenario: what a client with very many requests meets, written down so that every way of choosing a pace meets
// exactly the same. Spans in ms; docs/SCENARIOS.md has the form of the file, in seconds.

/** How long a request keeps a worker. Each is given by its mean, so the server's capacity is known exactly. */
export type Service =
  | { readonly dist: 'det'; readonly meanMs: number }
  /** Evenly within the mean ± `spread` of it. */
  | { readonly dist: 'uniform'; readonly meanMs: number; readonly spread: number }
  | { readonly dist: 'exp'; readonly meanMs: number }
  | { readonly dist: 'lognormal'; readonly meanMs: number; readonly sigma: number }
  /** A share `pSlow` of the requests takes `ratio` times as long as the others. */
  | { readonly dist: 'bimodal'; readonly meanMs: number; readonly pSlow: number; readonly ratio: number };

/** Requests that cost about the same. */
export interface WorkClass {
  readonly key: string;
  readonly weight: number;
  readonly service: Service;
}

/** From an instant on there are so many workers. */
export interface WorkersStep {
  readonly atMs: number;
  readonly workers: number;
}

export interface ScenarioServer {
  /** `fifo`: a request has a worker to itself, the others wait in line; `ps`: the workers share themselves evenly. */
  readonly mode: 'fifo' | 'ps';
  /** In the order of time, the first at 0. */
  readonly workers: readonly WorkersStep[];
  /** Places in line; Infinity for no bound. */
  readonly queue: number;
  /** What happens to a request for which there is no place. */
  readonly reject: '503' | 'refused';
  /** What a 503 for want of a place asks for; null for nothing. */
  readonly retryAfterMs: number | null;
  /** At first everything takes `factor` times as long; the excess fades with this time constant. */
  readonly warmUp: { readonly factor: number; readonly tauMs: number } | null;
}

/** What happens by chance, as shares of the attempts. */
export interface ScenarioFaults {
  readonly share500: number;
  /** A failing request takes this part of the time of a good one. */
  readonly cost500: number;
  readonly share503: number;
  readonly shareReset: number;
  readonly shareHang: number;
}

export interface ScenarioRateLimit {
  readonly kind: 'bucket' | 'window';
  /** Of a bucket: tokens in a second. */
  readonly perSecond: number;
  /** Tokens in a full bucket, or requests in a window. */
  readonly most: number;
  /** Of a window. */
  readonly windowMs: number;
  /** How a 429 names the wait: to the millisecond, in whole seconds, or not at all. */
  readonly retryAfter: 'exact' | 'ceil' | 'none';
  /** Every answer says how many are left. */
  readonly headers: boolean;
}

/** Somebody else, who keeps so many requests in flight. */
export interface Competitor {
  readonly concurrency: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly service: Service;
}

export interface Scenario {
  readonly id: string;
  readonly family: string;
  /** Requests of our client. */
  readonly requests: number;
  readonly server: ScenarioServer;
  /** At least one. */
  readonly classes: readonly WorkClass[];
  readonly order: 'random' | 'interleave' | 'blocks';
  readonly rttMs: number;
  /** Mean of what chance adds to a round trip. */
  readonly jitterMs: number;
  readonly faults: ScenarioFaults;
  readonly rateLimit: ScenarioRateLimit | null;
  readonly competitors: readonly Competitor[];
  /** How long our client waits for an answer; Infinity for no bound. */
  readonly timeoutMs: number;
}

/** Mean time of a request at a worker. */
export function meanServiceMs({ classes }: Pick<Scenario, 'classes'>): number {
  let sumMs = 0;
  let weights = 0;
  for (const { weight, service } of classes) {
    sumMs += weight * service.meanMs;
    weights += weight;
  }
  return sumMs / weights;
}

/** Workers at an instant. */
export function workersAt(steps: readonly WorkersStep[], atMs: number): number {
  let workers = steps[0]?.workers ?? 1;
  for (const step of steps) if (atMs >= step.atMs) workers = step.workers;
  return workers;
}
