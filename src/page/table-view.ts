// The visible attempts as a table of any length: only the rows in sight are elements.
import { formatCount, formatDuration } from '../base/units.ts';
import { laneOf, onWireUs } from '../timeline/codec/dataset.ts';
import type { Span } from '../timeline/large/pieces.ts';
import { endingOf, shown } from '../timeline/large/spoken.ts';
import { el } from './dom.ts';
import type { RunView } from './run-view.ts';

interface Column {
  readonly title: string;
  readonly sort: (run: RunView, row: number) => number;
  readonly text: (run: RunView, row: number) => string;
}

const ROW_PX = 26;
const SHOWN = 40;
/** Taller boxes are cut off by browsers; so many rows are enough to look through by hand. */
const ROWS_MAX = 500_000;

function columnOf(title: string, us: (run: RunView, row: number) => number): Column {
  return { title, sort: us, text: (run, row) => formatDuration(us(run, row) / 1000) };
}

const data = (run: RunView) => run.loaded?.pieces.data as NonNullable<RunView['loaded']>['pieces']['data'];

const COLUMNS: readonly Column[] = [
  {
    title: 'request',
    sort: (run, row) => data(run).request?.[row] ?? row,
    text: (run, row) => {
      const index = data(run).request?.[row];
      return index === undefined ? '?' : formatCount(index + 1);
    },
  },
  {
    title: 'attempt',
    sort: (run, row) => data(run).columns.number[row] as number,
    text: (run, row) => String(data(run).columns.number[row]),
  },
  {
    title: 'lane',
    sort: (run, row) => laneOf(data(run), row),
    text: (run, row) => String((data(run).lanes[laneOf(data(run), row)] as number) + 1),
  },
  columnOf('start', (run, row) => data(run).beginUs[row] as number),
  columnOf('on the wire', (run, row) => onWireUs(data(run), row)),
  columnOf('permit', (run, row) => data(run).columns.permit[row] as number),
  columnOf('queue', (run, row) => data(run).columns.queue[row] as number),
  columnOf('served', (run, row) => data(run).columns.service[row] as number),
  {
    title: 'ended',
    sort: (run, row) =>
      (data(run).columns.status[row] as number) || 1000 + (data(run).columns.outcome[row] as number),
    text: (run, row) => endingOf(data(run), row),
  },
  {
    title: 'URL',
    sort: (run, row) => data(run).columns.url[row] as number,
    text: (run, row) => shown(data(run).texts.url.texts[data(run).columns.url[row] as number] ?? '', 120),
  },
];

export class TableView {
  readonly element: HTMLElement;
  readonly #body = el('tbody');
  readonly #table: HTMLTableElement;
  readonly #heads: HTMLTableCellElement[];
  readonly #select: (row: number) => void;
  #rows: Uint32Array = new Uint32Array(0);
  #run: RunView | null = null;
  #sortedBy = 3;
  #isDown = false;

  constructor(select: (row: number) => void) {
    this.#select = select;
    this.#heads = COLUMNS.map((column, place) => {
      const sort = el('button', { type: 'button' }, column.title);
      sort.addEventListener('click', () => this.#sort(place));
      return el('th', { scope: 'col', 'aria-sort': 'none' }, sort);
    });
    this.#table = el(
      'table',
      { class: 'attempts' },
      el('caption', {}, 'Attempts in the visible window'),
      el('thead', {}, el('tr', { 'aria-rowindex': 1 }, ...this.#heads)),
      this.#body,
    );
    this.element = el('div', {
      ...{ class: 'table-box', tabindex: 0, role: 'region' },
      'aria-label': 'Table of attempts',
    });
    this.element.append(this.#table);
    this.element.addEventListener('scroll', () => this.#draw());
  }

  /** Rows of this run that lie in the window and fit the filter. */
  show(run: RunView, part: Span): void {
    const loaded = run.loaded;
    if (!loaded) return;
    this.#run = run;
    const { beginUs, endUs, rows } = loaded.pieces.data;
    const picked: number[] = [];
    for (const row of loaded.pieces.data.order) {
      if ((beginUs[row] as number) > part.toUs) break;
      if ((endUs[row] as number) < part.fromUs || (run.mask !== null && run.mask[row] === 0)) continue;
      picked.push(row);
      if (picked.length === ROWS_MAX) break;
    }
    this.#rows = Uint32Array.from(picked);
    const cut = picked.length === ROWS_MAX ? ` (the first ${formatCount(ROWS_MAX)})` : '';
    const of = `${formatCount(picked.length)} of ${formatCount(rows)} attempts in the visible window${cut}`;
    this.#table.caption?.replaceChildren(`${run.head.name}: ${of}`);
    this.#table.setAttribute('aria-rowcount', String(picked.length + 1));
    this.#order();
  }

  #sort(place: number): void {
    this.#isDown = this.#sortedBy === place && !this.#isDown;
    this.#sortedBy = place;
    this.#order();
  }

  #order(): void {
    const run = this.#run;
    const column = COLUMNS[this.#sortedBy];
    if (!run || !column) return;
    const sign = this.#isDown ? -1 : 1;
    this.#rows.sort((a, b) => sign * (column.sort(run, a) - column.sort(run, b)) || a - b);
    for (const [i, head] of this.#heads.entries())
      head.ariaSort = i === this.#sortedBy ? (this.#isDown ? 'descending' : 'ascending') : 'none';
    this.#draw();
  }

  #draw(): void {
    const run = this.#run;
    if (!run) return;
    const first = Math.max(0, Math.floor(this.element.scrollTop / ROW_PX) - 5);
    const end = Math.min(this.#rows.length, first + SHOWN);
    const gap = (rows: number): HTMLElement => {
      const cell = el('td', { colspan: COLUMNS.length });
      cell.style.height = `${rows * ROW_PX}px`;
      cell.style.padding = '0';
      return el('tr', { 'aria-hidden': 'true', class: 'gap' }, cell);
    };
    const rows: HTMLElement[] = first > 0 ? [gap(first)] : [];
    for (let i = first; i < end; i++) rows.push(this.#rowElement(run, this.#rows[i] as number, i));
    if (end < this.#rows.length) rows.push(gap(this.#rows.length - end));
    this.#body.replaceChildren(...rows);
  }

  #rowElement(run: RunView, row: number, place: number): HTMLElement {
    const cells = COLUMNS.map((column, i) => {
      const text = column.text(run, row);
      if (i > 0) return el('td', {}, text);
      const open = el('button', { type: 'button', 'aria-label': `Select request ${text}` }, text);
      open.addEventListener('click', () => this.#select(row));
      return el('th', { scope: 'row' }, open);
    });
    return el('tr', { 'aria-rowindex': place + 2 }, ...cells);
  }
}
