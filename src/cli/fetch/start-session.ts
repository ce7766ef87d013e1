// From a run that has begun to a session that sees it to its end: outputs over their sinks, and what is said first.
import { VERSION } from '../../base/version.ts';
import type { Resumed, RunHeader } from '../../model/record.ts';
import { timeOfDay } from '../../platform/wall-clock.ts';
import type { HttpRun } from '../../run.ts';
import { roundMs } from '../../trace/instants.ts';
import type { CommandLine } from '../flags/command-line.ts';
import { inputIdentity, saltOf } from '../journal/identity.ts';
import type { Intents } from '../journal/intents.ts';
import type { ResumedRecord } from '../journal/resume.ts';
import type { Cast } from '../terminal/cast.ts';
import type { CommandIo } from '../terminal/io.ts';
import type { BodyStore } from './body-saver.ts';
import type { CountedInputs } from './counted-inputs.ts';
import { displayFor } from './display.ts';
import { warningBefore } from './held-back.ts';
import type { OpenSink } from './open-sinks.ts';
import { outputsOver } from './outputs.ts';
import { beginsWith, statedStarts } from './pace-words.ts';
import type { FetchPlan } from './plan.ts';
import { FetchSession } from './session.ts';
import { statedLimits } from './stated-limits.ts';
import type { Stopping } from './stopping.ts';
import { OUTPUT_LOST } from './troubles.ts';

export interface StartedParts {
  readonly line: CommandLine;
  readonly plan: FetchPlan;
  readonly io: CommandIo;
  readonly counted: CountedInputs;
  readonly sinks: readonly OpenSink[];
  /** Where bodies are saved as files; left out for nowhere. */
  readonly folder: BodyStore | undefined;
  readonly run: HttpRun;
  readonly stopping: Stopping;
  /** The record that is gone on from; null for a run that begins. */
  readonly resumed: ResumedRecord | null;
  readonly intents: Intents;
  /** Records what is shown; null for nowhere. */
  readonly cast: Cast | null;
}

export async function startSession(parts: StartedParts): Promise<FetchSession> {
  const { line, plan, io, counted, sinks, folder, run, stopping, resumed, intents, cast } = parts;
  const outputLost = { code: OUTPUT_LOST, message: 'The output can no longer be written.' };
  const onFailure = () => run.abort(outputLost);
  const outputs = outputsOver(sinks, { clock: run.clock, plan, io, onFailure });
  const header = headerOf(run, plan, line);
  outputs.begin(header, resumed && resumedOf(header, resumed));
  intents.attach(({ index, attempt }) =>
    outputs.announce({ index: resumed?.continuation.indexOf(index) ?? index, attempt }),
  );
  const verbose = line.flags.verbose ? await import('./verbose.ts') : null;
  const { useTerminal } = outputs;
  const onQuit = () => stopping.drain();
  const showing = { run, header, flags: line.flags, io, useTerminal, isResumed: resumed !== null, onQuit };
  const openDisplay = await displayFor(showing, cast);
  const session = new FetchSession({
    run,
    header,
    outputs,
    counted,
    flags: line.flags,
    io: cast?.over(io) ?? io,
    stopping,
    folder,
    resumed,
    checks: plan.checks,
    openDisplay,
    ...(verbose && { failureLines: (clock, say) => new verbose.FailureLines(clock, say) }),
  });
  for (const text of verbose?.planLines(run.plan, plan, line.words) ?? []) session.say(text);
  for (const warning of plan.warnings) session.warn(warning);
  // Of a run that is complete there is nothing left to send, as a rule.
  const isDone = resumed?.scanned.summary?.ended === 'complete';
  const begins = isDone ? null : beginsWith(run.plan);
  if (begins !== null) session.say(begins);
  const heldBack = warningBefore(run.heldBack);
  if (heldBack !== null) session.warn(heldBack);
  return session;
}

function headerOf({ plan, clock }: HttpRun, fetchPlan: FetchPlan, { words }: CommandLine): RunHeader {
  const run = {
    version: VERSION,
    started: timeOfDay(clock.now()),
    strategy: plan.strategy,
    concurrency: Number.isFinite(plan.limit) ? plan.limit : null,
    ...(plan.findsUpTo !== null && ({ findsPace: true } as const)),
    ...(plan.paceFrom.size > 0 && { paceFrom: statedStarts(plan) }),
    ...(plan.workers > 0 && { workers: plan.workers }),
    ...statedLimits(plan.polite),
    seed: plan.seed,
  };
  return { ...run, inputs: inputIdentity(fetchPlan, words, saltOf(run)) };
}

function resumedOf(
  { started, strategy, concurrency, findsPace, paceFrom, workers, seed }: RunHeader,
  { scanned }: ResumedRecord,
): Resumed {
  const atMs = roundMs(scanned.lastMs);
  const finds = { ...(findsPace && { findsPace }), ...(paceFrom && { paceFrom }) };
  return { started, atMs, strategy, concurrency, ...finds, ...(workers !== undefined && { workers }), seed };
}
