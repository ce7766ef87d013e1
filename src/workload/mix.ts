// Weighted choices as people write them: `150ms:10,2s:5` means 10 percent of the one, 5 percent of
// the other, and the default for the rest.
import { PacelineError } from '../base/errors.ts';
import type { Random } from '../base/random.ts';

export interface Mix<T> {
  readonly parts: readonly { readonly percent: number; readonly value: T }[];
  /** What the percents leave over. */
  readonly rest: T;
}

/** Most parts of one mix. */
const PARTS_MAX = 100;
const PERCENT = /^(?:\d+(?:\.\d+)?|\.\d+)%?$/;

/**
 * Reads `value:percent,value:percent`. One value may stand without a percent and takes the rest;
 * where none does, the rest takes `rest`. Commas inside parentheses belong to the value.
 * @param name what the mix is for, as the user wrote it (`--delay`); used in messages
 * @throws ERR_OPTION_INVALID for a percent that is none, more than 100 percent, or two takers of the rest
 */
export function parseMix<T>(text: string, name: string, read: (value: string) => T, rest: T): Mix<T> {
  const parts: { percent: number; value: T }[] = [];
  let others: { value: T } | undefined;
  let sum = 0;
  const items = text.split(/,(?![^(]*\))/);
  if (items.length > PARTS_MAX) throw invalid(name, `more than ${PARTS_MAX} parts.`);
  for (const item of items) {
    const colon = item.lastIndexOf(':');
    const value = read((colon === -1 ? item : item.slice(0, colon)).trim());
    if (colon === -1) {
      if (others) throw invalid(name, `two values without a percent in '${text}'. Write value:percent.`);
      others = { value };
      continue;
    }
    const percent = readPercent(item.slice(colon + 1).trim(), name);
    sum += percent;
    parts.push({ percent, value });
  }
  if (sum > 100 + 1e-9) throw invalid(name, `the percents of '${text}' add up to ${sum}, more than 100.`);
  return { parts, rest: others ? others.value : rest };
}

/** A percentage such as `5`, `0.5` or `5%`, from 0 to 100. */
export function readPercent(text: string, name: string): number {
  const percent = PERCENT.test(text) ? Number.parseFloat(text) : Number.NaN;
  if (!(percent <= 100)) throw invalid(name, `expected a percentage from 0 to 100, got '${text}'.`);
  return percent;
}

/** Draws one value. Takes exactly one number from `random`, whatever the mix. */
export function pick<T>(mix: Mix<T>, random: Random): T {
  let left = random.next() * 100;
  for (const part of mix.parts) {
    if (left < part.percent) return part.value;
    left -= part.percent;
  }
  return mix.rest;
}

function invalid(name: string, what: string): PacelineError {
  return new PacelineError('ERR_OPTION_INVALID', `${name}: ${what}`);
}
