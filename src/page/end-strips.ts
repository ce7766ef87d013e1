// Three strips over what ended and what waits: time on the wire (p50, p95, largest), ends per second, waiting room.
import { formatCount, formatDuration } from '../base/units.ts';
import type { EndColumns } from '../timeline/large/ends.ts';
import type { Frame, Plot } from './plot.ts';

/** Logarithmic, because the tail is what matters. */
export function drawLatency(plot: Plot, frame: Frame, ends: EndColumns): void {
  const { palette } = frame;
  const [low, high] = bounds(ends);
  if (high <= 0) return;
  const y = (us: number): number => {
    const share = (Math.log(Math.max(us, low)) - Math.log(low)) / (Math.log(high) - Math.log(low));
    return plot.height - 5 - (plot.height - 12) * share;
  };
  let lastY = Number.POSITIVE_INFINITY;
  for (let us = 10 ** Math.ceil(Math.log10(low)); us <= high; us *= 10) {
    plot.line(y(us), palette.grid);
    if (lastY - y(us) > 12 && y(us) > 18) {
      plot.label(formatDuration(us / 1000), y(us), palette.muted);
      lastY = y(us);
    }
  }
  const { context } = plot;
  const step = plot.plotWidth / ends.ended.length;
  context.fillStyle = palette.kinds.service;
  context.globalAlpha = 0.25;
  for (const [i, count] of ends.ended.entries()) {
    if (count === 0) continue;
    const top = y(ends.p95Us[i] as number);
    context.fillRect(plot.left + i * step, top, Math.max(1, step), y(ends.p50Us[i] as number) - top + 1);
  }
  context.globalAlpha = 1;
  stepLine(plot, ends.p50Us, y, { color: palette.kinds.service, dash: [] });
  stepLine(plot, ends.p95Us, y, { color: palette.capacity, dash: [5, 3] });
  stepLine(plot, ends.maxUs, y, { color: palette.text, dash: [1, 2] });
  plot.note('p50 ──   p95 ╌╌   max ┈┈', 7, palette, palette.muted);
  plot.glow(frame);
}

function bounds(ends: EndColumns): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const [i, count] of ends.ended.entries()) {
    if (count === 0) continue;
    low = Math.min(low, ends.p50Us[i] as number);
    high = Math.max(high, ends.maxUs[i] as number);
  }
  low = Math.max(1, low * 0.8);
  return [low, high <= 0 ? 0 : Math.max(high * 1.1, low * 1.2)];
}

function stepLine(
  plot: Plot,
  values: Float64Array,
  y: (us: number) => number,
  look: { readonly color: string; readonly dash: readonly number[] },
): void {
  const { context } = plot;
  const step = plot.plotWidth / values.length;
  context.strokeStyle = look.color;
  context.lineWidth = 1.5;
  context.setLineDash([...look.dash]);
  context.beginPath();
  let isDown = false;
  for (const [i, us] of values.entries()) {
    if (us === 0) {
      isDown = false;
      continue;
    }
    const x = plot.left + i * step;
    if (isDown) context.lineTo(x, y(us));
    else context.moveTo(x, y(us));
    context.lineTo(x + step, y(us));
    isDown = true;
  }
  context.stroke();
  context.setLineDash([]);
}

/** Ends per second; those that failed in red at the bottom. */
export function drawThroughput(plot: Plot, frame: Frame, ends: EndColumns): void {
  const { palette, window: shown } = frame;
  const columns = ends.ended.length;
  const perSecond = columns / ((shown.toUs - shown.fromUs) / 1e6);
  let most = 0;
  for (const count of ends.ended) if (count > most) most = count;
  if (most === 0) return;
  const step = plot.plotWidth / columns;
  const perCount = (plot.height - 12) / most;
  const { context } = plot;
  for (const [i, count] of ends.ended.entries()) {
    if (count === 0) continue;
    const failed = ends.failed[i] as number;
    const bar = (share: number, color: string): void => {
      context.fillStyle = color;
      const from = Math.round(plot.left + i * step);
      const width = Math.max(1, Math.round(plot.left + (i + 1) * step) - from);
      context.fillRect(from, plot.height - share * perCount, width, share * perCount);
    };
    bar(count, palette.muted);
    if (failed > 0) bar(Math.max(failed, 2 / perCount), palette.error);
  }
  plot.label(rate(most * perSecond), 14, palette.muted);
  plot.line(plot.height - 0.5, palette.axis);
  plot.glow(frame);
}

function rate(perSecond: number): string {
  if (perSecond >= 100) return `${formatCount(Math.round(perSecond))}/s`;
  return `${Number(perSecond.toPrecision(3))}/s`;
}

/** How many wait for a permit of ours. */
export function drawWaiting(plot: Plot, frame: Frame, levels: Float64Array): void {
  const { palette, inks } = frame;
  let most = 0;
  for (const level of levels) if (level > most) most = level;
  const bitmap = plot.bitmap(inks.surface);
  const ink = inks.kinds[0] as number;
  const top = Math.round(10 * plot.scale);
  for (let column = 0; column < bitmap.width && most > 0; column++) {
    const share = (levels[column] as number) / most;
    for (let y = Math.round(bitmap.height - share * (bitmap.height - top)); y < bitmap.height; y++)
      if (((column + y) & 3) < 2) bitmap.pixels[y * bitmap.width + column] = ink;
  }
  plot.put();
  if (most > 0) plot.label(`most ${formatCount(Math.round(most))}`, plot.height - 7, palette.muted);
  plot.line(plot.height - 0.5, palette.axis);
  plot.glow(frame);
}
