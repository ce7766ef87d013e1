// What was found of the pace of servers, in one line for each of a few origins:
//
//   Pace found: 3 at a time, 1 s each: 3.0 requests/s (proved by 41 overtakings).
import type { OriginPace, Summary } from '../model/record.ts';
import { counted } from '../timeline/caption.ts';

/** More would be a page; the record has them all. */
const SHOWN_MAX = 3;

/** What of it is known: nothing of a server that has answered nothing well, or only while a run began. */
export function knownPace({
  pace = [],
  outcomes,
}: Pick<Summary, 'pace' | 'outcomes'>): readonly OriginPace[] {
  return pace.filter(({ mode }) => mode !== 'starting' && (outcomes.ok ?? 0) > 0);
}

/** Each a line without its line feed. What it says may come from anybody's record: whoever prints it makes it safe. */
export function paceText(summary: Pick<Summary, 'pace' | 'outcomes'>): string[] {
  const pace = knownPace(summary);
  const lines = pace.slice(0, SHOWN_MAX).map(({ origin, says }) => {
    const host = pace.length > 1 ? ` of ${origin}` : '';
    return `Pace found${host}: ${says}.`;
  });
  const more = pace.length - lines.length;
  return more > 0 ? [...lines, `${counted(more, 'more origin')}: see the record.`] : lines;
}
