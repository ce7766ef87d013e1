// The ruler of time above all strips, and marks that the reader has set: two of them show how far apart they are.
import { formatDuration } from '../base/units.ts';
import { type Frame, Plot } from './plot.ts';
import { timeTicks } from './ticks.ts';

export const AXIS_PX = 26;
const LABEL_PX = 90;

export class Axis {
  readonly plot = new Plot();

  constructor() {
    this.plot.canvas.classList.add('axis');
  }

  /** @param marksUs instants that were marked @param cursorUs null where it is not shown */
  draw(frame: Frame, marksUs: readonly number[], cursorUs: number | null): void {
    const { plot } = this;
    const { palette, window: shown } = frame;
    plot.start(frame, AXIS_PX);
    plot.title('time', palette);
    const { context } = plot;
    context.textAlign = 'center';
    for (const { us, label } of timeTicks(shown, Math.max(2, Math.floor(plot.plotWidth / LABEL_PX)))) {
      const x = plot.x(us, shown);
      context.fillStyle = palette.axis;
      context.fillRect(Math.round(x), AXIS_PX - 6, 1, 6);
      context.fillStyle = palette.text;
      const half = context.measureText(label).width / 2;
      context.fillText(label, Math.min(plot.width - half - 1, Math.max(plot.left + half - 4, x)), 10);
    }
    plot.line(AXIS_PX - 0.5, palette.axis);
    this.#drawMarks(frame, marksUs);
    const x = cursorUs === null ? -1 : plot.x(cursorUs, shown);
    if (x >= plot.left) triangle(context, x, palette.focus);
    plot.glow(frame);
  }

  #drawMarks({ palette, window: shown }: Frame, marksUs: readonly number[]): void {
    const { plot } = this;
    const { context } = plot;
    context.fillStyle = palette.capacity;
    for (const us of marksUs) context.fillRect(Math.round(plot.x(us, shown)) - 1, 0, 3, AXIS_PX);
    const [first, second] = marksUs;
    if (first === undefined || second === undefined) return;
    const text = `⟷ ${formatDuration(Math.abs(second - first) / 1000)}`;
    context.textAlign = 'center';
    const x = (plot.x(first, shown) + plot.x(second, shown)) / 2;
    const half = context.measureText(text).width / 2 + 4;
    const at = Math.min(plot.width - half, Math.max(plot.left + half, x));
    context.fillStyle = palette.surface;
    context.fillRect(at - half, 2, half * 2, 15);
    context.fillStyle = palette.capacity;
    context.fillText(text, at, 10);
  }
}

function triangle(context: CanvasRenderingContext2D, x: number, color: string): void {
  context.fillStyle = color;
  context.beginPath();
  context.moveTo(x - 5, AXIS_PX - 8);
  context.lineTo(x + 5, AXIS_PX - 8);
  context.lineTo(x, AXIS_PX);
  context.fill();
}
