// How long a run would take, from a model of its server: the engine as it ships, on the virtual clock, with as many
// requests as the input holds. Nothing is kept of a request, so their number costs time but no memory.
import { formatCount, formatDuration } from '../../base/units.ts';
import { openPaceFinder } from '../../control/finder/open-pace-finder.ts';
import { resolvePlan } from '../../engine/plan.ts';
import type { HttpRequest } from '../../model/request.ts';
import { drawSeed } from '../../platform/seed.ts';
import { openSimulation, type SimulationPlan } from '../../simulation/run.ts';
import { BACKLOG_MAX } from '../../slow-server/limits.ts';
import { counted } from '../../timeline/caption.ts';
import { formatServiceTime, ONE_SECOND, parseServiceTime } from '../../workload/service-time.ts';
import type { FlagValues } from '../flags/command-line.ts';
import type { FetchPlan } from './plan.ts';

const SERVER_WORKERS = 3;
/** Some ten seconds of simulation. */
export const SIMULATED_MAX = 5_000_000;
const SLICE_STEPS = 20_000;
/** Nothing is ever sent there: `.invalid` is no host by definition (RFC 2606). */
const REQUEST: HttpRequest = {
  ...{ url: 'http://simulated.invalid/', method: 'GET', headers: [], body: null },
  ...{ id: null, timeoutMs: null },
};

/** @throws ERR_OPTION_INVALID for a `--delay` that cannot be read */
export async function simulatedLines(count: number, plan: FetchPlan, flags: FlagValues): Promise<string[]> {
  const seed = plan.run.seed ?? drawSeed();
  const run = resolvePlan(plan.run, { parallelism: 4, seed });
  const workers = flags['server-workers'] ?? SERVER_WORKERS;
  const serviceTime = parseServiceTime(flags.delay ?? '', { name: '--delay', rest: ONE_SECOND });
  if (count > SIMULATED_MAX) {
    return [`More than ${formatCount(SIMULATED_MAX)} requests are not simulated here.`];
  }
  let ok = 0;
  const maxLimit = run.findsUpTo;
  const simulationPlan: SimulationPlan = {
    requests: repeated(count),
    limit: run.limit,
    timeoutMs: run.timeoutMs,
    limits: run.attempt.limits,
    polite: run.polite,
    ...(maxLimit !== null && { openFinder: () => openPaceFinder({ maxLimit }) }),
    server: { workers, workerClass: 'sync', serviceTime, backlog: BACKLOG_MAX, rateLimit: null, seed },
  };
  const simulation = openSimulation(simulationPlan, ({ outcome }) => {
    if (outcome === 'ok') ok++;
  });
  while (simulation.advance(SLICE_STEPS)) await new Promise(resolve => setImmediate(resolve));
  const { makespanMs, server } = simulation.result();
  const perSecond = makespanMs > 0 ? Math.round((count * 10_000) / makespanMs) / 10 : 0;
  const notOk = count - ok;
  return [
    `Simulated with ${counted(workers, 'server worker')} and ${formatServiceTime(serviceTime)} a request: ` +
      `${formatDuration(makespanMs)}, ${perSecond} requests/s, at most ${formatCount(server.queueMax)} ` +
      `in the server's queue (seed ${seed}; the network is not counted).`,
    ...(notOk === 0
      ? []
      : [`${formatCount(notOk)} of them would not end ok: a timeout, or the queue is full.`]),
  ];
}

function* repeated(count: number): Generator<HttpRequest> {
  for (let index = 0; index < count; index++) yield REQUEST;
}
