// Where a run begins because an earlier one found it, in words.
import { startedFrom } from '../../control/finder/found-before.ts';
import type { RunPlan } from '../../engine/plan.ts';
import type { PaceStart } from '../../model/record.ts';
import { startedText } from '../../reports/pace-text.ts';
import { counted } from '../../timeline/caption.ts';

/** As the record has it; empty where the run begins with nothing. */
export function statedStarts({ paceFrom }: Pick<RunPlan, 'paceFrom'>): PaceStart[] {
  return [...paceFrom].map(([origin, start]) => ({ origin, ...start }));
}

/** Null where the run begins with nothing. */
export function beginsWith(plan: Pick<RunPlan, 'paceFrom' | 'findsUpTo'>): string | null {
  const starts = statedStarts(plan);
  const [only, ...others] = starts;
  if (only === undefined) return null;
  if (others.length > 0) return `Begins with what was found before of ${counted(starts.length, 'origin')}.`;
  const begun = startedFrom(only, plan.findsUpTo ?? Number.POSITIVE_INFINITY);
  return `Begins with ${startedText(begun)} for ${only.origin}, as found before.`;
}
