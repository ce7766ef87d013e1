// The composition root: a plan becomes a clock, an executor with its transport, and an engine. Only this
// file chooses implementations; what a strategy does not need is never loaded.
import { availableParallelism } from 'node:os';
import type { Clock } from './base/clock.ts';
import { PacelineError } from './base/errors.ts';
import { seededRandom } from './base/random.ts';
import type { FoundOrigin, FoundPaces } from './control/found-paces.ts';
import { fitInto, type HeldBack } from './engine/descriptor-room.ts';
import { Engine } from './engine/engine.ts';
import type { EngineOptions, EngineStatistics, LimitChange } from './engine/engine-options.ts';
import type { OpenAttempt } from './engine/in-flight.ts';
import { Outcomes } from './engine/outcomes.ts';
import { GRACE_MS, type RunOptions, type RunPlan, resolvePlan } from './engine/plan.ts';
import { politeEngine } from './engine/polite-plan.ts';
import { type Executor, NO_WORKERS, type OnAttemptEnd, type WorkerUsage } from './engine/ports.ts';
import {
  openBatchSource,
  openSource,
  type RequestBatches,
  type Requests,
  type Source,
} from './engine/source.ts';
import { stopEngine } from './engine/stop-plan.ts';
import { STRATEGIES } from './engine/strategies.ts';
import type { PausedHosts } from './engine/waiting-room.ts';
import { type Announce, announced } from './executors/announced.ts';
import { LoopWatch } from './executors/loop-watch.ts';
import { published } from './executors/published.ts';
import type { OutcomeError } from './model/outcome.ts';
import type { EventLoop } from './model/record.ts';
import type { HttpRequest } from './model/request.ts';
import { checkAuthorities } from './platform/authorities.ts';
import { descriptors } from './platform/descriptors.ts';
import { drawSeed } from './platform/seed.ts';
import { monotonicMs, systemClock } from './platform/system-clock.ts';

export interface Run<R> {
  readonly clock: Clock;
  /**
   * Each request's outcome, once. Nothing starts before it is read, and a slow reader slows the run. Workers
   * and connections are gone when it has ended; leaving it early ends the run.
   */
  readonly outcomes: Outcomes<R>;
  /** Resolves when everything is final and let go of, just before the outcomes end. Never rejects. */
  readonly ended: Promise<void>;
  statistics(): EngineStatistics;
  /** What is in flight now, by lane, up to so many: to be drawn while the run goes on. */
  lookIn(most: number): OpenAttempt[];
  /** Hosts that have refused a request and for whom others wait; null for none. */
  pausedHosts(): PausedHosts | null;
  /**
   * The first thing that ended the run before its input was at its end: `drain`, `abort`, `fail`, its time limit or too
   * many failures (these also when only the end could tell); null when nothing did.
   */
  endedEarlyBy(): OutcomeError | null;
  /** What the workers cost beside this process; complete when the outcomes have ended. */
  workerUsage(): WorkerUsage;
  /** Changes limits and rates, now. */
  change(limits: LimitChange): void;
  /** No new starts; what is in flight goes on to its own end. */
  drain(cause: OutcomeError): void;
  /** What is in flight is told to end now. */
  abort(cause: OutcomeError): void;
  /** As `drain`, and `outcomes` throws after the last one: nothing more can run. The first failure counts. */
  fail(error: PacelineError): void;
}

export interface HttpRun extends Run<HttpRequest> {
  readonly plan: RunPlan;
  /** Set when this process may not hold the file descriptors for what was asked; the plan is what it gets. */
  readonly heldBack: HeldBack | null;
  /** What was found of the pace of each origin until now; none where nobody looks. */
  foundPaces(): readonly FoundOrigin[];
  /** How busy they were until now, or until the run's end; none where nobody watches them. */
  eventLoops(): readonly EventLoop[];
}

/** Requests one at a time, or many at a time for sources that read in blocks. */
export type RunInput =
  | { readonly requests: Requests<HttpRequest> }
  | { readonly batches: RequestBatches<HttpRequest> };

type OpenExecutor<R> = (onAttemptEnd: OnAttemptEnd) => Executor<R>;

export interface RunWitness {
  /** Is told of each attempt that must not be made twice, before it is sent. */
  readonly announce?: Announce;
  /** Reads now and then how busy the event loops are. */
  readonly watchesLoops?: boolean;
}

/**
 * @throws ERR_OPTION_…, ERR_HANDLER_LOAD, ERR_ENV_DESCRIPTORS; nothing was sent
 */
