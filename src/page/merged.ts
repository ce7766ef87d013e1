// The statistics of attempts that share a pixel: how many, how they spent their time, and the longest of them.

import { formatShare } from '../base/units.ts';
import { isFailed } from '../timeline/large/ends.ts';
import { firstBeginningFrom, firstEndingAfter, laneRange, type Span } from '../timeline/large/pieces.ts';
import { KIND_LABELS } from '../timeline/looks.ts';
import { KIND_COUNT, SLICE_KINDS } from '../timeline/slices.ts';
import type { RowHit, RowsStrip } from './rows-strip.ts';

export interface Merged {
  readonly attempts: number;
  readonly failed: number;
  /** `served 66 %, …`: the three largest. */
  readonly shares: string;
  readonly p50Us: number;
  /** A row of the strip's own data. */
  readonly longest: number;
  readonly longestUs: number;
}

const SHARES_SHOWN = 3;

/** Null where nothing is. */
export function mergedAt(strip: RowsStrip, { lane, lanes }: RowHit, part: Span): Merged | null {
  const { data } = strip.model;
  const spans: number[] = [];
  const kindUs = new Float64Array(KIND_COUNT);
  let [failed, longest, longestUs] = [0, -1, -1];
  for (let at = lane; at < lane + lanes; at++) {
    const range = laneRange(data, at);
    const end = firstBeginningFrom(data, range, part.toUs);
    for (let row = firstEndingAfter(data, range, part.fromUs); row < end; row++) {
      const us = (data.endUs[row] as number) - (data.beginUs[row] as number);
      spans.push(us);
      if (isFailed(data, row)) failed++;
      if (us > longestUs) [longest, longestUs] = [row, us];
      strip.pieces.spans.forEach((values, span) => {
        const kind = strip.pieces.kindOf(row, span);
        kindUs[kind] = (kindUs[kind] as number) + (values[row] as number);
      });
    }
  }
  if (spans.length === 0) return null;
  spans.sort((a, b) => a - b);
  const p50Us = spans[Math.ceil(spans.length / 2) - 1] as number;
  return { attempts: spans.length, failed, shares: sharesText(kindUs), p50Us, longest, longestUs };
}

function sharesText(kindUs: Float64Array): string {
  const all = kindUs.reduce((sum, us) => sum + us, 0);
  return Array.from(kindUs, (us, kind) => ({ us, kind }))
    .filter(({ us }) => us > 0)
    .sort((a, b) => b.us - a.us)
    .slice(0, SHARES_SHOWN)
    .map(({ us, kind }) => `${KIND_LABELS[SLICE_KINDS[kind] as 'service']} ${formatShare(us / all)}`)
    .join(', ');
}
