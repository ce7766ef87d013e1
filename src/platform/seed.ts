// The only place that draws a seed. Everything random in a run follows from it.

/**
 * A whole number below 2^32: short enough to be typed again. From `Math.random`, which V8 seeds from the
 * system's entropy: the `crypto` global would say no better and takes 15 ms to load.
 */
export function drawSeed(): number {
  return Math.floor(Math.random() * 2 ** 32);
}
