// What was found of the pace of servers, in one line for each of a few origins:
//
//   Pace found: 3 at a time, 1 s each: 3.0 requests/s (proved by 41 overtakings).
import type { OriginPace } from '../model/record.ts';
import { counted } from '../timeline/caption.ts';

/** More would be a page; the record has them all. */
const SHOWN_MAX = 3;

/** Each a line without its line feed. What it says may come from anybody's record: whoever prints it makes it safe. */
export function paceText(pace: readonly OriginPace[]): string[] {
  const lines = pace.slice(0, SHOWN_MAX).map(({ origin, says }) => {
    const host = pace.length > 1 ? ` of ${origin}` : '';
    return `Pace found${host}: ${says}.`;
  });
  const more = pace.length - lines.length;
  return more > 0 ? [...lines, `${counted(more, 'more origin')}: see the record.`] : lines;
}
