// Ties pointer, keys, buttons, filter and address to the page.
import { formatCount, formatDuration } from '../base/units.ts';
import { laneOf } from '../timeline/codec/dataset.ts';
import { isFailed } from '../timeline/large/ends.ts';
import { instantText } from '../timeline/large/spoken.ts';
import type { App } from './app.ts';
import { csvOf } from './csv.ts';
import { button, byId, el, save } from './dom.ts';
import { FilterBox } from './filter-box.ts';
import { readState, stateText } from './hash-state.ts';
import { KEYS, listenToKeys } from './keys.ts';
import { listenToPointer, type PointerPlace } from './pointer.ts';
import type { RowsStrip } from './rows-strip.ts';
import type { RunView } from './run-view.ts';
import type { Selected } from './selection.ts';
import { TableView } from './table-view.ts';

export class Controls {
  readonly #app: App;
  readonly filter: FilterBox;
  readonly #table: TableView;
  #lastFocusMs = Number.NEGATIVE_INFINITY;
  #isApplying = false;

  constructor(app: App) {
    this.#app = app;
    this.filter = new FilterBox(app.runs, () => app.redraw());
    app.panelActions = { ...app.panelActions, filter: text => this.filter.set(text) };
    this.#table = new TableView(row => app.select({ run: this.#tableRun, row }));
    byId('table').append(this.#table.element);
    this.#addTools();
    this.#addHelp();
    listenToPointer(
      app.chart,
      app.view,
      () => ({ left: app.gutter, width: Math.max(1, app.chart.clientWidth - app.gutter) }),
      {
        hover: place => this.#hover(place),
        click: place => this.#click(place),
        range: (fromUs, toUs) => this.#drawRange(fromUs, toUs),
      },
    );
    this.#listenToKeys();
    app.onStill(() => this.#onStill());
    window.addEventListener('hashchange', () => this.applyHash());
    document.addEventListener('keydown', event => {
      if (event.key === 'Escape') this.#app.tooltip.hide();
    });
  }

  get #tableRun(): number {
    return this.#app.selected?.run ?? 0;
  }

  #addTools(): void {
    const { look } = this.#app;
    const theme = button('◐', `Colours: ${look.theme}`, () => {
      const name = look.turn();
      theme.setAttribute('aria-label', `Colours: ${name}`);
      theme.title = `Colours: ${name}`;
      this.#app.drawPanel();
      this.#app.redraw();
    });
    byId('tools').append(
      button('whole run', 'whole run: show all of it', () => this.#move(() => this.#app.view.whole())),
      button('−', 'Zoom out', () => this.#zoom(1 / 0.6)),
      button('+', 'Zoom in', () => this.#zoom(0.6)),
      button('errors', 'errors: go to the next', () => this.#stepError(1)),
      button('table', 'table of the visible attempts', () => this.#toggleTable()),
      button('CSV', 'CSV: save the visible attempts', () => this.saveCsv()),
      theme,
      button('?', 'Keys', () => byId<HTMLDialogElement>('keys').showModal()),
    );
  }

  #addHelp(): void {
    const dialog = byId<HTMLDialogElement>('keys');
    const rows = KEYS.map(([keys, does]) =>
      el('tr', {}, el('th', { scope: 'row' }, el('kbd', {}, keys)), el('td', {}, does)),
    );
    dialog.append(
      el('h2', { id: 'keys-title' }, 'Keys, while the chart has the focus'),
      el('table', {}, el('tbody', {}, ...rows)),
      el(
        'p',
        { class: 'actions' },
        button('close', 'close the keys', () => dialog.close()),
      ),
    );
  }

  #listenToKeys(): void {
    const { view } = this.#app;
    listenToKeys(
      this.#app.chart,
      {
        pan: share => this.#pan(share),
        zoom: factor => this.#zoom(factor),
        whole: () => this.#move(() => view.whole()),
        focus: () => this.#focus(),
        stepAttempt: by => this.#app.reader.step({ rows: by }),
        stepLane: by => this.#app.reader.step({ lanes: by }),
        stepMatch: by => this.#stepMatch(by),
        stepError: by => this.#stepError(by),
        mark: () => this.#mark(),
        back: () => view.back(),
        enter: () => this.#enter(),
        table: () => this.#toggleTable(),
        escape: () => this.#escape(),
        hide: () => {
          this.#app.hides = !this.#app.hides;
          this.#app.redraw();
        },
      },
      {
        search: () => this.filter.input.focus(),
        help: () => byId<HTMLDialogElement>('keys').showModal(),
      },
    );
  }

  #move(change: () => void): void {
    this.#app.view.remember();
    change();
  }

  /** The cursor moves with the window, so that zooming stays where it is. */
  #pan(share: number): void {
    const { view } = this.#app;
    if (view.isWhole) this.#app.moveCursor(this.#app.cursorUs + view.widthUs * share);
    else {
      const before = view.window.fromUs;
      view.pan(share);
      const moved = view.window.fromUs - before;
      this.#app.moveCursor(this.#app.cursorUs + (moved === 0 ? view.widthUs * share : moved));
    }
    this.#app.redraw();
  }

  #zoom(factor: number): void {
    const { view, cursorUs } = this.#app;
    const isSeen = cursorUs >= view.window.fromUs && cursorUs <= view.window.toUs;
    const at = isSeen ? cursorUs : (view.window.fromUs + view.window.toUs) / 2;
    this.#move(() => view.zoom(factor, at));
  }

