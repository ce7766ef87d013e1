// What was found of a server's pace, in one line for each of a few origins:
//
//   3 at a time, 1 s each: 3 requests/s (proved by 41 overtakings)
//   10 requests/s (429s with Retry-After)
import { formatCount, formatDuration } from '../base/units.ts';
import type { OriginPace } from '../model/record.ts';
import { counted } from '../timeline/caption.ts';

/** More would be a page; the record has them all. */
const SHOWN_MAX = 3;

/** Each a line without its line feed. Origins and reasons may be hostile: whoever prints them makes them safe. */
export function paceText(pace: readonly OriginPace[]): string[] {
  const lines = pace.slice(0, SHOWN_MAX).map(one => {
    const host = pace.length > 1 ? ` of ${one.origin}` : '';
    return `Pace found${host}: ${found(one)}.`;
  });
  const more = pace.length - lines.length;
  return more > 0 ? [...lines, `${counted(more, 'more origin')}: see the record.`] : lines;
}

function found({ mode, limit, capacity, ratePerSecond, serviceMs, proofs, reason }: OriginPace): string {
  if (ratePerSecond !== undefined && mode !== 'in flight')
    return `${digits3(ratePerSecond)} requests/s (${reason})`;
  const level = Math.max(1, Math.round(capacity ?? limit));
  const each = serviceMs === undefined ? '' : `, ${formatDuration(serviceMs)} each`;
  const rate = serviceMs ? `: ${digits3((level * 1000) / serviceMs)} requests/s` : '';
  const why = proofs === undefined ? reason : `proved by ${counted(proofs, 'overtaking')}`;
  const known = mode === 'starting' ? ', as far as so short a run can tell' : '';
  return `${formatCount(level)} at a time${each}${rate} (${why})${known}`;
}

function digits3(value: number): string {
  return String(Number(value.toPrecision(3)));
}
