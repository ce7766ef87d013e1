// An attempt in words: for a screen reader, a tooltip and a table, all the same.
import { formatCount, formatDuration } from '../../base/units.ts';
import { OUTCOMES } from '../../model/outcome.ts';
import { type Dataset, PERMIT_SPAN, REST_IS_TTFB, REST_SPAN, SPAN_NAMES } from '../codec/dataset.ts';
import { terminalSafe } from '../escape.ts';
import { KIND_LABELS } from '../looks.ts';
import type { SliceKind } from '../slices.ts';

export interface SpokenSpan {
  readonly kind: SliceKind;
  readonly says: string;
  readonly fromUs: number;
  readonly us: number;
}

/** The spans of an attempt that took any time, in their order. */
export function spansOf(data: Dataset, row: number): SpokenSpan[] {
  const { columns } = data;
  let at = (data.beginUs[row] as number) - (columns.permit[row] as number);
  const spoken: SpokenSpan[] = [];
  for (let span = PERMIT_SPAN; span < SPAN_NAMES.length; span++) {
    const name = SPAN_NAMES[span] as (typeof SPAN_NAMES)[number];
    const us = columns[name][row] as number;
    if (us > 0) {
      const isTtfb = ((columns.flags[row] as number) & REST_IS_TTFB) !== 0;
      const kind: SliceKind = name === 'rest' ? (isTtfb ? 'ttfb' : 'network') : name;
      const isBack = span === REST_SPAN && kind === 'network';
      spoken.push({ kind, us, fromUs: at, says: isBack ? 'the way back' : KIND_LABELS[kind] });
    }
    at += us;
  }
  return spoken;
}

/** An instant with as many digits as tell it apart within a window so wide: `780.353 s`. */
export function instantText(us: number, widthUs: number): string {
  if (us < 1e6 && widthUs < 1e6) return formatDuration(us / 1000);
  const digits = Math.min(6, Math.max(0, Math.ceil(2 - Math.log10(Math.max(1, widthUs) / 1e6))));
  return `${(us / 1e6).toFixed(digits)} s`;
}

/** `status 200`, `timeout`, … */
export function endingOf({ columns }: Dataset, row: number): string {
  const outcome = (OUTCOMES[columns.outcome[row] as number] ?? 'unknown').replace('_', ' ');
  const status = columns.status[row] as number;
  return status > 0
    ? `status ${status}${outcome === 'ok' || outcome === 'http error' ? '' : `, ${outcome}`}`
    : outcome;
}

/** `request 731 204, attempt 2, started 12.4 s, …`; text of others is made harmless. */
export function spokenAttempt(data: Dataset, row: number): string {
  const index = data.request?.[row];
  const number = data.columns.number[row] as number;
  const wholeUs = (data.endUs[row] as number) - (data.beginUs[row] as number);
  return [
    index === undefined ? 'request unknown' : `request ${formatCount(index + 1)}`,
    ...(number > 1 ? [`attempt ${number}`] : []),
    `started ${instantText(data.beginUs[row] as number, wholeUs)}`,
    ...spansOf(data, row).map(({ says, us }) => `${says} ${formatDuration(us / 1000)}`),
    endingOf(data, row),
    ...errorOf(data, row),
  ].join(', ');
}

function errorOf(data: Dataset, row: number): string[] {
  const text = data.texts.error.texts[data.columns.error[row] as number] ?? '';
  return text === '' ? [] : [shown(text, 120)];
}

/** Text from a server or a user, safe to show: nothing in it turns the reading direction or hides. */
export function shown(text: string, characters = 2000): string {
  return terminalSafe(text.slice(0, characters * 2), characters);
}
