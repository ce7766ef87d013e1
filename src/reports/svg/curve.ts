// The phase curve as a strip: blue fills up to the dashed line of the server's workers, orange above it is overload,
// grey above the solid line of our own limit is our own waiting room.
import { formatCount } from '../../base/units.ts';
import type { LimitStep } from '../../timeline/found-limit.ts';
import { meanCurve, type PhaseCurve } from '../../timeline/phase-curve.ts';
import { KIND_COUNT, PERMIT, SLICE_KINDS } from '../../timeline/slices.ts';
import { type Frame, plotWidth, TOTAL_GAP, totalRoom, xOf } from './frame.ts';
import { fitted, num, textElement } from './xml.ts';

/** More steps than this cannot be told apart; then each pixel has its mean. */
const STEPS_MAX = 400;
const LABEL_PX = 12;

/** Who waits for a permit: a strip of its own in a picture of lanes. */
export const WAITING: readonly number[] = [PERMIT];

export interface CurvePlace {
  readonly top: number;
  readonly height: number;
  /** The phases to stack, from the ground up. */
  readonly kinds: readonly number[];
  /** How many requests the full height stands for. */
  readonly max: number;
}

export interface CurveLines {
  /** The server's workers; null where it does not say. */
  readonly capacity: number | null;
  /** Our own limit; null for none. */
  readonly limit: number | null;
  /** In place of it, a limit that changed. */
  readonly limitSteps: readonly LimitStep[];
  /** What stands at the top. */
  readonly peak: string;
}

/** The smallest even top that holds all of them: lines far above what happened say nothing, and are left out. */
export function curveMax(peaks: readonly number[], lines: readonly (number | null)[]): number {
  const peak = Math.max(1, ...peaks);
  return Math.max(peak, ...lines.filter(line => line !== null && line <= 2 * peak).map(Number));
}

export function drawCurve(
  curve: PhaseCurve,
  frame: Frame,
  place: CurvePlace,
  { lines, seen }: { readonly lines: CurveLines; readonly seen: Set<string> },
): string {
  const isExact = curve.fromsMs.length <= STEPS_MAX;
  const shown = isExact ? curve : meanCurve(curve, frame.endMs, Math.floor(plotWidth(frame)));
  const layers = place.kinds.toReversed().map((kind, i) => {
    const below = place.kinds.slice(0, place.kinds.length - i);
    const path = area(shown, below, frame, place);
    if (path === '' || !hasLevel(shown, kind)) return '';
    const name = SLICE_KINDS[kind] as string;
    seen.add(name);
    return `<path class="${name}" stroke-width=".5" d="${path}"/>`;
  });
  const ground = num(place.top + place.height);
  return (
    `<g class="area">${layers.join('')}</g>` +
    `<path class="axis" d="M${frame.left} ${ground}H${frame.right}"/>${drawLines(lines, frame, place)}`
  );
}

function hasLevel({ fromsMs, levels }: PhaseCurve, kind: number): boolean {
  return fromsMs.some((_, step) => (levels[step * KIND_COUNT + kind] as number) > 0);
}

/** From the ground to the sum of these phases. Steps that fall on one tenth of a pixel are one. */
function area(curve: PhaseCurve, kinds: readonly number[], frame: Frame, place: CurvePlace): string {
  const ground = place.top + place.height;
  let path = '';
  let at = '';
  let now = num(ground);
  for (const [step, fromMs] of curve.fromsMs.entries()) {
    let level = 0;
    for (const kind of kinds) level += curve.levels[step * KIND_COUNT + kind] as number;
    const x = num(xOf(frame, fromMs));
    const y = num(ground - (level / place.max) * place.height);
    const nextMs = curve.fromsMs[step + 1];
    if (y === now || (nextMs !== undefined && num(xOf(frame, nextMs)) === x)) continue;
    path += path === '' ? `M${x} ${num(ground)}V${y}` : x === at ? `V${y}` : `H${x}V${y}`;
    at = x;
    now = y;
  }
  return path === '' ? '' : `${path}z`;
}

function stepsPath(steps: readonly LimitStep[], frame: Frame, yOf: (level: number) => number): string {
  const path = steps.map(({ fromMs, limit }, i) => {
    const [x, y] = [num(xOf(frame, Math.min(fromMs, frame.endMs))), num(yOf(limit))];
    return i === 0 ? `M${x} ${y}` : `H${x}V${y}`;
  });
  return `${path.join('')}H${frame.right}`;
}

function drawLines(
  { capacity, limit, limitSteps, peak }: CurveLines,
  frame: Frame,
  place: CurvePlace,
): string {
  const yOf = (level: number): number => place.top + place.height - (level / place.max) * place.height;
  const line = (name: string, level: number): string =>
    `<path class="${name}" d="M${frame.left} ${num(yOf(level))}H${frame.right}"/>`;
  const labels: { y: number; text: string }[] = [];
  if (peak !== `peak ${limit}`) labels.push({ y: place.top, text: peak });
  let drawn = '';
  if (limit !== null && limit <= place.max) {
    drawn += line('limit', limit);
    labels.push({ y: yOf(limit), text: `limit ${formatCount(limit)}` });
  }
  const found = limitSteps.at(-1);
  if (found) {
    drawn += `<path class="limit" d="${stepsPath(limitSteps, frame, level => yOf(Math.min(level, place.max)))}"/>`;
    labels.push({ y: yOf(Math.min(found.limit, place.max)), text: 'limit found' });
  }
  if (capacity !== null && capacity <= place.max) {
    drawn += line('capacity', capacity);
    labels.push({
      y: yOf(capacity),
      text: `${formatCount(capacity)} ${capacity === 1 ? 'worker' : 'workers'}`,
    });
  }
  let free = place.top;
  const words = labels
    .toSorted((a, b) => a.y - b.y)
    .map(({ y, text }) => {
      const baseline = Math.max(free + 4, y + 4);
      free = baseline + LABEL_PX - 4;
      const place = { x: frame.right + TOTAL_GAP, y: baseline, classes: 'muted' };
      return textElement(fitted(text, totalRoom(frame), 11), place);
    });
  return drawn + words.join('');
}
