// Ticks at 1-2-5 steps of time, labelled from the start of the run, or from the left edge where that would take too
// many digits; and ticks of a logarithmic axis.
import { formatDuration } from '../base/units.ts';
import type { Span } from '../timeline/large/pieces.ts';

export interface TimeTick {
  readonly us: number;
  readonly label: string;
}

const UNITS = [
  { name: 'µs', us: 1 },
  { name: 'ms', us: 1000 },
  { name: 's', us: 1e6 },
  { name: 'min', us: 6e7 },
  { name: 'h', us: 3.6e9 },
] as const;

/** Above ten seconds people count in parts of minutes, hours and days. */
const LONG_STEPS_S = [10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400];

/** @param most so many labels have room */
export function timeTicks({ fromUs, toUs }: Span, most: number): TimeTick[] {
  const step = niceStep((toUs - fromUs) / Math.max(1, most));
  const isFar = step < fromUs / 5000;
  const origin = isFar ? Math.round(fromUs) : 0;
  const unit = unitFor(step);
  const digits = Math.max(0, Math.ceil(-Math.log10(step / unit.us) - 1e-9));
  const ticks: TimeTick[] = [];
  for (let i = Math.ceil((fromUs - origin) / step); origin + i * step <= toUs; i++) {
    const value = ((i * step) / unit.us).toFixed(digits);
    const label =
      i === 0 ? (isFar ? formatDuration(origin / 1000) : '0') : `${isFar ? '+' : ''}${value} ${unit.name}`;
    ticks.push({ us: origin + i * step, label });
  }
  return ticks;
}

/** A label is never rounded: from a second on, only units of which the step is a whole number. */
function unitFor(step: number): (typeof UNITS)[number] {
  let unit: (typeof UNITS)[number] = UNITS[0];
  for (const candidate of UNITS)
    if (candidate.us <= 1e6 ? step * 4 >= candidate.us : step % candidate.us === 0) unit = candidate;
  return unit;
}

/** At least this, and 1, 2 or 5 times a power of ten, or a part of a minute, an hour or a day. */
function niceStep(least: number): number {
  if (least > 5e6) {
    for (const step of LONG_STEPS_S) if (step * 1e6 >= least) return step * 1e6;
    return Math.ceil(least / 8.64e10) * 8.64e10;
  }
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  for (const digit of [1, 2, 5, 10]) if (digit * power >= least) return digit * power;
  return 10 * power;
}
