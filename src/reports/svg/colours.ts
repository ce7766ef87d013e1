// The colours of a picture on a light and on a dark surface, and the style sheet that holds them. Each phase keeps a
// contrast of 3 : 1 with its surface; test/reports/svg-colours.test.ts computes how far apart neighbours stay, also for
// readers who see fewer colours. Thickness says it once more.
import type { SliceKind } from '../../timeline/slices.ts';
import type { Theme } from '../report.ts';

export interface Colours {
  readonly surface: string;
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  readonly axis: string;
  readonly error: string;
  readonly capacity: string;
  readonly phases: Readonly<Record<SliceKind, string>>;
}

export const LIGHT: Colours = {
  surface: '#ffffff',
  text: '#16181d',
  muted: '#565d68',
  grid: '#dfe3e8',
  axis: '#7a828e',
  error: '#c4002b',
  capacity: '#b4530a',
  phases: {
    permit: '#8a8f96',
    handover: '#8a8f96',
    network: '#5b1a8b',
    queue: '#d9701a',
    service: '#2463d9',
    ttfb: '#6b5b10',
    download: '#0a5f57',
    handler: '#16181d',
  },
};

export const DARK: Colours = {
  surface: '#10151c',
  text: '#e8ecf1',
  muted: '#9aa4b2',
  grid: '#262d37',
  axis: '#6d7785',
  error: '#ff5c6c',
  capacity: '#ffb066',
  phases: {
    permit: '#7f848b',
    handover: '#7f848b',
    network: '#a445b0',
    queue: '#ffa04a',
    service: '#4c97ff',
    ttfb: '#fff0a8',
    download: '#56e8dc',
    handler: '#e8ecf1',
  },
};

/** How much of a row's height each phase takes: thin is waiting, thick is work. */
export const THICKNESS: Readonly<Record<SliceKind, number>> = {
  permit: 0.34,
  handover: 0.2,
  network: 0.6,
  queue: 0.5,
  service: 1,
  ttfb: 0.62,
  download: 0.8,
  // Thin, because some of it may be waiting for its turn in the thread; the strip of the thread says what was busy.
  handler: 0.45,
};

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
  if (theme !== 'auto') return SHAPES + themed(theme === 'dark' ? DARK : LIGHT);
  return `${SHAPES}${themed(LIGHT)}@media(prefers-color-scheme:dark){${themed(DARK)}}`;
}

function themed({ surface, text, muted, grid, axis, error, capacity, phases }: Colours): string {
  const rules = Object.entries(phases).map(([kind, colour]) => {
    const paint = PATTERNS[kind as SliceKind] ?? colour;
    return `.${kind}{fill:${paint};stroke:${paint}}`;
  });
  return (
    `text{fill:${text}}.muted{fill:${muted}}.surface{fill:${surface}}.grid{stroke:${grid}}.track{fill:${grid}}` +
    `.axis,.finish,.again{stroke:${axis}}.error{fill:${error};stroke:${error}}.marks .solid{fill:${error}}` +
    `.capacity{stroke:${capacity}}` +
    `.limit{stroke:${text}}.halo,.area path{stroke:${surface}}.chip{fill:${grid}}.fade stop{stop-color:${surface}}` +
    `${rules.join('')}.hatch{stroke:${phases.permit}}.dot{fill:${surface}}.ground{fill:${phases.ttfb}}`
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
