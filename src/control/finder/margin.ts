// How far above the capacity the limit is, and how exactly a level is known.

/** So many requests wait, so that the capacity is proved anew in each round. */
const MARGIN = 1;
/** And of a large limit such a share: the larger it is, the less exactly proofs tell it. */
const MARGIN_SHARE = 0.06;
const TOLERANCE = 0.5;
const TOLERANCE_SHARE = 0.05;

/** The limit that suits a capacity. */
export function withMargin(capacity: number): number {
  return capacity + Math.max(MARGIN, MARGIN_SHARE * capacity);
}

/** Levels that are so much apart are the same. */
export function toleranceOf(level: number): number {
  return Math.max(TOLERANCE, TOLERANCE_SHARE * level);
}
