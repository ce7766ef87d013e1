// The curve as a table of twenty rows, for whoever cannot see it: how many requests are in which phase, and when.
import { formatCount } from '../base/units.ts';
import type { Span } from '../timeline/large/pieces.ts';
import { instantText } from '../timeline/large/spoken.ts';
import { KIND_LABELS } from '../timeline/looks.ts';
import { SLICE_KINDS } from '../timeline/slices.ts';
import { el } from './dom.ts';

export const CURVE_ROWS = 20;

export class CurveTable {
  readonly element = el('details', { class: 'numbers' }, el('summary', {}, 'the same in numbers'));
  readonly #levels: (shown: Span, rows: number) => readonly Float64Array[];
  #window: Span | null = null;

  /** @param levels means over so many equal parts of a window, by kind */
  constructor(levels: (shown: Span, rows: number) => readonly Float64Array[]) {
    this.#levels = levels;
    this.element.addEventListener('toggle', () => this.#draw());
  }

  /** Counts only while it is open. */
  show(shown: Span): void {
    this.#window = shown;
    this.#draw();
  }

  #draw(): void {
    const shown = this.#window;
    if (!this.element.open || shown === null) return;
    const levels = this.#levels(shown, CURVE_ROWS);
    const kinds = levels.flatMap((values, kind) => (values.some(level => level > 0) ? [kind] : []));
    const widthUs = (shown.toUs - shown.fromUs) / CURVE_ROWS;
    const heads = ['from', ...kinds.map(kind => KIND_LABELS[SLICE_KINDS[kind] as 'service'])];
    const rows = Array.from({ length: CURVE_ROWS }, (_, row) =>
      el(
        'tr',
        {},
        el('th', { scope: 'row' }, instantText(shown.fromUs + row * widthUs, widthUs)),
        ...kinds.map(kind => el('td', {}, levelText((levels[kind] as Float64Array)[row] as number))),
      ),
    );
    const table = el(
      'table',
      {},
      el('caption', {}, 'Requests in each phase, mean of a twentieth of the window'),
      el('thead', {}, el('tr', {}, ...heads.map(head => el('th', { scope: 'col' }, head)))),
      el('tbody', {}, ...rows),
    );
    const box = el(
      'div',
      { class: 'table-box', tabindex: 0, role: 'region', 'aria-label': 'Curve in numbers' },
      table,
    );
    this.element.querySelector('.table-box')?.remove();
    this.element.append(box);
  }
}

function levelText(level: number): string {
  if (level === 0) return '0';
  if (level < 0.05) return '< 0.05';
  return level < 100 ? level.toFixed(1) : formatCount(Math.round(level));
}
