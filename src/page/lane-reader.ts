// The rows as a list that can be walked with the arrow keys and heard: up and down from lane to lane, left and right
// from attempt to attempt.
import { formatCount } from '../base/units.ts';
import { laneOf } from '../timeline/codec/dataset.ts';
import { firstEndingAfter, laneRange } from '../timeline/large/pieces.ts';
import { spokenAttempt } from '../timeline/large/spoken.ts';
import { el } from './dom.ts';
import type { RowsStrip } from './rows-strip.ts';
import type { RunView } from './run-view.ts';

export interface ReaderActions {
  /** The reader stands on this attempt, the run's own row; it is to be seen. */
  readonly visit: (run: number, row: number) => void;
  readonly select: (run: number, row: number) => void;
}

export class LaneReader {
  readonly element: HTMLElement;
  readonly #runs: readonly RunView[];
  readonly #actions: ReaderActions;
  #run = 0;
  #lane = 0;
  /** Row of the strip's own data. */
  #row = -1;
  #count = 0;

  constructor(runs: readonly RunView[], actions: ReaderActions) {
    this.#runs = runs;
    this.#actions = actions;
    this.element = el('div', {
      ...{ class: 'lane-reader', role: 'listbox', tabindex: 0, id: 'lane-reader' },
      'aria-label': 'Lanes and their attempts. Up and down: lane. Left and right: attempt. Enter selects.',
    });
    this.element.addEventListener('keydown', event => this.#onKey(event));
    this.element.addEventListener('focus', () => this.#start());
    this.#write('Rows, one attempt at a time: focus here, then the arrow keys.');
  }

  get #strip(): RowsStrip | null | undefined {
    return this.#runs[this.#run]?.client;
  }

  /** Where it stands, as the run's own row; null before it stands anywhere. */
  get current(): { run: number; row: number } | null {
    const strip = this.#strip;
    if (!strip || this.#row < 0) return null;
    const row = strip.sourceOf(this.#row);
    return row < 0 ? null : { run: this.#run, row };
  }

  /** Stands on an attempt that was found in another way. */
  goTo(run: number, sourceRow: number): void {
    this.#run = run;
    const row = this.#strip?.rowOf(sourceRow) ?? null;
    if (row === null) return;
    this.#stand(row, false);
  }

  /** Rows are others than before: it stands on the same attempt, or nowhere. */
  startAgain(place: { run: number; row: number } | null): void {
    this.#row = -1;
    if (place) this.goTo(place.run, place.row);
  }

  #start(): void {
    if (this.#row >= 0) {
      this.#say();
      return;
    }
    const strip = this.#strip;
    if (!strip) return;
    if (strip.model.data.rows === 0) {
      this.#write('There are no attempts.');
      return;
    }
    this.#stand(laneRange(strip.model.data, 0).first, true);
  }

  #onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = STEPS[event.key];
    if (step) this.step(step);
    else if (event.key === 'Enter' && this.current) this.#actions.select(this.current.run, this.current.row);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  step(step: Step): void {
    const strip = this.#strip;
    if (!strip || strip.model.data.rows === 0) return;
    if (this.#row < 0) this.#stand(laneRange(strip.model.data, 0).first, true);
    else if (step.lanes !== undefined) this.#stepLane(strip, step.lanes);
    else this.#stepRow(strip, step.rows ?? 0);
  }

  #stepRow(strip: RowsStrip, by: number): void {
    const range = laneRange(strip.model.data, this.#lane);
    this.#stand(Math.min(range.end - 1, Math.max(range.first, this.#row + by)), true);
  }

  /** To the attempt of the other lane that is on at the same time; over the last lane into the next run. */
  #stepLane(strip: RowsStrip, by: number): void {
    const us = strip.model.data.beginUs[this.#row] as number;
    let lane = this.#lane + by;
    if (lane < 0 || lane >= strip.lanes) {
      const next = this.#runs[this.#run + Math.sign(by)]?.client;
      if (next && next.lanes > 0) {
        this.#run += Math.sign(by);
        lane = by > 0 ? 0 : next.lanes - 1;
      } else lane = by > 0 ? strip.lanes - 1 : 0;
    }
    const { data } = (this.#strip as RowsStrip).model;
    const range = laneRange(data, lane);
    this.#stand(Math.min(range.end - 1, firstEndingAfter(data, range, us)), true);
  }

  #stand(row: number, isVisit: boolean): void {
    const strip = this.#strip as RowsStrip;
    this.#row = row;
    this.#lane = laneOf(strip.model.data, row);
    this.#say();
    strip.reveal(this.#lane);
    const source = strip.sourceOf(row);
    if (isVisit && source >= 0) this.#actions.visit(this.#run, source);
  }

  #say(): void {
    const strip = this.#strip;
    const run = this.#runs[this.#run];
    if (!strip || !run?.loaded || this.#row < 0) return;
    const { data } = strip.model;
    const range = laneRange(data, this.#lane);
    const source = strip.sourceOf(this.#row);
    const words = source < 0 ? 'never sent' : spokenAttempt(run.loaded.pieces.data, source);
    const name = this.#runs.length > 1 ? `${run.head.name}, ` : '';
    this.#write(`${name}${strip.model.labels(this.#lane)}, ${words}`, {
      place: this.#row - range.first + 1,
      of: range.end - range.first,
    });
  }

  #write(text: string, set?: { place: number; of: number }): void {
    const id = `lane-option-${this.#count++}`;
    this.element.replaceChildren(
      el(
        'div',
        {
          ...{ role: 'option', id, 'aria-selected': 'true' },
          'aria-posinset': set?.place,
          'aria-setsize': set?.of,
        },
        text,
      ),
    );
    this.element.setAttribute('aria-activedescendant', id);
    this.element.dataset.count = formatCount(this.#count);
  }
}

export interface Step {
  readonly lanes?: number;
  readonly rows?: number;
}

const STEPS: Readonly<Record<string, Step>> = {
  ArrowUp: { lanes: -1 },
  ArrowDown: { lanes: 1 },
  ArrowLeft: { rows: -1 },
  ArrowRight: { rows: 1 },
  PageUp: { lanes: -10 },
  PageDown: { lanes: 10 },
  Home: { rows: Number.NEGATIVE_INFINITY },
  End: { rows: Number.POSITIVE_INFINITY },
};
