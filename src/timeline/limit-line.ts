// The limit that was found, over time, as a line of a terminal's picture: on the scale of the at-server line above it,
// so that what was at the server can be held against what was allowed.
import { formatCount } from '../base/units.ts';
import { levelGlyph } from './at-server.ts';
import type { Cell } from './cells.ts';
import type { LimitStep } from './found-limit.ts';
import type { Charset } from './palette.ts';
import type { Scale } from './scale.ts';

export interface LimitLineOptions {
  readonly columns: number;
  readonly scale: Scale;
  /** Where the run ends: behind it nothing is allowed, and nothing forbidden. */
  readonly wallMs: number;
  readonly charset: Charset;
}

/** One for each column: the highest limit in it; above the scale's top it is drawn at the top. */
export function limitCells(steps: readonly LimitStep[], options: LimitLineOptions): Cell[] {
  const { columns, scale, wallMs, charset } = options;
  const fromMs = scale.fromMs ?? 0;
  const columnMs = (scale.endMs - fromMs) / columns;
  let next = 0;
  let now = 0;
  return Array.from({ length: columns }, (_, column) => {
    const beginMs = fromMs + column * columnMs;
    const endMs = beginMs + columnMs;
    // What was allowed before is allowed until the first step in the column.
    let most = now;
    for (let step = steps[next]; step !== undefined && step.fromMs < endMs; step = steps[++next]) {
      now = step.limit;
      most = step.fromMs <= beginMs ? now : Math.max(most, now);
    }
    const shown = beginMs >= wallMs ? 0 : Math.min(most, scale.atServerMax);
    const glyph = shown === 0 ? ' ' : levelGlyph(shown, scale.atServerMax, charset);
    return { glyph, ink: 'muted', means: null };
  });
}

/** `peak 8, at last 4`; `4` where it never changed. */
export function limitWords(steps: readonly LimitStep[]): string {
  const last = steps.at(-1)?.limit ?? 0;
  const peak = steps.reduce((most, { limit }) => Math.max(most, limit), 0);
  return steps.length < 2 ? formatCount(last) : `peak ${formatCount(peak)}, at last ${formatCount(last)}`;
}
