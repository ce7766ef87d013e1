// `paceline simulate`: the same engine and strategies against a modelled server on a virtual clock. Nothing is
// sent; what would take an hour is drawn in a second. Outcomes are folded as they come, never kept.
import { closeSync, openSync, writeSync } from 'node:fs';
import { PacelineError } from '../../base/errors.ts';
import { VERSION } from '../../base/version.ts';
import { openPaceFinder } from '../../control/finder/open-pace-finder.ts';
import { FoundPaces } from '../../control/found-paces.ts';
import { resolvePolite } from '../../engine/polite-plan.ts';
import { STRATEGIES, STRATEGY_NAMES, type StrategyName, strategyNamed } from '../../engine/strategies.ts';
import { ATTEMPT_LIMITS } from '../../model/plan.ts';
import type { EventLoop, RunHeader } from '../../model/record.ts';
import type { HttpRequest } from '../../model/request.ts';
import { drawSeed } from '../../platform/seed.ts';
import { monotonicMs, systemClock } from '../../platform/system-clock.ts';
import { timeOfDay } from '../../platform/wall-clock.ts';
import { compareJson } from '../../reports/compare-json.ts';
import { RunFacts } from '../../reports/diagnosis/facts.ts';
import { diagnose } from '../../reports/diagnosis.ts';
import { openSimulation, type Simulation, type SimulationPlan } from '../../simulation/run.ts';
import type { ServerModelPlan } from '../../simulation/server-model.ts';
import { BACKLOG_MAX } from '../../slow-server/limits.ts';
import { readServerFlags } from '../../slow-server/options.ts';
import { limitSteps } from '../../timeline/found-limit.ts';
import { PictureModel } from '../../timeline/picture.ts';
import { footerLine, headerLine, requestLine } from '../../trace/line.ts';
import { sealed } from '../../trace/seal.ts';
import { SummaryBuilder } from '../../trace/summary.ts';
import { ONE_SECOND } from '../../workload/service-time.ts';
import { askedLimit } from '../compare/asked-limit.ts';
import { comparisonText, headline, rowOf } from '../compare/print.ts';
import type { Program, ProgramResult } from '../compare/program.ts';
import { EXIT } from '../exit-codes.ts';
import { paceLines, soleFound } from '../fetch/pace-lines.ts';
import { statedLimits } from '../fetch/stated-limits.ts';
import type { CommandLine } from '../flags/command-line.ts';
import { politeOptions } from '../flags/polite-flags.ts';
import { printOut } from '../output/print-out.ts';
import { cannotWrite } from '../output/sinks.ts';
import type { NamedRecord, RunReports } from '../report/run-reports.ts';
import { type CommandIo, canRewrite } from '../terminal/io.ts';
import { lookOf } from '../terminal/look.ts';
import { speakerOn } from '../terminal/messages.ts';
import { Progress, type ProgressOptions } from '../terminal/progress.ts';

const REQUESTS = 9;
const SERVER_WORKERS = 3;
const CLIENT_WORKERS_MAX = 4;
/** Steps of the clock between two looks at the real world: some tens of milliseconds. */
const SLICE_STEPS = 20_000;
const WRITE_CHARS = 64 * 1024;
/** Nothing is ever sent there: `.invalid` is no host by definition (RFC 2606). */
const URL_TEXT = 'http://simulated.invalid/';

