// One attempt as a table: in the tooltip beside it, and with all its sisters in the panel.
import { formatCount, formatDuration, formatShare, formatSize } from '../base/units.ts';
import { type Dataset, SPLIT } from '../timeline/codec/dataset.ts';
import { endingOf, instantText, shown, spansOf } from '../timeline/large/spoken.ts';
import type { Palette } from '../timeline/looks.ts';
import { el } from './dom.ts';

export function attemptTitle(data: Dataset, row: number, of: number): string {
  const index = data.request?.[row];
  const number = data.columns.number[row] as number;
  const which = index === undefined ? 'request (its number is lost)' : `request ${formatCount(index + 1)}`;
  return of > 1 ? `${which}, attempt ${number} of ${of}` : which;
}

export function spanTable(data: Dataset, row: number, palette: Palette): HTMLTableElement {
  const spans = spansOf(data, row);
  const wholeUs = spans.reduce((sum, { us }) => sum + us, 0);
  const firstUs = spans[0]?.fromUs ?? 0;
  const head = ['phase', 'after', 'took', 'share'].map(text => el('th', { scope: 'col' }, text));
  const body = spans.map(({ kind, says, fromUs, us }) => {
    const swatch = el('span', { class: `swatch ${kind}`, 'aria-hidden': 'true' });
    swatch.style.setProperty('--ink', palette.kinds[kind]);
    return el(
      'tr',
      {},
      el('th', { scope: 'row' }, swatch, says),
      ...[
        `+ ${formatDuration((fromUs - firstUs) / 1000)}`,
        formatDuration(us / 1000),
        formatShare(us / wholeUs),
      ].map(text => el('td', {}, text)),
    );
  });
  return el('table', { class: 'spans' }, el('thead', {}, el('tr', {}, ...head)), el('tbody', {}, ...body));
}

/** What else is known of it, as pairs; texts of others made harmless. */
export function attemptFacts(data: Dataset, row: number): [string, string][] {
  const { columns, texts } = data;
  const text = (name: 'error' | 'serverWorker' | 'url' | 'id' | 'method'): string =>
    shown(texts[name].texts[columns[name][row] as number] ?? '', 1200);
  const isSplit = ((columns.flags[row] as number) & SPLIT) !== 0;
  const pairs: [string, string][] = [
    [
      'started',
      instantText(data.beginUs[row] as number, (data.endUs[row] as number) - (data.beginUs[row] as number)),
    ],
    ['ended', endingOf(data, row)],
    ['error', text('error')],
    ['URL', `${text('method')} ${text('url')}`.trim()],
    ['id', text('id')],
    ['server’s worker', text('serverWorker')],
    ['our worker', (columns.worker[row] as number) > 0 ? String(columns.worker[row]) : ''],
    ['body', (columns.bytes[row] as number) > 0 ? formatSize(columns.bytes[row] as number) : ''],
    [
      'placed',
      isSplit && data.doubtUs > 0
        ? `the server’s times may lie ± ${formatDuration(data.doubtUs / 1000)}`
        : '',
    ],
  ];
  if (texts.url.detail === 'patterns') pairs.push(['note', 'too many URLs to keep: digits stand as *']);
  return pairs.filter(([, value]) => value !== '');
}

export function factList(pairs: readonly (readonly [string, string])[]): HTMLElement {
  return el('dl', {}, ...pairs.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]));
}
