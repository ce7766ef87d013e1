// A `fetch` from its inputs to its exit code. This file joins the parts; what they do stands in them.

import process from 'node:process';
import type { Clock } from '../../base/clock.ts';
import type { Input } from '../../input/input.ts';
import { readRequests } from '../../input/read-requests.ts';
import type { PaceStart } from '../../model/record.ts';
import { boundYoungGeneration } from '../../platform/young-generation.ts';
import type { HttpRun } from '../../run.ts';
import type { CommandLine } from '../flags/command-line.ts';
import type { Intents } from '../journal/intents.ts';
import type { ResumedRecord } from '../journal/resume.ts';
import type { RunReports } from '../report/run-reports.ts';
import type { Cast } from '../terminal/cast.ts';
import type { CommandIo } from '../terminal/io.ts';
import { explainError, speakerOn } from '../terminal/messages.ts';
import { type CountedInputs, countInputs } from './counted-inputs.ts';
import { type OpenInputs, openInputs } from './input-files.ts';
import { openFolder } from './open-folder.ts';
import { type OpenSink, openSinks } from './open-sinks.ts';
import type { FetchPlan } from './plan.ts';
import type { FetchSession } from './session.ts';
import { Stopping } from './stopping.ts';

export interface FetchParts {
  readonly line: CommandLine;
  readonly plan: FetchPlan;
  readonly io: CommandIo;
  /** Attempts run in this thread. */
  readonly isHere: boolean;
  /** What the run is to send, once it can be read. */
  readonly give: (batches: AsyncIterable<readonly Input[]>) => void;
  /** @param paceFrom what the record that is gone on from says of the pace */
  readonly openRun: (paceFrom: readonly PaceStart[]) => Promise<HttpRun>;
  readonly intents: Intents;
}

/** @returns the exit code */
export async function fetchAs({ line, plan, io, ...parts }: FetchParts): Promise<number> {
  const inputs = await openInputs(line.words, io, plan.repeat);
  if (io.stdin.isTTY && inputs.usesStdin) {
    const { say } = speakerOn(io, { quiet: line.flags.quiet === true });
    say('Reading requests from this terminal: a URL a line, ^D when done. (From a file: -i FILE.)');
  }
  try {
    const batches = readRequests(inputs.sources, {
      format: plan.inputFormat,
      defaults: plan.defaults,
      repeat: plan.repeat,
    });
    if (line.flags['dry-run']) {
      const { dryRun } = await import('./dry-run.ts');
      return await dryRun(batches, plan, line.flags, io);
    }
    const reports = line.flags.report ? await openReports(line.flags.report, inputs) : null;
    const resumed = plan.resume ? await resume(plan, line, inputs) : null;
    const isAllUrls = inputs.sources.every(source => 'url' in source);
    const known = isAllUrls ? inputs.sources.length * plan.repeat : null;
    const counted = countInputs(batches, inputs.fractionRead, known);
    parts.give(resumed ? resumed.continuation.rest(counted.batches) : counted.batches);
    const sending = { ...parts, line, plan, inputs, io, counted, resumed };
    const sent = (cast: Cast | null): Promise<number> => sendTo(reports, { ...sending, cast });
    if (line.flags.record === undefined) return await sent(null);
    const { sendAndRecord } = await import('./send-and-record.ts');
    return await sendAndRecord({ ...line.flags, record: line.flags.record }, inputs.fileKeys, io, sent);
  } finally {
    await inputs.close();
  }
}

async function resume(
  plan: FetchPlan,
  { words }: CommandLine,
  { fileKeys }: OpenInputs,
): Promise<ResumedRecord | null> {
  const { resumeRecord } = await import('../journal/resume.ts');
  return await resumeRecord(plan, words, fileKeys);
}

async function openReports(paths: readonly string[], { fileKeys }: OpenInputs): Promise<RunReports> {
  const { RunReports } = await import('../report/run-reports.ts');
  return await RunReports.open(paths, fileKeys);
}

interface SendParts extends Omit<FetchParts, 'give'> {
  readonly inputs: OpenInputs;
  readonly counted: CountedInputs;
  readonly resumed: ResumedRecord | null;
  readonly cast: Cast | null;
}

async function sendTo(reports: RunReports | null, parts: SendParts): Promise<number> {
  if (reports === null) return await send(parts);
  const { plan, io, line } = parts;
  const { sendAndDraw } = await import('../report/send-and-draw.ts');
  return await sendAndDraw(
    reports,
    plan.recordPath,
    speakerOn(io, { quiet: line.flags.quiet === true }),
    drawn => send({ ...parts, plan: { ...plan, recordPath: drawn } }),
  );
}

async function send(parts: SendParts): Promise<number> {
  const { plan, io, isHere } = parts;
  // What a user's handler allocates is not ours to bound, nor what lives in the process of somebody else.
  if (!plan.run.handler && isHere && io === process) boundYoungGeneration();
  if (!plan.run.handler || !isHere || io !== process) {
    return await (await openSession(parts)).finish();
  }
  const { guardAgainstHandler } = await import('./handler-guard.ts');
  let session: FetchSession | undefined;
  const endGuard = guardAgainstHandler(plan.run.handler.path, error => {
    if (session) session.fail(error);
    else process.exit(explainError(error, io)); // while its module was loaded
  });
  try {
    session = await openSession(parts);
    return await session.finish();
  } finally {
    endGuard();
  }
}

/** Sends first: the record, the summary and the progress line are loaded while the answers are on their way. */
async function openSession(parts: SendParts): Promise<FetchSession> {
  const { line, plan, inputs, io, counted, openRun, resumed, intents, cast } = parts;
  let folder: Awaited<ReturnType<typeof openFolder>> | undefined;
  let sinks: readonly OpenSink[] = [];
  let run: HttpRun | undefined;
  let stopping: Stopping | undefined;
  try {
    sinks = await openSinks(plan, inputs.fileKeys, io, resumed?.sink);
    if (plan.outputDir !== null) folder = await openFolder(plan.outputDir);
    run = await openRun(resumed?.paceFrom ?? []);
    stopping = new Stopping(process, run, code => process.exit(code));
    run.outcomes[Symbol.asyncIterator](); // starts it
    await firstSends(run.clock);
    const { startSession } = await import('./start-session.ts');
    const started = { line, plan, io, counted, sinks, folder, run, stopping, resumed, intents, cast };
    return await startSession(started);
  } catch (error) {
    stopping?.end();
    intents.abandon();
    await run?.outcomes.return();
    for (const { sink } of sinks) await sink.close();
    await folder?.close();
    throw error;
  }
}

/** Long enough for a connection on this host; one to elsewhere takes longer than what is loaded meanwhile. */
const FIRST_SENDS_MS = 2;

function firstSends(clock: Clock): Promise<void> {
  return new Promise(resolve => clock.schedule(clock.now() + FIRST_SENDS_MS, resolve));
}