export async function openRun(
  input: RunInput,
  options: RunOptions,
  { announce, watchesLoops = false }: RunWitness = {},
): Promise<HttpRun> {
  const asked = resolvePlan(options, { parallelism: availableParallelism(), seed: drawSeed() });
  const { plan, heldBack } = fitInto(descriptors(), asked);
  checkAuthorities('`caCert`', plan.attempt.connection.caCert);
  const originMs = monotonicMs();
  const clock = systemClock(originMs);
  const watch = watchesLoops ? new LoopWatch(clock.now).watchOwn({ of: 'main' }) : undefined;
  const onBroken = ({ message }: OutcomeError): void =>
    run.fail(new PacelineError('ERR_ENV_WORKERS', message));
  const openExecutor = await executorFor(plan, { clock, clockOriginMs: originMs, watch, onBroken }).catch(
    (cause: unknown) => {
      watch?.stop();
      throw cause;
    },
  );
  const paces = plan.findsUpTo === null ? null : await openPaces(plan.findsUpTo, plan.paceFrom);
  const openFinder = paces ? (origin: string) => paces.openFinder(origin) : undefined;
  const run: Run<HttpRequest> = assembleRun<HttpRequest>(
    {
      clock,
      limit: heldBack?.given.limit ?? plan.limit,
      order: plan.order,
      timeoutMs: plan.timeoutMs,
      timeoutMsOf: request => request.timeoutMs,
      graceMs: GRACE_MS,
      ...politeEngine(plan.polite, seededRandom(plan.seed), openFinder),
      ...stopEngine(plan.stop),
    },
    onReady =>
      'batches' in input ? openBatchSource(input.batches, onReady) : openSource(input.requests, onReady),
    announce ? announced(openExecutor, announce, clock) : openExecutor,
  );
  void run.ended.then(() => watch?.stop());
  const foundPaces = () => paces?.list() ?? [];
  return { ...run, plan, heldBack, foundPaces, eventLoops: () => watch?.loops() ?? [] };
}

async function openPaces(maxLimit: number, paceFrom: RunPlan['paceFrom']): Promise<FoundPaces> {
  const { openPaceFinder } = await import('./control/finder/open-pace-finder.ts');
  const { FoundPaces } = await import('./control/found-paces.ts');
  return new FoundPaces(before => openPaceFinder({ maxLimit, ...(before && { before }) }), paceFrom);
}

/** Joins an engine, where its requests come from, who runs its attempts, and the stream of its outcomes. */
export function assembleRun<R>(
  options: Omit<EngineOptions<R>, 'onSettled' | 'onFinished'>,
  openRequests: (onReady: () => void) => Source<R>,
  openExecutor: OpenExecutor<R>,
): Run<R> {
  let executor: Executor<R> | undefined;
  let failed: { readonly cause: unknown } | undefined;
  const ended = Promise.withResolvers<void>();
  const outcomes = new Outcomes<R>(() => {
    engine.abort({ code: 'ABANDONED', message: 'The outcomes were not read to their end.' });
    return ended.promise;
  });
  const engine = new Engine<R>(
    {
      ...options,
      onSettled: settled => outcomes.add(settled),
      onFinished: failure =>
        void executor?.close().then(() => {
          // It never rejects. Whoever waits for the end of the run is told ahead of the reader.
          ended.resolve();
          outcomes.end(failed ?? failure);
        }),
    },
    openRequests,
    onAttemptEnd => {
      executor = published(openExecutor)(onAttemptEnd);
      return executor;
    },
  );
  outcomes.attach(engine);
  return {
    clock: options.clock,
    outcomes,
    ended: ended.promise,
    statistics: () => engine.statistics(),
    lookIn: most => engine.lookIn(most),
    pausedHosts: () => engine.pausedHosts(),
    endedEarlyBy: () => engine.endedEarlyBy,
    workerUsage: () => executor?.usage?.() ?? NO_WORKERS,
    change: limits => engine.change(limits),
    drain: cause => engine.drain(cause),
    abort: cause => engine.abort(cause),
    fail(error) {
      failed ??= { cause: error };
      engine.drain({ code: error.code, message: error.message });
    },
  };
}

interface ExecutorParts {
  readonly clock: Clock;
  /** The machine's monotonic clock at the run's zero. */
  readonly clockOriginMs: number;
  readonly watch: LoopWatch | undefined;
  readonly onBroken: (cause: OutcomeError) => void;
}

async function executorFor(plan: RunPlan, parts: ExecutorParts): Promise<OpenExecutor<HttpRequest>> {
  const { clock, clockOriginMs } = parts;
  const { place } = STRATEGIES[plan.strategy];
  if (place === 'this thread') {
    const { openLocalExecutor } = await import('./executors/open-local.ts');
    const handler = plan.attempt.handler
      ? await (await import('./executors/handlers.ts')).loadHandler(plan.attempt.handler)
      : undefined;
    const local = { plan: plan.attempt, handler, clock, clockOriginMs, worker: undefined };
    return onAttemptEnd => openLocalExecutor({ ...local, onAttemptEnd });
  }
  const { openWorkers } = await import('./executors/open-workers.ts');
  const { workers, attempt, polite } = plan;
  const awaitReady = polite.rate !== null || polite.hostRate !== null;
  const pool = await openWorkers({
    ...{ place, workers, plan: attempt, awaitReady, ...parts },
  });
  return onAttemptEnd => pool.attach(onAttemptEnd);
}
