// Where things stand: the columns for labels and totals left and right of the plot, and which x an instant has.
import { textWidth } from './xml.ts';

export interface Frame {
  readonly width: number;
  readonly margin: number;
  /** The plot, from its first to its last pixel. */
  readonly left: number;
  readonly right: number;
  readonly endMs: number;
}

export const MARGIN = 14;
const GAP = 8;
/** Right of the plot there is room for a mark at its very end. */
export const TOTAL_GAP = 14;
const LABEL_SHARE_MAX = 0.22;

/** @param labels that stand left of the rows @param totals that stand right of them */
export function frameFor(
  width: number,
  endMs: number,
  { labels, totals }: { readonly labels: readonly string[]; readonly totals: readonly string[] },
): Frame {
  const room = (texts: readonly string[]): number =>
    Math.min(width * LABEL_SHARE_MAX, Math.max(46, ...texts.map(text => textWidth(text, 11))));
  const left = Math.ceil(MARGIN + room(labels) + GAP);
  const right = Math.floor(width - MARGIN - room(totals) - TOTAL_GAP);
  return { width, margin: MARGIN, left, right, endMs };
}

export function xOf({ left, right, endMs }: Frame, atMs: number): number {
  return left + (Math.min(Math.max(atMs, 0), endMs) / endMs) * (right - left);
}

export function plotWidth({ left, right }: Frame): number {
  return right - left;
}

/** Room for a label or a total. */
export function labelRoom({ left }: Frame): number {
  return left - MARGIN - GAP;
}

export function totalRoom({ width, right }: Frame): number {
  return width - MARGIN - TOTAL_GAP - right;
}
