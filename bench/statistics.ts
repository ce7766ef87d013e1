// The arithmetic of a comparison: rounds of noise become a median with its borders, and two contestants are
// compared round by round, so that a slow minute of the machine touches both sides of a ratio.

export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** Least, middle and greatest of the values; the middle of an even number is the mean of the inner two. */
export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new RangeError('expected at least one value to take a median of');
  const sorted = values.toSorted((a, b) => a - b);
  const at = (place: number): number => sorted[place] ?? Number.NaN;
  const last = sorted.length - 1;
  return { min: at(0), median: (at(last >> 1) + at((last + 1) >> 1)) / 2, max: at(last) };
}

/** Value over reference, each pair from the same round. */
export function pairedRatio(values: readonly number[], reference: readonly number[]): Spread {
  if (values.length !== reference.length) {
    throw new RangeError(
      `expected as many values as references, got ${values.length} and ${reference.length}`,
    );
  }
  return spreadOf(values.map((value, round) => value / (reference[round] ?? Number.NaN)));
}
