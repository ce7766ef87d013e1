// What lies under the pointer: shown beside it, and selected by a click.
import { formatCount } from '../base/units.ts';
import type { App } from './app.ts';
import type { PointerPlace } from './pointer.ts';
import type { RowsStrip } from './rows-strip.ts';
import type { Selected } from './selection.ts';

export class Pointing {
  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
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

  hover(at: PointerPlace | null): void {
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

  click(at: PointerPlace): void {
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
}