  #focus(): void {
    const place = this.#app.selected ?? this.#app.reader.current;
    const span = place && this.#app.spanOf(place);
    if (!span) return;
    const nowMs = performance.now();
    const isTwice = nowMs - this.#lastFocusMs < 600;
    this.#lastFocusMs = nowMs;
    this.#move(() => (isTwice ? this.#app.view.fit(span) : this.#app.view.centre(span)));
  }

  #mark(): void {
    const { marksUs, cursorUs } = this.#app;
    this.#app.marksUs = marksUs.length >= 2 ? [cursorUs] : [...marksUs, cursorUs];
    const [first, second] = this.#app.marksUs;
    if (first !== undefined && second !== undefined)
      this.#app.say(`${formatDuration(Math.abs(second - first) / 1000)} between the marks`);
    this.#app.redraw();
  }

  #enter(): void {
    const range = this.#app.drawnRange;
    if (range) {
      this.#app.drawnRange = null;
      this.#move(() => this.#app.view.show(range));
      return;
    }
    const place = this.#app.reader.current;
    if (place) this.#app.select(place);
  }

  #escape(): void {
    if (this.#app.tooltip.isShown) this.#app.tooltip.hide();
    else if (this.#app.drawnRange) this.#app.drawnRange = null;
    else this.#app.select(null);
    this.#app.redraw();
  }

  #drawRange(fromUs: number, toUs: number): void {
    this.#app.drawnRange =
      fromUs === toUs ? null : { fromUs: Math.min(fromUs, toUs), toUs: Math.max(fromUs, toUs) };
    if (this.#app.drawnRange) {
      const { fromUs: from, toUs: to } = this.#app.drawnRange;
      this.#app.say(`${formatDuration((to - from) / 1000)} selected. Enter zooms.`);
    }
    this.#app.redraw();
  }

  /** The strip that a canvas belongs to. */
  #stripOf(canvas: HTMLCanvasElement): { run: number; strip: RowsStrip } | null {
    for (const [run, { loaded }] of this.#app.runs.entries())
      for (const strip of [loaded?.client, loaded?.server])
        if (strip?.plot.canvas === canvas) return { run, strip };
    return null;
  }

  #attemptAt({ canvas, us, y }: PointerPlace): { place: Selected | null; text: string } {
    const found = this.#stripOf(canvas);
    const hit = found?.strip.hit(y, us);
    if (!found || !hit) return { place: null, text: '' };
    if (hit.row !== null) {
      const row = found.strip.sourceOf(hit.row);
      return row < 0 ? { place: null, text: 'never sent' } : { place: { run: found.run, row }, text: '' };
    }
    if (hit.lanes > 1)
      return { place: null, text: `${formatCount(hit.lanes)} lanes: zoom in, or show each row` };
    return { place: null, text: '' };
  }

  #hover(at: PointerPlace | null): void {
    const { tooltip, runs, look } = this.#app;
    const { place, text } = at ? this.#attemptAt(at) : { place: null, text: '' };
    const before = this.#app.hovered;
    this.#app.hovered = place;
    const run = place && runs[place.run];
    const where = { x: at?.clientX ?? 0, y: at?.clientY ?? 0 };
    if (run && place) tooltip.showAttempt(run, place.row, where, look.palette);
    else if (text !== '') tooltip.showText(text, where);
    else tooltip.hide();
    if (before?.row !== place?.row || before?.run !== place?.run) this.#app.redraw();
  }

  #click(at: PointerPlace): void {
    const { place } = this.#attemptAt(at);
    this.#app.drawnRange = null;
    this.#app.moveCursor(at.us);
    if (place) {
      this.#app.reader.goTo(place.run, place.row);
      this.#app.select(place);
      this.#app.moveCursor(at.us);
    }
    this.#app.cursor.focus({ preventScroll: true });
    this.#app.redraw();
  }

  #stepError(by: number): void {
    this.#stepTo(by, 'error', (run, visit) => {
      const data = run.loaded?.pieces.data;
      for (const row of run.loaded?.failed ?? [])
        if (data && (run.mask === null || run.mask[row] === 1)) visit(row);
    });
  }

  #stepMatch(by: number): void {
    this.#stepTo(by, 'match', (run, visit) => {
      const data = run.loaded?.pieces.data;
      if (!data || run.mask === null) return;
      for (const row of data.order) if (run.mask[row] === 1) visit(row);
    });
  }

  /** To the next that comes after where we are, round and round; the places are ordered by their end. */
  #stepTo(by: number, noun: string, each: (run: RunView, visit: (row: number) => void) => void): void {
    const places: (Selected & { endUs: number })[] = [];
    for (const [run, view] of this.#app.runs.entries())
      each(view, row => places.push({ run, row, endUs: view.loaded?.pieces.data.endUs[row] ?? 0 }));
    if (places.length === 0) {
      this.#app.say(`There is no ${noun}.`);
      return;
    }
    places.sort((a, b) => a.endUs - b.endUs || a.run - b.run || a.row - b.row);
    const { selected } = this.#app;
    const at = selected
      ? places.findIndex(place => place.run === selected.run && place.row === selected.row)
      : -1;
    const from =
      at >= 0
        ? at
        : by > 0
          ? places.findIndex(place => place.endUs >= this.#app.cursorUs) - 1
          : places.length;
    const next = places[(from + by + places.length) % places.length] as Selected;
    this.#show(
      next,
      `${noun} ${formatCount(((from + by + places.length) % places.length) + 1)} of ${formatCount(places.length)}`,
    );
  }

  #show({ run, row }: Selected, what: string): void {
    const { view } = this.#app;
    this.#app.reader.goTo(run, row);
    const data = this.#app.runs[run]?.loaded?.pieces.data;
    const span = this.#app.spanOf({ run, row });
    const isTiny = span !== null && (span.toUs - span.fromUs) / view.widthUs < 0.01;
    if (span && isTiny) {
      const width = (span.toUs - span.fromUs) * 15;
      this.#move(() => view.show({ fromUs: span.fromUs - width / 2, toUs: span.toUs + width / 2 }));
    }
    this.#app.select({ run, row });
    if (data)
      this.#app.say(
        `${what}, lane ${(data.lanes[laneOf(data, row)] as number) + 1}${isFailed(data, row) ? ', failed' : ''}`,
      );
  }

  #toggleTable(): void {
    const box = byId('table');
    box.hidden = !box.hidden;
    if (box.hidden) {
      this.#app.cursor.focus();
      return;
    }
    this.#fillTable();
    this.#table.element.focus();
    box.scrollIntoView({ block: 'nearest' });
  }

  #fillTable(): void {
    const run = this.#app.runs[this.#tableRun];
    if (run) this.#table.show(run, this.#app.view.window);
  }

  saveCsv(): void {
    const parts = this.#app.runs.map(run => csvOf(run, this.#app.view.window));
    save(new Blob([...parts], { type: 'text/csv' }), 'paceline.csv');
  }

  #onStill(): void {
    if (!byId('table').hidden) this.#fillTable();
    this.#writeHash();
    const [facts] = this.#app.facts;
    const { fromUs, toUs } = this.#app.view.window;
    if (facts && !this.#app.view.isWhole)
      this.#app.say(
        `${instantText(fromUs, toUs - fromUs)} to ${instantText(toUs, toUs - fromUs)}: ` +
          `${formatCount(facts.attempts)} attempts, ${formatCount(facts.failed)} failed` +
          `${facts.onWireMs ? `, on the wire p50 ${formatDuration(facts.onWireMs.p50)}` : ''}`,
      );
  }

  #writeHash(): void {
    if (this.#isApplying) {
      this.#isApplying = false;
      return;
    }
    const { view, selected, look } = this.#app;
    const text = stateText({
      window: view.isWhole ? null : view.window,
      ...{ filter: this.filter.text, selected, theme: look.theme },
    });
    if (text === location.hash.replace(/^#/, '')) return;
    history.pushState(null, '', `${location.pathname}${location.search}#${text}`);
  }

  /** From a link, or from the browser's way back. */
  applyHash(): void {
    const state = readState(location.hash);
    this.#isApplying = true;
    if (state.theme !== 'auto') this.#app.look.set(state.theme as 'light' | 'dark');
    this.filter.set(state.filter);
    if (state.window) this.#app.view.show(state.window);
    else this.#app.view.whole();
    const { selected } = state;
    const rows = selected ? (this.#app.runs[selected.run]?.loaded?.pieces.data.rows ?? 0) : 0;
    this.#app.selected = selected && selected.row < rows ? selected : null;
    this.#app.drawPanel();
    this.#app.redraw();
  }
}
