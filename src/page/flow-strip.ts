// Cumulative flow: how many were asked for, sent and done by when. Straight up between two lines is how many are in
// between, straight across is how long that takes.
import { formatCount } from '../base/units.ts';
import { DOWNLOAD, HANDLER, IN_FLIGHT, PERMIT } from '../timeline/slices.ts';
import type { Frame, Plot } from './plot.ts';

const TOP = 12;

/** @param done how many had ended by the end of each column @param levels how many are in which phase, by kind */
export function drawFlow(
  plot: Plot,
  frame: Frame,
  done: Float64Array,
  levels: readonly Float64Array[],
): void {
  const { palette } = frame;
  const answered = stacked(done, levels, [DOWNLOAD, HANDLER]);
  const sent = stacked(done, levels, IN_FLIGHT);
  const asked = stacked(sent, levels, [PERMIT]);
  const least = done[0] as number;
  const most = Math.max(least + 1, ...asked);
  const y = (count: number): number =>
    plot.height - 1 - ((plot.height - TOP) * (count - least)) / (most - least);
  area(plot, done, sent, { y, color: palette.kinds.service });
  area(plot, sent, asked, { y, color: palette.kinds.permit });
  line(plot, asked, { y, color: palette.kinds.permit, dash: [2, 2] });
  line(plot, sent, { y, color: palette.kinds.network, dash: [] });
  line(plot, answered, { y, color: palette.kinds.download, dash: [4, 2] });
  line(plot, done, { y, color: palette.text, dash: [] });
  plot.label(formatCount(Math.round(most)), TOP, palette.muted);
  plot.label(formatCount(Math.round(least)), plot.height - 7, palette.muted);
  plot.line(plot.height - 0.5, palette.axis);
  plot.note('asked ┈┈   sent ──   answered ╌╌   done ──', plot.height - 9, palette);
  plot.glow(frame);
}

function stacked(
  base: Float64Array,
  levels: readonly Float64Array[],
  kinds: readonly number[],
): Float64Array {
  const sums = base.slice();
  for (const kind of kinds) {
    const values = levels[kind] as Float64Array;
    for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] as number) + (values[i] as number);
  }
  return sums;
}

interface FlowLook {
  readonly y: (count: number) => number;
  readonly color: string;
}

function area(plot: Plot, lower: Float64Array, upper: Float64Array, { y, color }: FlowLook): void {
  const { context } = plot;
  const step = plot.plotWidth / lower.length;
  context.fillStyle = color;
  context.globalAlpha = 0.2;
  context.beginPath();
  for (let i = 0; i < upper.length; i++) context.lineTo(plot.left + i * step, y(upper[i] as number));
  for (let i = lower.length - 1; i >= 0; i--) context.lineTo(plot.left + i * step, y(lower[i] as number));
  context.fill();
  context.globalAlpha = 1;
}

function line(
  plot: Plot,
  counts: Float64Array,
  { y, color, dash }: FlowLook & { readonly dash: readonly number[] },
): void {
  const { context } = plot;
  const step = plot.plotWidth / counts.length;
  context.strokeStyle = color;
  context.lineWidth = 1.5;
  context.setLineDash([...dash]);
  context.beginPath();
  for (let i = 0; i < counts.length; i++) context.lineTo(plot.left + i * step, y(counts[i] as number));
  context.stroke();
  context.setLineDash([]);
}
