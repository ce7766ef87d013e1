// Several runs, one below the other on one time axis, as the text of one SVG file. The same runs give the same bytes.
import { formatDuration } from '../../base/units.ts';
import { terminalSafe } from '../../timeline/escape.ts';
import type { PictureFacts } from '../../timeline/picture.ts';
import { axisTicks, sharedScale, type Tick } from '../../timeline/scale.ts';
import { diagnosisText } from '../diagnosis.ts';
import type { ReportOptions } from '../report.ts';
import { curveMax } from './curve.ts';
import { type Frame, frameFor, plotWidth, xOf } from './frame.ts';
import { findingParts, type Laid, layOutRun, peakOf, titleOf, wordsOf } from './laid.ts';
import { drawLegend } from './legend.ts';
import { Panel } from './panel.ts';
import type { PictureRun } from './run.ts';
import { DEFINITIONS, styleSheet } from './style-sheet.ts';
import { num, textElement, wrappedParts, xmlText } from './xml.ts';

const TOP_PX = 12;
const BETWEEN_PX = 22;
/** About what a label of the axis takes for each of its characters. */
const TICK_CHARACTER_PX = 7.5;
/** A name that is longer than this is cut, also where it is not seen but heard. */
const HEARD_MAX = 200;
const DIAGNOSIS_HEARD_MAX = 600;
/** Times this close are called the same. */
const SAME_SHARE = 0.05;

export function drawSvg(
  runs: readonly PictureRun[],
  { theme, width }: Pick<ReportOptions, 'theme' | 'width'>,
): string {
  const { endMs } = sharedScale(runs.map(({ picture }) => picture.extent()));
  const about = frameFor(width, endMs, { labels: [], totals: [] });
  const laid = runs.map(run => layOutRun(run, endMs, Math.floor(plotWidth(about) * 0.9)));
  const words = laid.map(wordsOf);
  const frame = frameFor(width, endMs, {
    labels: words.flatMap(({ labels }) => labels),
    totals: words.flatMap(({ totals }) => totals),
  });
  const ticks = axisTicks(endMs, plotWidth(frame) / TICK_CHARACTER_PX);
  const seen = new Set<string>();
  const max = curveMax(
    laid.map(peakOf),
    laid.flatMap(({ facts, run }) => [
      facts.capacity,
      run.limit,
      ...run.limitSteps.map(({ limit }) => limit),
    ]),
  );
  let y = TOP_PX;
  let elements = '';
  for (const one of laid) {
    if (elements !== '') y += BETWEEN_PX;
    const panel = new Panel(one, { frame, top: y, curveMax: max, chip: chipOf(one, laid), seen });
    const drawn = panel.draw(ticks.map(({ atMs }) => atMs));
    elements += drawn.elements;
    y = drawn.bottom;
  }
  if (laid.some(({ facts }) => facts.requests > 0)) {
    elements += drawAxis(ticks, frame, y);
    y += 22;
  }
  const legend = drawLegend(seen, frame, y + 4);
  const notes = drawNotes(notesOf(laid, frame, seen), frame, legend.bottom + 4);
  return svgText({
    theme,
    laid,
    frame,
    height: notes.bottom + 8,
    elements: elements + legend.elements + notes.elements,
  });
}

function drawAxis(ticks: readonly Tick[], frame: Frame, y: number): string {
  const marks = ticks.map(({ atMs }) => `M${num(xOf(frame, atMs))} ${num(y)}v4`).join('');
  const labels = ticks.map(({ atMs, label }) => {
    const x = xOf(frame, atMs);
    // The last label stays inside of the picture.
    return textElement(label, { x, y: y + 16, classes: 'muted middle' });
  });
  return `<path class="axis" d="M${frame.left} ${num(y)}H${frame.right}${marks}"/>${labels.join('')}`;
}

function notesOf(laid: readonly Laid[], frame: Frame, seen: ReadonlySet<string>): string[] {
  const notes: string[] = [];
  if (seen.has('shares')) {
    const columns = Math.max(...laid.map(({ shares }) => shares?.grid.columns ?? 0));
    notes.push(
      `Each column of the lanes shows ${formatDuration(frame.endMs / columns)} of all that happened in them; ` +
        'heights are shares of that time.',
    );
  }
  const modelled = laid.filter(({ run }) => run.header.simulated);
  if (modelled.length > 0) {
    const which =
      modelled.length === laid.length ? 'A' : `${modelled.map(({ run }) => run.name).join(', ')}: a`;
    notes.push(`${which} model, not measured: nothing was sent.`);
  }
  return notes;
}

function drawNotes(
  notes: readonly string[],
  frame: Frame,
  top: number,
): { readonly elements: string; readonly bottom: number } {
  const lines = notes.flatMap(note => wrappedParts([note], frame.width - 2 * frame.margin, 11));
  const elements = lines.map((line, i) =>
    textElement(line, { x: frame.margin, y: top + 11 + i * 15, classes: 'muted' }),
  );
  return { elements: elements.join(''), bottom: top + lines.length * 15 };
}

/** How fast it was beside the sequential run, or the first one: by requests in a time. Nothing where some failed. */
function chipOf(one: Laid, all: readonly Laid[]): string | null {
  const base = all.find(({ run }) => run.header.strategy === 'sequential') ?? all[0];
  if (base === undefined || base === one) return null;
  if (!isWhole(one.facts) || !isWhole(base.facts)) return null;
  const gain = (one.facts.requests / one.facts.wallMs) * (base.facts.wallMs / base.facts.requests);
  if (Math.abs(gain - 1) <= SAME_SHARE) return 'as fast';
  return gain > 1 ? `${gain.toFixed(2)}× faster` : `${(1 / gain).toFixed(2)}× slower`;
}

function isWhole({ requests, failed, unsent, wallMs }: PictureFacts): boolean {
  return requests > 0 && wallMs > 0 && unsent === 0 && Object.keys(failed).length === 0;
}

interface SvgParts {
  readonly theme: ReportOptions['theme'];
  readonly laid: readonly Laid[];
  readonly frame: Frame;
  readonly height: number;
  readonly elements: string;
}

function svgText({ theme, laid, frame, height, elements }: SvgParts): string {
  const tall = Math.ceil(height);
  const size = `width="${frame.width}" height="${tall}" viewBox="0 0 ${frame.width} ${tall}"`;
  const title = laid
    .map(({ run, facts }) => terminalSafe(titleOf(run, facts).join(' · '), HEARD_MAX))
    .join('; ');
  const finding = laid.map(one => {
    const name = terminalSafe(one.run.header.strategy, HEARD_MAX);
    const diagnoses = one.run.diagnoses.map(
      found => ` ${terminalSafe(diagnosisText(found), DIAGNOSIS_HEARD_MAX)}`,
    );
    return `${name}: ${findingParts(one).join(' · ')}.${diagnoses.join('')}`;
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-labelledby="title finding">\n` +
    `<title id="title">${xmlText(title)}</title>\n<desc id="finding">${xmlText(finding.join(' '))}</desc>\n` +
    `<style>${styleSheet(theme)}</style>\n<defs>${DEFINITIONS}</defs>\n` +
    `<rect class="surface" width="100%" height="100%"/>\n${elements}\n</svg>\n`
  );
}
