// A canvas with a gutter for labels on the left: device pixels for the raster, CSS pixels for everything else.

import type { Span } from '../timeline/large/pieces.ts';
import type { Bitmap, Inks } from '../timeline/large/raster.ts';
import type { Palette } from '../timeline/looks.ts';
import { el } from './dom.ts';

/** What every strip of one frame has in common. */
export interface Frame {
  readonly window: Span;
  /** Of the strips, in CSS pixels. */
  readonly width: number;
  readonly gutter: number;
  readonly palette: Palette;
  readonly inks: Inks;
  /** Hovered or selected: glows in every strip. */
  readonly glow: Span | null;
  readonly isForced: boolean;
  /** What the filter does not match is not drawn at all. */
  readonly hides: boolean;
}

export class Plot {
  readonly canvas: HTMLCanvasElement = el('canvas', { 'aria-hidden': 'true' });
  readonly context: CanvasRenderingContext2D;
  /** Device pixels of a CSS pixel. */
  scale = 1;
  width = 0;
  height = 0;
  left = 0;
  #image: ImageData | null = null;

  constructor() {
    const context = this.canvas.getContext('2d', { alpha: false });
    if (context === null) throw new Error('This browser draws no canvas.');
    this.context = context;
  }

  /** Device pixels of a CSS pixel, for a canvas so large. */
  static scaleOf(width: number, height: number): number {
    const isTooLarge = width * height * window.devicePixelRatio ** 2 > 4_000_000;
    return isTooLarge ? 1 : Math.min(3, window.devicePixelRatio);
  }

  /** Makes the canvas that large and empty. */
  start({ width, gutter, palette }: Frame, height: number): void {
    this.scale = Plot.scaleOf(width, height);
    [this.width, this.height, this.left] = [width, height, gutter];
    const [across, down] = [Math.round(width * this.scale), Math.round(height * this.scale)];
    if (this.canvas.width !== across || this.canvas.height !== down) {
      [this.canvas.width, this.canvas.height] = [across, down];
      this.canvas.style.width = `${width}px`;
      this.canvas.style.height = `${height}px`;
      this.#image = null;
    }
    this.context.setTransform(this.scale, 0, 0, this.scale, 0, 0);
    this.context.fillStyle = palette.surface;
    this.context.fillRect(0, 0, width, height);
    this.context.font = '11px system-ui, sans-serif';
    this.context.textBaseline = 'middle';
  }

  get plotWidth(): number {
    return this.width - this.left;
  }

  x(us: number, { fromUs, toUs }: Span): number {
    return this.left + ((us - fromUs) / (toUs - fromUs)) * this.plotWidth;
  }

  /** Whether the pixels of the last `bitmap` can be put again. */
  get hasBitmap(): boolean {
    return this.#image !== null;
  }

  /** The part right of the gutter as pixels, filled with the surface; `put` shows it. */
  bitmap(surface: number): Bitmap {
    const width = Math.max(1, Math.round(this.plotWidth * this.scale));
    const height = Math.max(1, Math.round(this.height * this.scale));
    if (this.#image === null || this.#image.width !== width || this.#image.height !== height)
      this.#image = new ImageData(width, height);
    const pixels = new Uint32Array(this.#image.data.buffer);
    pixels.fill(surface);
    return { pixels, width, height };
  }

  put(): void {
    if (this.#image) this.context.putImageData(this.#image, Math.round(this.left * this.scale), 0);
  }

  /** Text that ends at the gutter's right edge; where it has no room, its last word. */
  label(text: string, y: number, color: string): void {
    const { context } = this;
    const room = this.left - 10;
    const isWide = context.measureText(text).width > room;
    context.fillStyle = color;
    context.textAlign = 'right';
    const short = isWide ? (text.split(' ').at(-1) ?? text) : text;
    context.fillText(fitted(context, short, room), this.left - 6, y);
  }

  /** A title in the gutter's upper left. */
  title(text: string, palette: Palette): void {
    const { context } = this;
    context.fillStyle = palette.text;
    context.textAlign = 'left';
    context.font = '600 12px system-ui, sans-serif';
    context.fillText(fitted(context, text, this.left - 4), 0, 9);
    context.font = '11px system-ui, sans-serif';
  }

  /** Words at the right, on a plate so that they can be read over any colour. */
  note(text: string, y: number, palette: Palette, color = palette.text): void {
    const { context } = this;
    const at = Math.min(this.height - 8, Math.max(8, y));
    const { width } = context.measureText(text);
    context.globalAlpha = 0.85;
    context.fillStyle = palette.surface;
    context.fillRect(this.width - width - 10, at - 7, width + 8, 14);
    context.globalAlpha = 1;
    context.fillStyle = color;
    context.textAlign = 'right';
    context.fillText(text, this.width - 6, at);
  }

  line(y: number, color: string, dash: readonly number[] = [], from = this.left, width = 1): void {
    const { context } = this;
    context.strokeStyle = color;
    context.lineWidth = width;
    context.setLineDash([...dash]);
    context.beginPath();
    context.moveTo(from, y);
    context.lineTo(this.width, y);
    context.stroke();
    context.setLineDash([]);
  }

  /** The span that glows: its two borders, and a tint between them. */
  glow({ glow, window: shown, palette }: Frame): void {
    if (glow === null) return;
    const { context } = this;
    const from = Math.max(this.left, this.x(glow.fromUs, shown));
    const to = Math.min(this.width, this.x(glow.toUs, shown));
    if (to < this.left || from > this.width) return;
    context.globalAlpha = 0.05;
    context.fillStyle = palette.focus;
    context.fillRect(from, 0, Math.max(1, to - from), this.height);
    context.globalAlpha = 0.6;
    context.fillRect(from, 0, 1, this.height);
    context.fillRect(to, 0, 1, this.height);
    context.globalAlpha = 1;
  }
}

function fitted(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let end = text.length;
  while (end > 1 && context.measureText(`${text.slice(0, end)}…`).width > width) end--;
  return `${text.slice(0, end)}…`;
}
