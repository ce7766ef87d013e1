// How wide this terminal draws a block: some fonts for Chinese, Japanese and Korean take two columns for one. Nobody
// knows but the terminal itself, so it is asked where its cursor stands behind one. Its answer comes as if typed.
import type { Clock } from '../../base/clock.ts';

/** Draws a block at the start of the line, asks for the cursor, and clears the line again. */
export const QUESTION = '\r▄\x1b[6n\r\x1b[K';
/** A terminal that does not answer is not waited for any longer; one far away answers within a round trip. */
export const ANSWER_MS_MAX = 100;

export interface GlyphQuestion {
  /** Where the cursor stands, from 1; only the first answer counts. */
  hear(column: number): void;
  /** 1 or 2 columns; null when no answer came in time. */
  readonly width: Promise<1 | 2 | null>;
}

/** @param write to the terminal, with the cursor on a line that is empty */
export function askGlyphWidth(
  clock: Clock,
  write: (text: string) => void,
  limitMs: number = ANSWER_MS_MAX,
): GlyphQuestion {
  const { promise, resolve } = Promise.withResolvers<1 | 2 | null>();
  const limit = clock.schedule(clock.now() + limitMs, () => resolve(null));
  write(QUESTION);
  return {
    width: promise,
    hear(column) {
      limit.cancel();
      resolve(column > 2 ? 2 : 1);
    },
  };
}
