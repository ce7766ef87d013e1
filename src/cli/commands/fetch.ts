// `paceline fetch`: sends the requests of its inputs and streams a record of each. This file joins the
// parts; what they do stands in them.

import process from 'node:process';
import { VERSION } from '../../base/version.ts';
import { strategyNamed } from '../../engine/strategies.ts';
import { readRequests } from '../../input/read-requests.ts';
import type { RunHeader } from '../../model/record.ts';
import { timeOfDay } from '../../platform/wall-clock.ts';
import { boundYoungGeneration } from '../../platform/young-generation.ts';
import { type HttpRun, openRun } from '../../run.ts';
import type { CommandLine } from '../command-line.ts';
import { type CountedInputs, countInputs } from '../counted-inputs.ts';
import { type FetchPlan, fetchPlan } from '../fetch-plan.ts';
import { FetchSession } from '../fetch-session.ts';
import { type OpenInputs, openInputs } from '../input-files.ts';
import type { CommandIo } from '../io.ts';
import { explainError, speakerOn } from '../messages.ts';
import { openSinks, outputsOver } from '../outputs.ts';

/** @returns the exit code */
export async function run(line: CommandLine, io: CommandIo): Promise<number> {
  const plan = await fetchPlan(line, io);
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
      const { dryRun } = await import('../dry-run.ts');
      return await dryRun(batches, plan, line.flags, io);
    }
    const isAllUrls = inputs.sources.every(source => 'url' in source);
    const known = isAllUrls ? inputs.sources.length * plan.repeat : null;
    const counted = countInputs(batches, inputs.fractionRead, known);
    return await send({ line, plan, inputs, io, counted });
  } finally {
    await inputs.close();
  }
}

interface SendParts {
  readonly line: CommandLine;
  readonly plan: FetchPlan;
  readonly inputs: OpenInputs;
  readonly io: CommandIo;
  readonly counted: CountedInputs;
}

async function send(parts: SendParts): Promise<number> {
  const { plan, io } = parts;
  const isInThisThread = strategyNamed(plan.run.strategy ?? 'semaphore').place === 'this thread';
  // What a user's handler allocates is not ours to bound, nor what lives in the process of somebody else.
  if (!plan.run.handler && isInThisThread && io === process) boundYoungGeneration();
  if (!plan.run.handler || !isInThisThread || io !== process) {
    return await (await openSession(parts)).finish();
  }
  const { guardAgainstHandler } = await import('../handler-guard.ts');
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

async function openSession({ line, plan, inputs, io, counted }: SendParts): Promise<FetchSession> {
  const sinks = await openSinks(plan, inputs.fileKeys, io);
  let httpRun: HttpRun;
  try {
    httpRun = await openRun({ batches: counted.batches }, plan.run);
  } catch (error) {
    for (const { sink } of sinks) await sink.close();
    throw error;
  }
  const outputs = outputsOver(sinks, { clock: httpRun.clock, plan, io });
  outputs.begin(headerOf(httpRun));
  const verbose = line.flags.verbose ? await import('../verbose.ts') : null;
  const session = new FetchSession({
    run: httpRun,
    outputs,
    counted,
    flags: line.flags,
    io,
    ...(verbose && { failureLines: (clock, say) => new verbose.FailureLines(clock, say) }),
  });
  for (const text of verbose?.planLines(httpRun.plan, plan, line.words) ?? []) session.say(text);
  for (const warning of plan.warnings) session.warn(warning);
  return session;
}

function headerOf({ plan }: HttpRun): RunHeader {
  return {
    version: VERSION,
    started: timeOfDay(),
    strategy: plan.strategy,
    concurrency: Number.isFinite(plan.limit) ? plan.limit : null,
    ...(plan.workers > 0 && { workers: plan.workers }),
    seed: plan.seed,
  };
}
