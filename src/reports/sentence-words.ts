// Pieces of the sentences that reports are made of.

/** `a`, `a and b`, `a, b and c` */
export function joined(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

export { formatShare as percent } from '../base/units.ts';
