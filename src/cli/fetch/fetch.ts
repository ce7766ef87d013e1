// A `fetch` from its inputs to its exit code. This file joins the parts; what they do stands in them.

import process from 'node:process';
import { VERSION } from '../../base/version.ts';
import type { Input } from '../../input/input.ts';
import { readRequests } from '../../input/read-requests.ts';
import type { RunHeader } from '../../model/record.ts';
import { timeOfDay } from '../../platform/wall-clock.ts';
import { boundYoungGeneration } from '../../platform/young-generation.ts';
import type { HttpRun } from '../../run.ts';
import type { CommandLine } from '../flags/command-line.ts';
import type { CommandIo } from '../terminal/io.ts';
import { explainError, speakerOn } from '../terminal/messages.ts';
import { type CountedInputs, countInputs } from './counted-inputs.ts';
import { type OpenInputs, openInputs } from './input-files.ts';
import { openSinks, outputsOver } from './outputs.ts';
import type { FetchPlan } from './plan.ts';
import { FetchSession } from './session.ts';

export interface FetchParts {
  readonly line: CommandLine;
  readonly plan: FetchPlan;
  readonly io: CommandIo;
  /** Attempts run in this thread. */
  readonly isHere: boolean;
  /** What the run is to send, once it can be read. */
  readonly give: (batches: AsyncIterable<readonly Input[]>) => void;
  readonly openRun: () => Promise<HttpRun>;
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
    const isAllUrls = inputs.sources.every(source => 'url' in source);
    const known = isAllUrls ? inputs.sources.length * plan.repeat : null;
    const counted = countInputs(batches, inputs.fractionRead, known);
    parts.give(counted.batches);
    return await send({ ...parts, line, plan, inputs, io, counted });
  } finally {
    await inputs.close();
  }
}

interface SendParts extends Omit<FetchParts, 'give'> {
  readonly inputs: OpenInputs;
  readonly counted: CountedInputs;
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

async function openSession({ line, plan, inputs, io, counted, openRun }: SendParts): Promise<FetchSession> {
  const sinks = await openSinks(plan, inputs.fileKeys, io);
  let httpRun: HttpRun;
  try {
    httpRun = await openRun();
  } catch (error) {
    for (const { sink } of sinks) await sink.close();
    throw error;
  }
  const outputs = outputsOver(sinks, { clock: httpRun.clock, plan, io });
  outputs.begin(headerOf(httpRun));
  const verbose = line.flags.verbose ? await import('./verbose.ts') : null;
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
