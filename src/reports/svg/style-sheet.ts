// The style sheet of a picture, for a light surface, a dark one, or whichever its reader has.
import { PALETTES, type Palette } from '../../timeline/looks.ts';
import type { SliceKind } from '../../timeline/slices.ts';
import type { Theme } from '../report.ts';

/** Filled by a pattern; its colour is that of the pattern's lines. */
const PATTERNS: Readonly<Partial<Record<SliceKind, string>>> = { permit: 'url(#hatch)', ttfb: 'url(#dots)' };

const SHAPES =
  'text{font:12px system-ui,-apple-system,Segoe UI,Roboto,sans-serif;font-variant-numeric:tabular-nums}' +
  '.title{font-size:15px;font-weight:600}.small{font-size:11px}.right{text-anchor:end}.middle{text-anchor:middle}' +
  '.bars path,.marks path,.again,.limit,.capacity,.finish{fill:none}.key rect,.shares path{stroke:none}' +
  '.again{stroke-dasharray:1.5 2.5;stroke-width:1.2}.capacity{stroke-dasharray:4 3;stroke-width:1.5}' +
  '.limit{stroke-width:1.5}.finish{stroke-dasharray:2 2}';

/** The content of the one `style` element. */
export function styleSheet(theme: Theme): string {
  if (theme !== 'auto') return SHAPES + themed(PALETTES[theme]);
  return `${SHAPES}${themed(PALETTES.light)}@media(prefers-color-scheme:dark){${themed(PALETTES.dark)}}`;
}

function themed({ surface, text, muted, grid, axis, error, capacity, kinds }: Palette): string {
  const rules = Object.entries(kinds).map(([kind, colour]) => {
    const paint = PATTERNS[kind as SliceKind] ?? colour;
    return `.${kind}{fill:${paint};stroke:${paint}}`;
  });
  return (
    `text{fill:${text}}.muted{fill:${muted}}.surface{fill:${surface}}.grid{stroke:${grid}}.track{fill:${grid}}` +
    `.axis,.finish,.again{stroke:${axis}}.error{fill:${error};stroke:${error}}.marks .solid{fill:${error}}` +
    `.capacity{stroke:${capacity}}` +
    `.limit{stroke:${text}}.halo,.area path{stroke:${surface}}.chip{fill:${grid}}.fade stop{stop-color:${surface}}` +
    `${rules.join('')}.hatch{stroke:${kinds.permit}}.dot{fill:${surface}}.ground{fill:${kinds.ttfb}}`
  );
}

/** Patterns and gradients; what they are called is the same in every picture, and so is what they are. */
export const DEFINITIONS =
  '<pattern id="hatch" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">' +
  '<path class="hatch" d="M1 0v4" stroke-width="2"/></pattern>' +
  '<pattern id="dots" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="ground" width="6" height="6"/>' +
  '<circle class="dot" cx="3" cy="3" r="1"/></pattern>' +
  '<linearGradient id="fade" class="fade"><stop offset="0" stop-opacity="0"/><stop offset="1" stop-opacity=".8"/>' +
  '</linearGradient>';
