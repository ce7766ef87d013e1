// What was found of the pace of each origin, as the record has it: on the record's axis, what is not known left out.
import { findingText } from '../../control/finder/finding-text.ts';
import type { FoundOrigin } from '../../control/found-paces.ts';
import type { OriginPace } from '../../model/record.ts';
import { roundMs } from '../../trace/instants.ts';
import type { FoundSoFar } from '../terminal/progress-line.ts';

/** @param fromMs where on the record's axis this run begins */
export function paceLines(found: readonly FoundOrigin[], fromMs: number): OriginPace[] {
  return found.map(({ origin, finding, changes, from }) => {
    const { mode, limit, capacity, ratePerSecond, depth, quota, windowMs } = finding;
    const { serviceMs, proofs, isFilled, reason } = finding;
    return {
      ...{ origin, mode, limit },
      ...(capacity !== null && { capacity: rounded(capacity) }),
      ...(ratePerSecond !== null && { ratePerSecond: rounded(ratePerSecond) }),
      ...(depth !== undefined && { depth: rounded(depth) }),
      ...(quota !== undefined && { quota: rounded(quota) }),
      ...(windowMs !== undefined && { windowMs: rounded(windowMs) }),
      ...(serviceMs !== null && { serviceMs: roundMs(serviceMs) }),
      ...(proofs > 0 && { proofs }),
      ...(isFilled && ({ filled: true } as const)),
      reason,
      says: findingText(finding),
      changes: changes.map(([atMs, most, why]) => [roundMs(fromMs + atMs), most, why] as const),
      ...(from !== null && { from }),
    };
  });
}

/** What was found by now, where there is one origin: several have no limit in common. */
export function soleFound([first, second]: readonly FoundOrigin[]): FoundSoFar {
  if (!first || second) return { foundLimit: null };
  const { finding } = first;
  const isKnown = finding.mode !== 'starting';
  return { foundLimit: finding.limit, ...(isKnown && { found: findingText(finding) }) };
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