/** @returns the exit code: 0, or 1 when some requests would have failed */
export async function run(line: CommandLine, io: CommandIo): Promise<number> {
  const { flags } = line;
  if (line.operands.length > 0)
    throw new PacelineError(
      'ERR_OPTION_INVALID',
      'simulate sends nothing and takes no URL. Did you mean compare?',
    );
  if (flags.scenario !== undefined) {
    const { runScenarios } = await import('../scenarios/run.ts');
    return await runScenarios(flags.scenario, line, io);
  }
  if (flags.seeds !== undefined)
    throw new PacelineError(
      'ERR_OPTION_CONFLICT',
      '--seeds is for --scenario; without it, --seed chooses one.',
    );
  const seed = flags.seed ?? drawSeed();
  const server = serverPlan(line, seed);
  const programs = programsOf(line, server.workers);
  const speaker = speakerOn(io, { quiet: flags.quiet === true });
  speaker.say(`seed ${seed}`);
  const reports = flags.report ? await openReports(flags.report) : null;
  const results: ProgramResult[] = [];
  const records: NamedRecord[] = [];
  try {
    for (const program of programs) {
      const plan = simulationPlan(line, program, server);
      const path = flags.output ?? reports?.temporaryRecord(program.strategy);
      if (path !== undefined) records.push({ name: program.strategy, path });
      results.push(await simulated({ program, plan, seed, outputPath: path ?? null, line, io }));
    }
    await reports?.write(records, speaker);
  } finally {
    reports?.close();
  }
  const own = {
    workers: server.workers,
    serviceTime: server.serviceTime,
    sync: server.workerClass === 'sync',
  };
  const cpuMs = flags.cpu ?? 0;
  const rows = results.map(result => rowOf(result, own, cpuMs));
  const lines = flags.json
    ? [JSON.stringify(compareJson(rows), null, 2)]
    : [
        `Simulated: ${headline(flags.requests ?? REQUESTS, own, cpuMs)}`,
        '',
        ...comparisonText(results, rows, lookOf(io.stdout, io.env, flags.charset)),
      ];
  await printOut(io, `${lines.join('\n')}\n`);
  return rows.every(({ summary }) => summary.requests === (summary.outcomes.ok ?? 0))
    ? EXIT.ok
    : EXIT.someFailed;
}

/** Found out now, not when everything was simulated. */
async function openReports(paths: readonly string[]): Promise<RunReports> {
  const { RunReports } = await import('../report/run-reports.ts');
  return await RunReports.open(paths);
}

interface Work {
  readonly program: Program;
  readonly plan: SimulationPlan;
  readonly seed: number;
  readonly outputPath: string | null;
  readonly line: CommandLine;
  readonly io: CommandIo;
}

async function simulated({ program, plan, seed, outputPath, line, io }: Work): Promise<ProgramResult> {
  const run: RunHeader = {
    version: VERSION,
    started: timeOfDay(),
    strategy: program.strategy,
    concurrency: program.limit,
    ...(program.findsPace && ({ findsPace: true } as const)),
    ...(program.workers !== null && { workers: program.workers }),
    ...(plan.polite && statedLimits(plan.polite)),
    seed,
    requests: program.requests,
    simulated: true,
  };
  const summary = new SummaryBuilder();
  const facts = new RunFacts();
  const picture = new PictureModel();
  const record = outputPath === null ? null : new RecordFile(outputPath);
  record?.line(sealed(headerLine(run)));
  const paces = program.findsPace ? foundPaces(program) : null;
  const openFinder = paces ? (origin: string) => paces.openFinder(origin) : undefined;
  const simulation = openSimulation({ ...plan, ...(openFinder && { openFinder }) }, settled => {
    summary.add(settled);
    facts.add(settled, settled.request.url);
    picture.add(settled);
    record?.line(sealed(requestLine(settled, 'none')));
  });
  const progress = startProgress(program, () => standing(simulation, paces), line, io);
  try {
    while (simulation.advance(SLICE_STEPS)) await new Promise(resolve => setImmediate(resolve));
  } finally {
    progress?.stop();
  }
  const eventLoops = simulation.loads().map((shares, worker) => ({ ...loopOf(program, worker), ...shares }));
  const pace = paceLines(paces?.list() ?? [], 0);
  const total = summary.summary('complete', { eventLoops, pace });
  picture.eventLoops = eventLoops;
  picture.limitSteps = limitSteps(pace);
  record?.line(sealed(footerLine(total)));
  record?.close();
  const diagnoses = diagnose(run, total, facts);
  return { program, run, summary: total, picture, diagnoses, interrupted: false };
}

/** As `fetch -c auto` opens them: nothing here knows that time is simulated. */
function foundPaces({ limit }: Program): FoundPaces {
  const maxLimit = limit ?? Number.POSITIVE_INFINITY;
  return new FoundPaces(() => openPaceFinder({ maxLimit }));
}

function loopOf({ strategy, workers }: Program, worker: number): Pick<EventLoop, 'of' | 'worker'> {
  if (workers === null) return { of: 'main' };
  return { of: strategy === 'processes' ? 'process' : 'thread', worker };
}

