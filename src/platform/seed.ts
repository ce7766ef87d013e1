// The only place that draws a seed. Everything random in a run follows from it.

/** A whole number below 2^32: short enough to be typed again. */
export function drawSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] as number;
}
