// From one error, or one attempt that fits the filter, to the next: round and round, in the order of their ends.
import { formatCount } from '../base/units.ts';
import { laneOf } from '../timeline/codec/dataset.ts';
import { isFailed } from '../timeline/large/ends.ts';
import type { App } from './app.ts';
import type { RunView } from './run-view.ts';
import type { Selected } from './selection.ts';

export class Steps {
  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
  }

  error(by: number): void {
    this.#stepTo(by, 'error', (run, visit) => {
      const data = run.loaded?.pieces.data;
      for (const row of run.loaded?.failed ?? [])
        if (data && (run.mask === null || run.mask[row] === 1)) visit(row);
    });
  }

  match(by: number): void {
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
      each(view, row => places.push({ run, row, endUs: this.#app.spanOf({ run, row })?.toUs ?? 0 }));
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
      view.remember();
      view.show({ fromUs: span.fromUs - width / 2, toUs: span.toUs + width / 2 });
    }
    this.#app.select({ run, row });
    if (data)
      this.#app.say(
        `${what}, lane ${(data.lanes[laneOf(data, row)] as number) + 1}${isFailed(data, row) ? ', failed' : ''}`,
      );
  }
}
