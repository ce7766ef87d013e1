// What was found of the pace of servers, in one line for each of a few origins:
//
//   Pace found: 3 at a time, 1 s each: 3.0 requests/s (proved by 41 overtakings).
import { formatCount } from '../base/units.ts';
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

type PaceSummary = Pick<Summary, 'pace' | 'outcomes'> & Partial<Pick<Summary, 'attempts' | 'refused'>>;

/** Each a line without its line feed. What it says may come from anybody's record: whoever prints it makes it safe. */
export function paceText(summary: PaceSummary): string[] {
  const { pace = [], attempts = 0, refused = 0 } = summary;
  if (pace.length > 0 && attempts > 1 && refused === attempts)
    return [`No pace found: all ${formatCount(attempts)} attempts were refused.`];
  return linesOf(summary, '');
}

/** `9 in flight`, `9.7 requests per second`, `100 requests per window` */
export function startedText({ limit, ratePerSecond, quota }: NonNullable<OriginPace['from']>): string {
  if (ratePerSecond !== undefined) {
    const rate = ratePerSecond < 9.95 ? ratePerSecond.toFixed(1) : formatCount(Math.round(ratePerSecond));
    return `${rate} requests per second`;
  }
  if (quota !== undefined) return `${formatCount(Math.round(quota))} requests per window`;
  return `${formatCount(Math.floor(limit))} in flight`;
}

/** Of several runs: who found what, once where they found the same. */
export function comparedPaceText(
  runs: readonly { readonly strategy: string; readonly summary: PaceSummary }[],
): string[] {
  const finders = new Map<string, { summary: PaceSummary; names: string[] }>();
  for (const { strategy, summary } of runs) {
    const key = paceText(summary).join('\n');
    const same = finders.get(key);
    if (same) same.names.push(strategy);
    else finders.set(key, { summary, names: [strategy] });
  }
  return [...finders.values()].flatMap(({ summary, names }) => linesOf(summary, ` by ${names.join(', ')}`));
}

function linesOf(summary: Pick<Summary, 'pace' | 'outcomes'>, by: string): string[] {
  const pace = knownPace(summary);
  const lines = pace.slice(0, SHOWN_MAX).map(({ origin, says, from }) => {
    const host = pace.length > 1 ? ` of ${origin}` : '';
    const started = from ? ` Started from ${startedText(from)}, as found before.` : '';
    return `Pace found${host}${by}: ${says}.${started}`;
  });
  const more = pace.length - lines.length;
  return more > 0 ? [...lines, `${counted(more, 'more origin')}: see the record.`] : lines;
}
