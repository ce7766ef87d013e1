// A frame around the one attempt that is pointed at or selected, with an arrow where it is too small to be seen.
import type { Plot } from './plot.ts';

/** Smaller than that, a frame is a speck. */
const SEEN_PX = 8;
const ARROW_PX = 9;

/** @param at where it is drawn, in CSS pixels of the plot */
export function drawOutline(plot: Plot, at: DOMRect, color: string): void {
  const { context, left: edge, width: right } = plot;
  if (at.right < edge || at.left > right) return;
  const from = Math.max(edge, at.left);
  const to = Math.min(right, at.right);
  context.strokeStyle = color;
  context.lineWidth = 2;
  context.strokeRect(from - 1, at.top - 1, Math.max(2, to - from) + 2, at.height + 2);
  if (at.height >= SEEN_PX && to - from >= SEEN_PX) return;
  const x = (from + to) / 2;
  // Above it, unless there is no room.
  const isBelow = at.top < ARROW_PX + 1;
  const tip = isBelow ? at.bottom + 2 : at.top - 2;
  const foot = tip + (isBelow ? ARROW_PX : -ARROW_PX);
  context.fillStyle = color;
  context.beginPath();
  context.moveTo(x, tip);
  context.lineTo(x - 6, foot);
  context.lineTo(x + 6, foot);
  context.fill();
}
