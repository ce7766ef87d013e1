// One scenario, one seed, one way of choosing the pace: the engine as it ships, on the virtual clock, with everything
// counted that a score needs.
import { seededRandom } from '../../base/random.ts';
import type { EndKind, Finding } from '../../control/finder/pace-finder.ts';
import { Engine } from '../../engine/engine.ts';
import { GRACE_MS } from '../../engine/plan.ts';
import { openSource } from '../../engine/source.ts';
import { InProcessExecutor } from '../../executors/in-process.ts';
import { ATTEMPT_LIMITS } from '../../model/plan.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { letCompete } from './competitor.ts';
import type { OpenDecider } from './deciders.ts';
import { QueueWatch } from './queue-watch.ts';
import { type ScenarioRequest, scenarioRequests } from './request.ts';
import { scenarioSteps } from './retries.ts';
import type { Scenario } from './scenario.ts';
import { ScenarioServerModel } from './server.ts';
import { openStation } from './station.ts';
import { ScenarioTransport } from './transport.ts';
import { WatchedFinder } from './watched-finder.ts';

export interface ScenarioRun {
  /** Until the last request that ended well; Infinity where the run was given up. */
  readonly makespanMs: number;
  /** Requests that nobody served in sixty attempts. */
  readonly failed: number;
  readonly attempts: number;
  /** Attempts by how they ended. */
  readonly counts: Readonly<Record<EndKind, number>>;
  /** Of those that ended well: as the how-manieth in flight each was sent. */
  readonly startedAs: readonly number[];
  /** The line at the server. */
  readonly queueMean: number;
  readonly queueP95: number;
  readonly queueMost: number;
  readonly finding: Finding;
}

/** Steps of the clock after which a run is given up: it leads nowhere. */
const STEPS_MAX = 30_000_000;

/** @param giveUpMs a run that takes longer is not waited for */
export function runScenario(
  scenario: Scenario,
  seed: number,
  openDecider: OpenDecider,
  giveUpMs = Number.POSITIVE_INFINITY,
): ScenarioRun {
  const clock = new VirtualClock();
  const watch = new QueueWatch();
  const station = openStation(clock, scenario.server, watch);
  const server = new ScenarioServerModel(scenario, seed, { clock, station });
  const finder = new WatchedFinder(openDecider({ clock, scenario, seed }));
  let isOver = false;
  const failed = { count: 0 };
  const engine = openEngine({
    scenario,
    seed,
    clock,
    server,
    finder,
    failed,
    onFinished: () => (isOver = true),
  });
  letCompete(scenario, seed, { clock, station, isOver: () => isOver });
  engine.start();
  for (let steps = 0; !isOver && steps < STEPS_MAX && clock.nextMs() <= giveUpMs; steps++) clock.step();
  watch.note(clock.now(), 0);
  const { counts, startedAs, lastOkMs } = finder;
  return {
    makespanMs: isOver ? Math.max(lastOkMs, 1e-6) : Number.POSITIVE_INFINITY,
    failed: failed.count,
    attempts: Object.values(counts).reduce((sum, count) => sum + count, 0),
    counts,
    startedAs,
    queueMean: watch.mean(),
    queueP95: watch.quantile(0.95),
    queueMost: watch.most,
    finding: finder.finding(),
  };
}

function openEngine({
  scenario,
  seed,
  clock,
  server,
  finder,
  failed,
  onFinished,
}: {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly clock: VirtualClock;
  readonly server: ScenarioServerModel;
  readonly finder: WatchedFinder;
  readonly failed: { count: number };
  readonly onFinished: () => void;
}): Engine<ScenarioRequest> {
  const { timeoutMs } = scenario;
  const endless = Number.POSITIVE_INFINITY;
  return new Engine<ScenarioRequest>(
    {
      ...{ clock, limit: endless, order: 'ended', timeoutMs: endless, graceMs: GRACE_MS },
      hosts: {
        nameOf: () => '',
        keyOf: ({ key }) => key,
        policy: { limit: endless, rate: null, burst: 1, pauses: { pauseMs: 0, waitMsMax: endless } },
        random: seededRandom(seed),
        openFinder: () => finder,
      },
      nextStep: scenarioSteps(seed),
      onSettled: ({ outcome }) => {
        if (outcome !== 'ok') failed.count++;
      },
      onFinished,
    },
    onReady => openSource(scenarioRequests(scenario, seed), onReady),
    onAttemptEnd =>
      new InProcessExecutor({
        clock,
        transport: new ScenarioTransport({ clock, server, scenario, seed }),
        plan: {
          limits: { ...ATTEMPT_LIMITS, headersMs: timeoutMs },
          ...{ keepHeaders: false, keepLocation: false, keepBody: false, keepBodyBytesMax: 0 },
        },
        ...{ handler: undefined, worker: undefined, clockOriginMs: 0, wallClock: () => clock.now() },
        onAttemptEnd,
      }),
  );
}
