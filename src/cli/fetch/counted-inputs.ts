// How many requests there will be: known when the input has been read to its end, estimated from the
// bytes read until then.
import type { Input } from '../../input/input.ts';

export interface CountedInputs {
  readonly batches: AsyncIterable<readonly Input[]>;
  /** The total as far as it can be told; null for a stream without end in sight. */
  total(): { readonly count: number; readonly isEstimate: boolean } | null;
}

/**
 * @param fractionRead which part of the bytes has been read; null where that cannot be known
 * @param known the total, where it follows from the command line alone
 */
export function countInputs(
  batches: AsyncIterable<readonly Input[]>,
  fractionRead: () => number | null,
  known: number | null = null,
): CountedInputs {
  let count = 0;
  let hasEnded = false;
  async function* counting(): AsyncGenerator<readonly Input[]> {
    for await (const batch of batches) {
      count += batch.length;
      yield batch;
    }
    hasEnded = true;
  }
  return {
    batches: counting(),
    total() {
      if (known !== null) return { count: known, isEstimate: false };
      if (hasEnded) return { count, isEstimate: false };
      const fraction = fractionRead();
      if (fraction === null || fraction === 0) return null;
      return { count: Math.max(count, Math.round(count / fraction)), isEstimate: true };
    },
  };
}
