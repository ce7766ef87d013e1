// The menu that arranges the page: strips on and off, what a row is, the order of runs and their scale.
import type { App } from './app.ts';
import {
  type Arranged,
  ROW_MODES,
  type RowMode,
  RUN_ORDERS,
  type RunOrder,
  STRIP_NAMES,
  STRIPS,
} from './arrangement.ts';
import { el } from './dom.ts';
import { REQUEST_ROWS_MOST } from './run-rows.ts';

export class ViewMenu {
  readonly element: HTMLDetailsElement;
  readonly #app: App;
  readonly #updates: ((arranged: Arranged) => void)[] = [];

  constructor(app: App) {
    this.#app = app;
    this.element = el('details', { class: 'menu' }, el('summary', {}, 'view'), this.#fields());
    this.element.addEventListener('keydown', event => {
      if (event.key !== 'Escape' || !this.element.open) return;
      this.element.open = false;
      this.element.querySelector('summary')?.focus();
      event.stopPropagation();
    });
    document.addEventListener('pointerdown', ({ target }) => {
      if (!(target instanceof Node && this.element.contains(target))) this.element.open = false;
    });
    this.show();
  }

  /** Fields say what is so, however it came about. */
  show(): void {
    for (const update of this.#updates) update(this.#app.arranged);
  }

  #fields(): HTMLElement {
    const { runs } = this.#app;
    const strips = STRIP_NAMES.filter(name => runs.some(run => run.has.has(name)));
    const fields: HTMLElement[] = [
      el('fieldset', {}, el('legend', {}, 'Strips'), ...strips.map(name => this.#stripField(name))),
    ];
    const requests = Math.min(...runs.map(run => run.head.facts.requests));
    if (requests <= REQUEST_ROWS_MOST)
      fields.push(this.#choice('Rows', ROW_MODES, 'rows', rows => ({ rows: rows as RowMode })));
    if (runs.length > 1) {
      fields.push(
        this.#choice('Runs', RUN_ORDERS, 'order', order => ({ order: order as RunOrder })),
        this.#check(
          'each run on its own scale',
          ({ isOwnScale }) => isOwnScale,
          isOwnScale => ({ isOwnScale }),
        ),
      );
    }
    return el('div', { class: 'menu-box' }, ...fields);
  }

  #stripField(name: (typeof STRIP_NAMES)[number]): HTMLElement {
    return this.#check(
      STRIPS[name],
      ({ hidden }) => !hidden.has(name),
      isShown => {
        const hidden = new Set(this.#app.arranged.hidden);
        if (isShown) hidden.delete(name);
        else hidden.add(name);
        return { hidden };
      },
    );
  }

  #check(
    text: string,
    read: (arranged: Arranged) => boolean,
    change: (isOn: boolean) => Partial<Arranged>,
  ): HTMLElement {
    const input = el('input', { type: 'checkbox' });
    input.addEventListener('change', () => this.#change(change(input.checked)));
    this.#updates.push(arranged => {
      input.checked = read(arranged);
    });
    return el('label', { class: 'choice' }, input, text);
  }

  #choice(
    text: string,
    choices: Readonly<Record<string, string>>,
    name: 'rows' | 'order',
    change: (value: string) => Partial<Arranged>,
  ): HTMLElement {
    const options = Object.entries(choices).map(([value, says]) => el('option', { value }, says));
    const select = el('select', { 'aria-label': text }, ...options);
    select.addEventListener('change', () => this.#change(change(select.value)));
    this.#updates.push(arranged => {
      select.value = arranged[name];
    });
    return el('label', { class: 'choice' }, `${text} `, select);
  }

  #change(part: Partial<Arranged>): void {
    this.#app.arrange({ ...this.#app.arranged, ...part });
    this.show();
  }
}
