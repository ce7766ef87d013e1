// The field that a filter is typed into, and its words as chips with what they match, or why they cannot be read.
import { formatCount, formatShare } from '../base/units.ts';
import { onWireUs } from '../timeline/codec/dataset.ts';
import { type FilterTerm, readFilter } from '../timeline/large/filter.ts';
import { button, byId, el } from './dom.ts';
import type { RunView } from './run-view.ts';

export class FilterBox {
  readonly input = byId<HTMLInputElement>('filter');
  readonly #chips = byId('chips');
  readonly #runs: readonly RunView[];
  readonly #onChange: () => void;
  #text = '';

  constructor(runs: readonly RunView[], onChange: () => void) {
    this.#runs = runs;
    this.#onChange = onChange;
    byId('filter-form').addEventListener('submit', event => {
      event.preventDefault();
      this.set(this.input.value);
    });
    this.input.addEventListener('change', () => this.set(this.input.value));
    this.input.addEventListener('keydown', event => {
      if (event.key !== 'Escape') return;
      event.preventDefault(); // which would empty the field
      byId('cursor').focus();
    });
  }

  get text(): string {
    return this.#text;
  }

  /** Sets it as if it had been typed. */
  set(text: string): void {
    if (text === this.#text) return;
    this.#text = text;
    this.input.value = text;
    this.apply();
  }

  apply(): void {
    let matching = 0;
    let rows = 0;
    let terms: readonly FilterTerm[] = [];
    for (const run of this.#runs) {
      const loaded = run.loaded;
      if (!loaded) continue;
      const { data } = loaded.pieces;
      const filter = readFilter(this.#text, data, share => percentileUs(run, share));
      run.filter(filter.mask);
      terms = filter.terms;
      rows += data.rows;
      if (filter.mask !== null) for (const bit of filter.mask) matching += bit;
    }
    this.#draw(terms, matching, rows);
    this.#onChange();
  }

  #draw(terms: readonly FilterTerm[], matching: number, rows: number): void {
    const chips = terms.map(term => {
      const without = (): void =>
        this.set(
          terms
            .filter(other => other !== term)
            .map(other => other.text)
            .join(' '),
        );
      const chip = el('span', { class: term.problem ? 'chip problem' : 'chip' }, term.text);
      chip.append(button('×', `Take ${term.text} out of the filter`, without));
      return term.problem ? el('span', {}, chip, el('span', { class: 'problem' }, ` ${term.problem}`)) : chip;
    });
    const isOn = terms.some(term => term.problem === null);
    const share = formatShare(rows > 0 ? matching / rows : 0);
    const text = `${formatCount(matching)} of ${formatCount(rows)} attempts match (${share})`;
    const count = isOn ? [el('span', {}, text)] : [];
    this.#chips.replaceChildren(...chips, ...count);
    this.input.setAttribute('aria-invalid', String(terms.some(term => term.problem !== null)));
  }
}

/** Of the time on the wire. */
function percentileUs({ loaded }: RunView, share: number): number {
  if (!loaded) return 0;
  const { data } = loaded.pieces;
  const { rows } = data;
  const spans = new Float64Array(rows);
  for (let row = 0; row < rows; row++) spans[row] = onWireUs(data, row);
  if (rows === 0) return 0;
  spans.sort();
  return spans[Math.min(rows - 1, Math.max(0, Math.ceil(share * rows) - 1))] as number;
}