type Standing = ReturnType<ProgressOptions['state']>;

function startProgress(
  program: Program,
  state: () => Standing,
  { flags }: CommandLine,
  io: CommandIo,
): Progress | null {
  if (flags.quiet || flags['no-progress']) return null;
  return new Progress({
    clock: systemClock(monotonicMs()),
    write: text => io.stderr.write(text),
    rewrites: canRewrite(io.stderr, io.env),
    columns: () => io.stderr.columns || 80,
    state: () => ({ ...state(), label: program.strategy, total: program.requests }),
  });
}

function standing(simulation: Simulation, paces: FoundPaces | null): Standing {
  const { settled, inFlight, notOk } = simulation.result().engine;
  return { done: settled, inFlight, notOk, total: null, ...soleFound(paces?.list() ?? []) };
}

function serverPlan({ flags }: CommandLine, seed: number): ServerModelPlan {
  const texts = readServerFlags({ delay: flags.delay, rateLimit: flags['rate-limit'] });
  return {
    workers: flags['server-workers'] ?? SERVER_WORKERS,
    workerClass: flags['worker-class'] ?? 'sync',
    serviceTime: texts.serviceTime ?? ONE_SECOND,
    backlog: flags.backlog ?? BACKLOG_MAX,
    rateLimit: texts.rateLimit ?? null,
    seed,
  };
}

function programsOf({ flags }: CommandLine, serverWorkers: number): Program[] {
  const names: readonly StrategyName[] =
    flags.strategy?.split(',').map(name => strategyNamed(name.trim()).name) ?? STRATEGY_NAMES;
  if (flags.output !== undefined && names.length > 1)
    throw new PacelineError('ERR_OPTION_CONFLICT', '-o keeps the record of one strategy: choose it with -S.');
  return names.map(name => {
    const asked = askedLimit(STRATEGIES[name], flags, serverWorkers);
    const workers = flags.workers ?? Math.min(asked.limit ?? CLIENT_WORKERS_MAX, CLIENT_WORKERS_MAX);
    return {
      strategy: name,
      requests: flags.requests ?? REQUESTS,
      ...asked,
      workers: STRATEGIES[name].place === 'this thread' ? null : workers,
    };
  });
}

function simulationPlan({ flags }: CommandLine, program: Program, server: ServerModelPlan): SimulationPlan {
  return {
    requests: requests(program.requests),
    limit: program.limit ?? Number.POSITIVE_INFINITY,
    timeoutMs: flags.timeout ?? Number.POSITIVE_INFINITY,
    limits: {
      ...ATTEMPT_LIMITS,
      connectMs: flags['connect-timeout'] ?? ATTEMPT_LIMITS.connectMs,
      headersMs: flags['headers-timeout'] ?? ATTEMPT_LIMITS.headersMs,
      bodyMs: flags['body-timeout'] ?? ATTEMPT_LIMITS.bodyMs,
    },
    polite: resolvePolite(politeOptions(flags)),
    server,
    network: { rttMs: flags.rtt ?? 0 },
    costs: { workers: program.workers, startUpMs: 0, messageMs: 0, cpuMs: flags.cpu ?? 0 },
  };
}

function* requests(count: number): Generator<HttpRequest> {
  const request = { url: URL_TEXT, method: 'GET', headers: [], body: null, id: null, timeoutMs: null };
  for (let index = 0; index < count; index++) yield request;
}

/** The record, written in blocks. */
class RecordFile {
  readonly #file: number;
  readonly #path: string;
  #text = '';

  /** @throws ERR_IO_WRITE when it cannot be opened, before anything was simulated */
  constructor(path: string) {
    try {
      this.#file = openSync(path, 'w');
    } catch (cause) {
      throw cannotWrite(path, cause);
    }
    this.#path = path;
  }

  line(text: string): void {
    this.#text += text.endsWith('\n') ? text : `${text}\n`;
    if (this.#text.length >= WRITE_CHARS) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    const bytes = Buffer.from(this.#text);
    this.#text = '';
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
    } catch (cause) {
      throw cannotWrite(this.#path, cause);
    }
  }
}
