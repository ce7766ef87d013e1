// Proofs over real sockets come in two sizes: a small one in every `npm test`, a large one in `npm run soak`.
export const isSoak = process.env.PACELINE_SOAK === '1';

/** The small number in `npm test`, the large one in `npm run soak`. */
export function sized(small: number, large: number): number {
  return isSoak ? large : small;
}
