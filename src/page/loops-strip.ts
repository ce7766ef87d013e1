// How busy our own event loops were, a row for each: one row against three is what tells one thread from three.
import type { LoopHead } from '../timeline/large/report-head.ts';
import type { Frame, Plot } from './plot.ts';

const ROW_PX = 26;
const GAP_PX = 4;

export function loopsHeight(loops: readonly LoopHead[]): number {
  return loops.length * ROW_PX;
}

/** Each column shows its mean, and paler above it the most of its samples. */
export function drawLoops(plot: Plot, frame: Frame, loops: readonly LoopHead[]): void {
  const { palette } = frame;
  for (const [i, loop] of loops.entries()) {
    const bottom = (i + 1) * ROW_PX - 1;
    drawLoop(plot, frame, loop, bottom);
    plot.line(bottom + 0.5, palette.axis);
    plot.label(loop.label, bottom - ROW_PX / 2, palette.muted);
    plot.note(loop.says, bottom - ROW_PX / 2, palette, palette.muted);
  }
  plot.glow(frame);
}

function drawLoop(plot: Plot, { window: shown, palette }: Frame, loop: LoopHead, bottom: number): void {
  const { context } = plot;
  const columns = Math.round(plot.plotWidth);
  const perColumnUs = (shown.toUs - shown.fromUs) / columns;
  context.fillStyle = palette.text;
  for (let column = 0; column < columns; column++) {
    const { mean, most } = busyIn(loop, shown.fromUs + column * perColumnUs, perColumnUs);
    const bar = (share: number, alpha: number): void => {
      const height = share * (ROW_PX - GAP_PX);
      context.globalAlpha = alpha;
      context.fillRect(plot.left + column, bottom - height, 1, height);
    };
    if (most > 0) bar(most, 0.3);
    if (mean > 0) bar(mean, 0.8);
  }
  context.globalAlpha = 1;
}

/** Of the samples that lie in so long a time, by any part of them. */
function busyIn(
  { fromUs, everyUs, busy }: LoopHead,
  atUs: number,
  spanUs: number,
): { readonly mean: number; readonly most: number } {
  const first = Math.max(0, Math.floor((atUs - fromUs) / everyUs));
  const end = Math.min(busy.length, Math.max(first + 1, Math.ceil((atUs + spanUs - fromUs) / everyUs)));
  let [sum, count, most] = [0, 0, 0];
  for (let place = first; place < end && atUs + spanUs > fromUs; place++) {
    const share = busy[place] ?? null;
    if (share === null) continue;
    sum += share;
    count++;
    most = Math.max(most, share);
  }
  return { mean: count > 0 ? sum / count / 1000 : 0, most: most / 1000 };
}
