// In which of its ways a run has ended: what failed on this side outranks the rest, and of the rest the first counts.
import type { OutcomeError } from '../../model/outcome.ts';
import type { RunEnding } from '../../model/record.ts';
import { INTERRUPTED } from './stopping.ts';

/** What ended a run, as far as it did. */
export interface EndingFacts {
  /** An input, the handler, the workers, or the folder of bodies. */
  readonly hasFailed: boolean;
  /** Some output can no longer be written. */
  readonly outputsFailed: boolean;
  /** The same, because whoever read it has left. */
  readonly readerHasLeft: boolean;
  /** What ended starts first; null when nothing did. */
  readonly endedEarlyBy: OutcomeError | null;
}

const BY_CODE: Readonly<Record<string, RunEnding>> = {
  [INTERRUPTED]: 'interrupted',
  RUN_DEADLINE: 'deadline',
  RUN_FAILED: 'failed',
};

export function howItEnded(facts: EndingFacts): RunEnding {
  const { hasFailed, outputsFailed, readerHasLeft, endedEarlyBy } = facts;
  if (hasFailed || (outputsFailed && !readerHasLeft)) return 'local_failure';
  const early = endedEarlyBy && BY_CODE[endedEarlyBy.code];
  return early ?? (readerHasLeft ? 'interrupted' : 'complete');
}
