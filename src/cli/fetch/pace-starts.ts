// Where a run may begin, from what another one found.
import { PACE_MEASURES, type PaceStart, type Summary } from '../../model/record.ts';
import { knownPace } from '../../reports/pace-text.ts';

/**
 * What there is to begin with: nothing of a server that has answered nothing well, or only while its run began; and
 * never more than were in flight, since more than that was never tried.
 */
export function paceStarts(summary: Pick<Summary, 'pace' | 'outcomes' | 'inFlightMax'>): PaceStart[] {
  const most = Math.max(1, summary.inFlightMax);
  // A server that counts, and did not show how many it allows, is not known.
  const known = knownPace(summary).filter(one => one.mode !== 'rate' || one.ratePerSecond !== undefined);
  return known.map(one => {
    const measures = PACE_MEASURES.filter(measure => (one[measure] ?? 0) > 0);
    return {
      ...{ origin: one.origin, mode: one.mode, limit: Math.max(1, Math.min(most, one.limit)) },
      ...Object.fromEntries(measures.map(measure => [measure, one[measure]])),
      ...((one.capacity ?? 0) > most && { capacity: most }),
    };
  });
}
