// The legend is a table of the visible part: how much time went into each phase, and how long requests took.
import { formatCount, formatDuration, formatShare } from '../base/units.ts';
import type { WindowFacts } from '../timeline/large/facts.ts';
import { type ComparedPart, winnersText } from '../timeline/large/winners.ts';
import { KIND_LABELS, type Palette } from '../timeline/looks.ts';
import { SLICE_KINDS, TTFB } from '../timeline/slices.ts';
import { el } from './dom.ts';

export function drawLegend(
  box: HTMLElement,
  shown: {
    readonly parts: readonly ComparedPart[];
    readonly kinds: readonly number[];
    readonly palette: Palette;
    readonly title: string;
  },
): void {
  const { parts, kinds, palette, title } = shown;
  const table = el('table', { class: 'legend' }, el('caption', {}, title));
  const isOne = parts.length === 1;
  const heads = parts.flatMap(part => (isOne ? ['time', 'share'] : [part.name]));
  table.append(
    el(
      'thead',
      {},
      el(
        'tr',
        {},
        el('th', { scope: 'col' }, 'phase'),
        ...heads.map(head => el('th', { scope: 'col' }, head)),
      ),
    ),
  );
  const body = el('tbody');
  for (const kind of kinds) body.append(kindRow(kind, parts, palette, isOne));
  table.append(body);
  const figures = el('table', { class: 'legend figures' });
  const names = isOne ? [] : parts.map(part => el('th', { scope: 'col' }, part.name));
  if (!isOne) figures.append(el('thead', {}, el('tr', {}, el('td'), ...names)));
  figures.append(el('tbody', {}, ...figureRows(parts)));
  const winners = winnersText(parts).map(text => el('p', { class: 'hint' }, text));
  box.replaceChildren(table, figures, ...winners);
  if (kinds.includes(TTFB))
    box.append(
      el(
        'p',
        { class: 'hint' },
        'A server that sends Server-Timing (queue, app) gets its wait split into queue and work.',
      ),
    );
}

function kindRow(
  kind: number,
  parts: readonly ComparedPart[],
  palette: Palette,
  isOne: boolean,
): HTMLElement {
  const name = SLICE_KINDS[kind] as (typeof SLICE_KINDS)[number];
  const swatch = el('span', { class: `swatch ${name}`, 'aria-hidden': 'true' });
  swatch.style.setProperty('--ink', palette.kinds[name]);
  const cells = parts.flatMap(({ facts }) => {
    const us = facts.kindUs[kind] as number;
    const all = facts.kindUs.reduce((sum, value) => sum + value, 0);
    const share = formatShare(all > 0 ? us / all : 0);
    return isOne ? [formatDuration(us / 1000), share] : [share];
  });
  const head = el('th', { scope: 'row' }, swatch, KIND_LABELS[name]);
  return el('tr', {}, head, ...cells.map(text => el('td', {}, text)));
}

function figureRows(parts: readonly ComparedPart[]): HTMLElement[] {
  const rows: [string, (facts: WindowFacts) => string][] = [
    ['requests that ended', facts => formatCount(facts.ended)],
    ['of them failed', facts => formatCount(facts.failed)],
    ['attempts', facts => formatCount(facts.attempts)],
    ['on the wire p50', facts => duration(facts.onWireMs?.p50)],
    ['on the wire p95', facts => duration(facts.onWireMs?.p95)],
    ['on the wire p99', facts => duration(facts.onWireMs?.p99)],
    ['on the wire max', facts => duration(facts.onWireMs?.max)],
    ['since created p50', facts => duration(facts.sinceCreatedMs?.p50)],
    ['since created p95', facts => duration(facts.sinceCreatedMs?.p95)],
    ['since created max', facts => duration(facts.sinceCreatedMs?.max)],
  ];
  return rows.map(([name, read]) =>
    el(
      'tr',
      {
        class: name === 'of them failed' && parts.some(part => part.facts.failed > 0) ? 'failed' : undefined,
      },
      el('th', { scope: 'row' }, name),
      ...parts.map(({ facts }) => el('td', {}, read(facts))),
    ),
  );
}

function duration(ms: number | undefined): string {
  return ms === undefined ? '–' : formatDuration(ms);
}
