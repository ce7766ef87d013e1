// The rates and the limit for each host, as the header of a record states them: only those that were set.
import type { PolitePlan } from '../../engine/polite-plan.ts';
import type { RunHeader } from '../../model/record.ts';

export function statedLimits({
  rate,
  hostRate,
  burst,
  perHost,
}: PolitePlan): Pick<RunHeader, 'rate' | 'hostRate' | 'burst' | 'perHost'> {
  return {
    ...(rate && { rate }),
    ...(hostRate && { hostRate }),
    ...((rate || hostRate) && burst > 1 && { burst }),
    ...(Number.isFinite(perHost) && { perHost }),
  };
}
