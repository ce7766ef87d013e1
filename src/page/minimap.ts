// The whole of all runs in a thin strip, with the window as a frame that can be dragged and pulled at both ends.

import type { Span } from '../timeline/large/pieces.ts';
import { PREVIEW_COLUMNS } from '../timeline/large/preview.ts';
import { isInked } from '../timeline/large/raster.ts';
import { IN_FLIGHT, KIND_COUNT } from '../timeline/slices.ts';
import { type Frame, Plot } from './plot.ts';
import type { RunView } from './run-view.ts';
import type { View } from './view.ts';

const HEIGHT = 46;
const EDGE_PX = 7;

export class Minimap {
  readonly plot = new Plot();
  readonly #view: View;
  #runs: readonly RunView[];
  /** Runs are drawn in these; null before. */
  #drawnIn: Frame['inks'] | null = null;
  #drag: { readonly part: 'from' | 'to' | 'all' | 'new'; readonly us: number; readonly window: Span } | null =
    null;

  constructor(view: View, runs: readonly RunView[]) {
    this.#view = view;
    this.#runs = runs;
    const { canvas } = this.plot;
    canvas.classList.add('minimap');
    canvas.addEventListener('pointerdown', event => this.#begin(event));
    canvas.addEventListener('pointermove', event => this.#move(event));
    canvas.addEventListener('pointerup', () => this.#end());
    canvas.addEventListener('pointercancel', () => this.#end());
    canvas.addEventListener('dblclick', () => this.#view.whole());
  }

  draw(frame: Frame): void {
    const { extent, window: shown } = this.#view;
    this.plot.start(frame, HEIGHT);
    if (!this.plot.hasBitmap || this.#drawnIn !== frame.inks) this.#drawRuns(frame);
    this.plot.put();
    this.plot.title('all', frame.palette);
    this.#drawWindow(frame, extent, shown);
    this.plot.glow({ ...frame, window: extent });
  }

  /** What is drawn for good: it does not change with the window. */
  #drawRuns(frame: Frame): void {
    if (this.#runs.every(run => run.preview !== null)) this.#drawnIn = frame.inks;
    const bitmap = this.plot.bitmap(frame.inks.surface);
    const perRun = Math.floor(bitmap.height / Math.max(1, this.#runs.length));
    for (const [i, run] of this.#runs.entries())
      this.#drawRun(run, frame, { bitmap, top: i * perRun, height: perRun - 1 });
  }

  #drawRun(
    run: RunView,
    { inks }: Frame,
    area: { bitmap: { pixels: Uint32Array; width: number; height: number }; top: number; height: number },
  ): void {
    const { preview, head } = run;
    if (preview === null) return;
    const { bitmap, top, height } = area;
    const { extent } = this.#view;
    let most = 1;
    for (let i = 0; i < PREVIEW_COLUMNS; i++) {
      let sum = 0;
      for (const kind of IN_FLIGHT) sum += (preview.levels[kind] as Float64Array)[i] as number;
      most = Math.max(most, sum);
    }
    for (let column = 0; column < bitmap.width; column++) {
      const us = ((column + 0.5) / bitmap.width) * (extent.toUs - extent.fromUs);
      const at = Math.floor((us / head.extentUs) * PREVIEW_COLUMNS);
      if (at >= PREVIEW_COLUMNS) break;
      let level = 0;
      let y = top + height;
      for (const kind of IN_FLIGHT) {
        level += (preview.levels[kind] as Float64Array)[at] as number;
        const next = Math.max(top, top + height - Math.round((level / most) * (height - 4)));
        for (; y > next; y--)
          if (!inks.isTextured || isInked(kind, column, y - 1))
            bitmap.pixels[(y - 1) * bitmap.width + column] = inks.kinds[kind] as number;
      }
    }
    this.#drawFailures(preview.failed, run, inks.error, area);
  }

  #drawFailures(
    failed: ArrayLike<number>,
    { head }: RunView,
    ink: number,
    area: { bitmap: { pixels: Uint32Array; width: number }; top: number },
  ): void {
    const { pixels, width } = area.bitmap;
    const perColumn = head.extentUs / PREVIEW_COLUMNS / (this.#view.extent.toUs - this.#view.extent.fromUs);
    for (let i = 0; i < failed.length; i++) {
      if ((failed[i] as number) === 0) continue;
      const x = Math.min(width - 2, Math.floor((i + 0.5) * perColumn * width));
      for (let y = area.top; y < area.top + 4; y++) pixels.fill(ink, y * width + x, y * width + x + 2);
    }
  }

  #drawWindow({ palette }: Frame, extent: Span, shown: Span): void {
    const { context, left, width, height } = this.plot;
    const from = this.plot.x(shown.fromUs, extent);
    const to = Math.max(from + 2, this.plot.x(shown.toUs, extent));
    context.globalAlpha = 0.65;
    context.fillStyle = palette.surface;
    context.fillRect(left, 0, from - left, height);
    context.fillRect(to, 0, width - to, height);
    context.globalAlpha = 1;
    context.strokeStyle = palette.focus;
    context.lineWidth = 2;
    context.strokeRect(from + 1, 1, Math.max(2, to - from - 2), height - 2);
    context.fillStyle = palette.focus;
    context.fillRect(from, height / 2 - 8, 4, 16);
    context.fillRect(to - 4, height / 2 - 8, 4, 16);
  }

  #usAt(event: PointerEvent): number {
    const { extent } = this.#view;
    const share = (event.offsetX - this.plot.left) / this.plot.plotWidth;
    return extent.fromUs + share * (extent.toUs - extent.fromUs);
  }

  #begin(event: PointerEvent): void {
    const { window: shown, extent } = this.#view;
    const us = this.#usAt(event);
    const from = this.plot.x(shown.fromUs, extent);
    const to = this.plot.x(shown.toUs, extent);
    const isInside = event.offsetX > from && event.offsetX < to;
    const part =
      Math.abs(event.offsetX - from) <= EDGE_PX
        ? 'from'
        : Math.abs(event.offsetX - to) <= EDGE_PX
          ? 'to'
          : isInside && !this.#view.isWhole
            ? 'all'
            : 'new';
    this.#view.remember();
    this.#drag = { part, us, window: shown };
    this.plot.canvas.setPointerCapture(event.pointerId);
  }

  #move(event: PointerEvent): void {
    const drag = this.#drag;
    if (drag === null) return;
    const us = this.#usAt(event);
    const { fromUs, toUs } = drag.window;
    if (drag.part === 'from') this.#view.show({ fromUs: Math.min(us, toUs - 1), toUs });
    else if (drag.part === 'to') this.#view.show({ fromUs, toUs: Math.max(us, fromUs + 1) });
    else if (drag.part === 'all')
      this.#view.show({ fromUs: fromUs + us - drag.us, toUs: toUs + us - drag.us });
    else if (Math.abs(us - drag.us) > 0)
      this.#view.show({ fromUs: Math.min(us, drag.us), toUs: Math.max(us, drag.us) });
  }

  #end(): void {
    this.#drag = null;
  }
}

/** All kinds that occur in any of these runs' previews. */
export function kindsIn(runs: readonly RunView[]): number[] {
  return Array.from({ length: KIND_COUNT }, (_, kind) => kind).filter(kind =>
    runs.some(run => run.preview?.levels[kind]?.some(level => level > 0)),
  );
}
