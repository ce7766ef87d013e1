// Ties pointer, keys, buttons, filter and address to the page.
import { formatCount, formatDuration } from '../base/units.ts';
import { instantText } from '../timeline/large/spoken.ts';
import type { App } from './app.ts';
import { csvOf } from './csv.ts';
import { button, byId, el, save } from './dom.ts';
import { FilterBox } from './filter-box.ts';
import { readState, stateText } from './hash-state.ts';
import { KEYS, listenToKeys } from './keys.ts';
import { savePicture } from './png.ts';
import { listenToPointer } from './pointer.ts';
import { Pointing } from './pointing.ts';
import { Steps } from './steps.ts';
import { TableView } from './table-view.ts';
import { ViewMenu } from './view-menu.ts';

const CRITICAL = 'is:critical';

export class Controls {
  readonly #app: App;
  readonly filter: FilterBox;
  readonly #table: TableView;
  readonly #steps: Steps;
  readonly #menu: ViewMenu;
  #lastFocusMs = Number.NEGATIVE_INFINITY;
  /** The state that the address holds. */
  #written = '';

  constructor(app: App) {
    this.#app = app;
    this.filter = new FilterBox(app.runs, () => app.redraw());
    app.panelActions = { ...app.panelActions, filter: text => this.filter.set(text) };
    this.#steps = new Steps(app);
    this.#menu = new ViewMenu(app);
    this.#table = new TableView(row => app.select({ run: this.#tableRun, row }));
    byId('table').append(this.#table.element);
    this.#addTools();
    this.#addHelp();
    const pointing = new Pointing(app);
    listenToPointer(
      app.chart,
      app.view,
      () => ({ left: app.gutter, width: Math.max(1, app.chart.clientWidth - app.gutter) }),
      {
        hover: place => pointing.hover(place),
        click: place => pointing.click(place),
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
      button('errors', 'errors: go to the next', () => this.#steps.error(1)),
      button('table', 'table of the visible attempts', () => this.#toggleTable()),
      button('critical path', 'critical path: what set the wall time', () => this.#criticalPath()),
      this.#menu.element,
      button('CSV', 'CSV: save the visible attempts', () => this.saveCsv()),
      button('PNG', 'PNG: save what is seen as a picture', () => this.#savePicture()),
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
        stepMatch: by => this.#steps.match(by),
        stepError: by => this.#steps.error(by),
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
    if (run) this.#table.show(run, this.#app.own(this.#tableRun, this.#app.view.window));
  }

  /** Once more takes it away. */
  #criticalPath(): void {
    const words = this.filter.text.split(' ').filter(word => word !== '' && word !== CRITICAL);
    const isOn = this.filter.text.includes(CRITICAL);
    this.filter.set((isOn ? words : [...words, CRITICAL]).join(' '));
    if (!isOn) this.#app.say('Shown is the chain of attempts that set the wall time.');
  }

  #savePicture(): void {
    savePicture(this.#app.chart, this.#app.look.palette).catch((error: unknown) =>
      this.#app.say(`No picture was saved: ${error instanceof Error ? error.message : String(error)}`),
    );
  }

  saveCsv(): void {
    const parts = this.#app.runs.map((run, i) => csvOf(run, this.#app.own(i, this.#app.view.window)));
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

  #stateText(): string {
    const { view, selected, look } = this.#app;
    return stateText({
      window: view.isWhole ? null : view.window,
      ...{ filter: this.filter.text, selected, theme: look.theme, arranged: this.#app.arranged },
    });
  }

  /** What came from an address is not written back: the way forward would be lost. */
  #writeHash(): void {
    const text = this.#stateText();
    if (text === this.#written) return;
    this.#written = text;
    history.pushState(null, '', `${location.pathname}${location.search}#${text}`);
  }

  /** From a link, or from the browser's way back. */
  applyHash(): void {
    const state = readState(location.hash);
    this.#app.arrange(state.arranged);
    this.#menu.show();
    if (state.theme !== 'auto') this.#app.look.set(state.theme as 'light' | 'dark');
    this.filter.set(state.filter);
    if (state.window) this.#app.view.show(state.window);
    else this.#app.view.whole();
    const { selected } = state;
    const rows = selected ? (this.#app.runs[selected.run]?.loaded?.pieces.data.rows ?? 0) : 0;
    this.#app.selected = selected && selected.row < rows ? selected : null;
    this.#written = this.#stateText();
    this.#app.drawPanel();
    this.#app.redraw();
  }
}
