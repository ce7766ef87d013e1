// Times as the record writes them: milliseconds with at most three decimals. Splitting off the whole
// milliseconds keeps both halves small integers, which print several times faster than a fraction does.
import { assert } from '../base/assert.ts';

const THOUSANDTHS: readonly string[] = Array.from({ length: 1000 }, (_, i) =>
  i === 0 ? '' : `.${String(i).padStart(3, '0')}`.replace(/0+$/, ''),
);

/** The largest time there is in a record, 285 years: beyond it microseconds are not whole numbers any more. */
export const MS_MAX = 9e12;

/** Rounded to whole microseconds, in ms: what a reader of the record gets back. */
export function roundMs(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

/** The JSON text of `roundMs(ms)`, never with an exponent. */
export function msText(ms: number): string {
  const micros = Math.round(ms * 1000);
  if (!(micros >= 0 && micros < Number.MAX_SAFE_INTEGER)) return unusualMsText(ms);
  const whole = Math.floor(micros / 1000);
  return whole + (THOUSANDTHS[micros - whole * 1000] as string);
}

function unusualMsText(ms: number): string {
  assert(Math.abs(ms) <= MS_MAX, 'times in the record are finite');
  return `-${msText(-ms)}`;
}
