// The style sheet of a picture, for a light surface, a dark one, or whichever its reader has; and for readers whose
// system has colours of its own, or more contrast.
import { PALETTES, type Palette } from '../../timeline/looks.ts';
import { SLICE_KINDS, type SliceKind } from '../../timeline/slices.ts';
import type { Theme } from '../report.ts';

/** Filled by a pattern; its colour is that of the pattern's lines. */
const PATTERNS: Readonly<Partial<Record<SliceKind, string>>> = { permit: 'hatch', ttfb: 'dots' };
/** Where there is one colour for all phases, height and texture say which it is. */
const FORCED_PATTERNS: Readonly<Partial<Record<SliceKind, string>>> = {
  ...{ handover: 'hatch', network: 'cross', queue: 'rules', download: 'bars' },
};
/** Their colour is that of words. */
const AS_WORDS: readonly SliceKind[] = ['handler'];

const SHAPES =
  'text{font-size:11px;font-family:system-ui,-apple-system,Segoe UI,Roboto,sans-serif;' +
  'font-variant-numeric:tabular-nums}' +
  '.title{font-size:15px;font-weight:600}.finding{font-size:12px}.right{text-anchor:end}.middle{text-anchor:middle}' +
  `text,.error,${SLICE_KINDS.map(kind => `.${kind}`).join()},.marks .solid{fill:currentColor;stroke:currentColor}` +
  `text{stroke:none}${patterned(PATTERNS)}` +
  '.bars path,.marks path,.again,.limit,.capacity,.finish{fill:none}.key rect,.shares path{stroke:none}' +
  '.again{stroke-dasharray:1.5 2.5;stroke-width:1.2}.capacity{stroke-dasharray:4 3;stroke-width:1.5}' +
  '.limit{stroke:currentColor;stroke-width:1.5}.finish{stroke-dasharray:2 2}';

/** No pale words and lines, and an edge of the words' colour around whatever is drawn. */
const CONTRASTED =
  '@media(prefers-contrast:more){.muted{color:inherit}.axis,.grid,.finish,.again{stroke:currentColor}' +
  '.grid{stroke-dasharray:1 3}' +
  '.bars,.area,.shares{filter:drop-shadow(.6px .6px 0)drop-shadow(-.6px -.6px 0)}}';

/** The last one, so that it wins. Textures are opaque, as strips paint one phase over another. */
const FORCED =
  '@media(forced-colors:active){svg{forced-color-adjust:none}svg,svg *{color:CanvasText!important}' +
  '.surface,.chip,.dot{fill:Canvas}.halo,.area path{stroke:Canvas}.fade stop{stop-color:Canvas}' +
  '.ground{fill:CanvasText}.chip,.hatch,.capacity,.axis,.grid,.finish,.again{stroke:CanvasText}' +
  '.grid{stroke-dasharray:1 5}' +
  `${patterned(FORCED_PATTERNS)}}`;

/** The content of the one `style` element. */
export function styleSheet(theme: Theme): string {
  const themes =
    theme === 'auto'
      ? `${themed(PALETTES.light)}@media(prefers-color-scheme:dark){${themed(PALETTES.dark)}}`
      : themed(PALETTES[theme]);
  return SHAPES + themes + CONTRASTED + FORCED;
}

function patterned(patterns: Readonly<Partial<Record<SliceKind, string>>>): string {
  return Object.entries(patterns)
    .map(([kind, id]) => `.${kind}{fill:url(#${id});stroke:url(#${id})}`)
    .join('');
}

function themed({ surface, text, muted, grid, axis, error, capacity, kinds }: Palette): string {
  const rules = SLICE_KINDS.filter(kind => PATTERNS[kind] === undefined && !AS_WORDS.includes(kind)).map(
    kind => `.${kind}{color:${kinds[kind]}}`,
  );
  return (
    `svg{color:${text}}.muted{color:${muted}}.error{color:${error}}${rules.join('')}` +
    `.surface,.dot{fill:${surface}}.halo,.area path{stroke:${surface}}.fade stop{stop-color:${surface}}` +
    `.chip{fill:${grid}}.grid{stroke:${grid}}.axis,.finish,.again{stroke:${axis}}.capacity{stroke:${capacity}}` +
    `.hatch{stroke:${kinds.permit}}.ground{fill:${kinds.ttfb}}`
  );
}

/** Patterns and gradients; what they are called is the same in every picture, and so is what they are. */
export const DEFINITIONS =
  '<pattern id="rules" width="4" height="4" patternUnits="userSpaceOnUse"><rect class="dot" width="4" height="4"/>' +
  '<path class="hatch" d="M0 1h4" stroke-width="2"/></pattern>' +
  '<pattern id="hatch" href="#rules" patternTransform="rotate(-45)"/>' +
  '<pattern id="bars" href="#rules" patternTransform="rotate(90)"/>' +
  '<pattern id="cross" href="#rules"><rect class="dot" width="4" height="4"/>' +
  '<path class="hatch" d="M0 1h4M1 0v4"/></pattern>' +
  '<pattern id="dots" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="ground" width="6" height="6"/>' +
  '<circle class="dot" cx="3" cy="3" r="1"/></pattern>' +
  '<linearGradient id="fade" class="fade"><stop offset="0" stop-opacity="0"/><stop offset="1" stop-opacity=".8"/>' +
  '</linearGradient>';
