// What lies under the pointer: shown beside it, and selected by a click.
import { formatCount, formatDuration } from '../base/units.ts';
import { instantText } from '../timeline/large/spoken.ts';
import type { App } from './app.ts';
import { mergedAt } from './merged.ts';
import type { PointerPlace } from './pointer.ts';
import type { RowHit, RowsStrip } from './rows-strip.ts';
import type { Selected } from './selection.ts';

/** So many pixels to both sides. */
const MERGED_PX = 2;

export class Pointing {
  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
  }

  /** The strip that a canvas belongs to. */
  #stripOf(canvas: HTMLCanvasElement): { run: number; strip: RowsStrip } | null {
    for (const [run, { strips }] of this.#app.runs.entries())
      for (const strip of strips) if (strip.plot.canvas === canvas) return { run, strip };
    return null;
  }

  #attemptAt({ canvas, us: viewedUs, y }: PointerPlace): { place: Selected | null; text: string } {
    const found = this.#stripOf(canvas);
    const us = this.#app.ownUs(found?.run ?? 0, viewedUs);
    const hit = found?.strip.hit(y, us);
    if (!found || !hit) return { place: null, text: '' };
    if (hit.row !== null && found.strip.regime !== 'shares') {
      const row = found.strip.sourceOf(hit.row);
      return row < 0 ? { place: null, text: 'never sent' } : { place: { run: found.run, row }, text: '' };
    }
    return found.strip.regime === 'shares' ? this.#merged(found, hit, us) : { place: null, text: '' };
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
    const found = this.#attemptAt(at);
    const place = found.place ?? this.#longestAt(at);
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

  #longestAt({ canvas, us: viewedUs, y }: PointerPlace): Selected | null {
    const found = this.#stripOf(canvas);
    const us = this.#app.ownUs(found?.run ?? 0, viewedUs);
    const hit = found?.strip.hit(y, us);
    if (!found || !hit || found.strip.regime !== 'shares') return null;
    const half = this.#mergedUs(found);
    const merged = mergedAt(found.strip, hit, { fromUs: us - half, toUs: us + half });
    const row = merged === null ? -1 : found.strip.sourceOf(merged.longest);
    return row < 0 ? null : { run: found.run, row };
  }

  #mergedUs({ run, strip }: { run: number; strip: RowsStrip }): number {
    return this.#app.ownUs(run, (this.#app.view.widthUs / Math.max(1, strip.plot.plotWidth)) * MERGED_PX);
  }

  /** What lies under a place where attempts are narrower than a pixel; a click selects the longest of them. */
  #merged(
    { run, strip }: { run: number; strip: RowsStrip },
    hit: RowHit,
    us: number,
  ): { place: Selected | null; text: string } {
    const half = this.#mergedUs({ run, strip });
    const part = { fromUs: us - half, toUs: us + half };
    const merged = mergedAt(strip, hit, part);
    if (merged === null) return { place: null, text: '' };
    const row = strip.sourceOf(merged.longest);
    const lanes =
      hit.lanes > 1
        ? `${strip.model.labels(hit.lane)} and ${hit.lanes - 1} more`
        : strip.model.labels(hit.lane);
    const index = this.#app.runs[run]?.loaded?.pieces.data.request?.[row];
    const which = index === undefined ? '' : ` (request ${formatCount(index + 1)}; a click selects it)`;
    return {
      place: null,
      text:
        `${lanes}, around ${instantText(us, half * strip.plot.plotWidth)}: ${formatCount(merged.attempts)} attempts, ` +
        `${formatCount(merged.failed)} failed; ${merged.shares}; p50 ${formatDuration(merged.p50Us / 1000)}, ` +
        `longest ${formatDuration(merged.longestUs / 1000)}${which}`,
    };
  }
}
