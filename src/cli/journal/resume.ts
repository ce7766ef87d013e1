// `--resume`: all that a session needs to know of the record that it goes on from.
import { PacelineError } from '../../base/errors.ts';
import { CheckTally } from '../../control/checks.ts';
import type { PaceStart } from '../../model/record.ts';
import type { HttpRequest } from '../../model/request.ts';
import type { Settled } from '../../model/settled.ts';
import { Continuation } from '../../trace/continuation.ts';
import type { ScannedRecord } from '../../trace/scan.ts';
import { SummaryBuilder } from '../../trace/summary.ts';
import { paceStarts } from '../fetch/pace-starts.ts';
import type { FetchPlan } from '../fetch/plan.ts';
import { replayedStarts } from '../fetch/replayed-starts.ts';
import { Troubles } from '../fetch/troubles.ts';
import type { Word } from '../flags/command-line.ts';
import type { Sink } from '../output/buffered-writer.ts';
import { identityProblem, inputIdentity, saltOf } from './identity.ts';
import { openRecord } from './open-record.ts';

export interface ResumedRecord {
  readonly scanned: ScannedRecord;
  readonly sink: Sink;
  readonly continuation: Continuation;
  /** Has counted what stays. */
  readonly summary: SummaryBuilder;
  readonly troubles: Troubles;
  readonly checks: CheckTally;
  /** What it found of the pace. */
  readonly paceFrom: readonly PaceStart[];
}

/** Null when there is nothing to go on from: then the run begins. @throws as `openRecord`, ERR_RECORD_MISMATCH */
export async function resumeRecord(
  plan: FetchPlan,
  words: readonly Word[],
  inputKeys: ReadonlySet<string>,
): Promise<ResumedRecord | null> {
  const { resume, recordPath } = plan;
  if (resume === null || recordPath === null) return null;
  const summary = new SummaryBuilder();
  const troubles = new Troubles();
  const checks = new CheckTally(plan.checks);
  const stays = {
    add(settled: Settled<unknown>): void {
      summary.add(settled);
      checks.add(settled);
    },
  };
  const onNotOk = (settled: Settled<HttpRequest>): void => troubles.add(settled);
  const opened = await openRecord(recordPath, inputKeys, {
    ...{ takesFailuresAgain: resume.retryFailed, retryUnsafe: resume.retryUnsafe, stays, onNotOk },
  });
  if (opened === null) return null;
  const { scanned, sink } = opened;
  const { run } = scanned;
  const problem = run.inputs && identityProblem(run.inputs, inputIdentity(plan, words, saltOf(run)));
  if (problem) {
    await sink.close();
    throw new PacelineError(
      'ERR_RECORD_MISMATCH',
      `${recordPath} is the record of another run: ${problem}. Resume with the inputs and flags of the first run ` +
        '(how fast it goes may differ), or choose another -o.',
    );
  }
  const continuation = new Continuation({ record: scanned, retryUnsafe: resume.retryUnsafe });
  const paceFrom = scanned.summary ? paceStarts(scanned.summary) : await replayedStarts(recordPath, run);
  return { scanned, sink, continuation, summary, troubles, checks, paceFrom };
}
