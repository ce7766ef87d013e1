// From a run that has begun to a session that sees it to its end: outputs over their sinks, and what is said first.
import { VERSION } from '../../base/version.ts';
import type { RunHeader } from '../../model/record.ts';
import { timeOfDay } from '../../platform/wall-clock.ts';
import type { HttpRun } from '../../run.ts';
import type { CommandLine } from '../flags/command-line.ts';
import type { CommandIo } from '../terminal/io.ts';
import type { BodyStore } from './body-saver.ts';
import type { CountedInputs } from './counted-inputs.ts';
import { warningBefore } from './held-back.ts';
import type { OpenSink } from './open-sinks.ts';
import { outputsOver } from './outputs.ts';
import type { FetchPlan } from './plan.ts';
import { FetchSession } from './session.ts';
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
}

export async function startSession(parts: StartedParts): Promise<FetchSession> {
  const { line, plan, io, counted, sinks, folder, run, stopping } = parts;
  const outputLost = { code: OUTPUT_LOST, message: 'The output can no longer be written.' };
  const onFailure = () => run.abort(outputLost);
  const outputs = outputsOver(sinks, { clock: run.clock, plan, io, onFailure });
  outputs.begin(headerOf(run));
  const verbose = line.flags.verbose ? await import('./verbose.ts') : null;
  const session = new FetchSession({
    run,
    outputs,
    counted,
    flags: line.flags,
    io,
    stopping,
    folder,
    checks: plan.checks,
    ...(verbose && { failureLines: (clock, say) => new verbose.FailureLines(clock, say) }),
  });
  for (const text of verbose?.planLines(run.plan, plan, line.words) ?? []) session.say(text);
  for (const warning of plan.warnings) session.warn(warning);
  const heldBack = warningBefore(run.heldBack);
  if (heldBack !== null) session.warn(heldBack);
  return session;
}

function headerOf({ plan, clock }: HttpRun): RunHeader {
  return {
    version: VERSION,
    started: timeOfDay(clock.now()),
    strategy: plan.strategy,
    concurrency: Number.isFinite(plan.limit) ? plan.limit : null,
    ...(plan.workers > 0 && { workers: plan.workers }),
    seed: plan.seed,
  };
}
