// Simulated runs with a known cause, and what is said of them: a client, a server, a network, a seed.
import { statedLimits } from '../../src/cli/fetch/stated-limits.ts';
import { type PoliteOptions, resolvePolite } from '../../src/engine/polite-plan.ts';
import type { HttpRequest } from '../../src/model/request.ts';
import type { Settled } from '../../src/model/settled.ts';
import type { DiagnosedHeader } from '../../src/reports/diagnosis/diagnosed-run.ts';
import { RunFacts } from '../../src/reports/diagnosis/facts.ts';
import { type Diagnosis, diagnose } from '../../src/reports/diagnosis.ts';
import type { ClientCosts } from '../../src/simulation/executor.ts';
import { simulate } from '../../src/simulation/run.ts';
import type { ServerModelPlan } from '../../src/simulation/server-model.ts';
import type { NetworkPlan } from '../../src/simulation/transport.ts';
import { SummaryBuilder } from '../../src/trace/summary.ts';

export interface ScenarioOptions {
  readonly requests: number;
  /** Null for no limit. */
  readonly limit: number | null;
  readonly strategy?: string;
  readonly polite?: PoliteOptions;
  readonly server?: Partial<ServerModelPlan>;
  readonly network?: NetworkPlan;
  readonly costs?: Partial<ClientCosts>;
  readonly seed?: number;
  /** The server tells nothing of its own times. */
  readonly isSilent?: boolean;
}

export interface Diagnosed {
  readonly header: DiagnosedHeader;
  readonly summary: ReturnType<SummaryBuilder['summary']>;
  readonly facts: RunFacts;
  readonly settled: readonly Settled<HttpRequest>[];
  readonly diagnoses: readonly Diagnosis[];
  readonly codes: readonly string[];
}

const REQUEST = {
  url: 'http://api.test/',
  method: 'GET',
  headers: [],
  body: null,
  id: null,
  timeoutMs: null,
};

/** A server of 3 workers with 1 s a request, no way to it, nothing else in the way. */
export function diagnosedRun(options: ScenarioOptions): Diagnosed {
  const { limit, seed = 1, network = { rttMs: 0 } } = options;
  const polite = resolvePolite(options.polite ?? {});
  const settled: Settled<HttpRequest>[] = [];
  const plan = {
    requests: Array.from({ length: options.requests }, () => REQUEST),
    limit: limit ?? Number.POSITIVE_INFINITY,
    polite,
    network,
    costs: { workers: null, startUpMs: 0, messageMs: 0, cpuMs: 0, ...options.costs },
    server: {
      workers: 3,
      workerClass: 'sync' as const,
      serviceTime: { kind: 'constant' as const, ms: 1000 },
      backlog: Number.POSITIVE_INFINITY,
      rateLimit: null,
      seed,
      ...options.server,
    },
  };
  simulate(plan, one => settled.push(options.isSilent ? untold(one) : one));
  const workers = options.costs?.workers;
  const strategy = options.strategy ?? (limit === null ? 'async' : 'semaphore');
  const header = { strategy, concurrency: limit, simulated: true as const, ...statedLimits(polite) };
  return diagnosed({ ...header, ...(workers && { workers }) }, settled);
}

export function diagnosed(
  header: DiagnosedHeader,
  settled: readonly Settled<HttpRequest>[],
  { seal = (summary: Diagnosed['summary']) => summary } = {},
): Diagnosed {
  const builder = new SummaryBuilder();
  const facts = new RunFacts();
  for (const one of settled) {
    builder.add(one);
    facts.add(one, one.request.url);
  }
  const summary = seal(builder.summary('complete'));
  const diagnoses = diagnose(header, summary, facts);
  return { header, summary, facts, settled, diagnoses, codes: diagnoses.map(({ code }) => code) };
}

/** As if the server had not told its times: all of the wait is one span, and the network is the way to it alone. */
function untold(one: Settled<HttpRequest>): Settled<HttpRequest> {
  const tries = one.tries.map(({ server, ...rest }) => {
    const { queue = 0, service = 0, network = 0, ...phases } = rest.phasesMs;
    if (!server) return rest;
    const connectMs = Math.max(0, 2 * (server.arrivedMs - rest.startedMs) - network);
    const ttfb = queue + service + network - connectMs;
    return { ...rest, phasesMs: { ...phases, network: connectMs, ttfb } };
  });
  return { ...one, tries };
}
