// Pieces of the sentences that reports are made of.

/** `a`, `a and b`, `a, b and c` */
export function joined(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

/** `87 %`; never 100 for less than all, never 0 for more than nothing. */
export function percent(share: number): string {
  const whole = Math.round(share * 100);
  if (whole === 0 && share > 0) return '< 1 %';
  return `${whole >= 100 && share < 1 ? 99 : whole} %`;
}
