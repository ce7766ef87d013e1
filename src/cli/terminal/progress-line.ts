// The words of the progress line, from numbers alone.
import { formatCount, formatDuration } from '../../base/units.ts';

/** What was found of the only host, by now. */
export interface FoundSoFar {
  /** So many in flight at most; null where nobody looks, or for several hosts. */
  readonly foundLimit?: number | null;
  /** All of it, in words; left out while nothing is known. */
  readonly found?: string;
}

/** How far a run has come. */
export interface ProgressState extends FoundSoFar {
  /** What is going on, where it is one of several things. */
  readonly label?: string;
  readonly done: number;
  /** Null where nobody here knows. */
  readonly inFlight: number | null;
  /** Hosts that are left alone for a while, and the one whose pause ends first. */
  readonly paused?: { readonly count: number; readonly first: string; readonly leftMs: number } | null;
  /** Ended otherwise than ok. */
  readonly notOk: number;
  /** How many there will be; null while nobody knows. */
  readonly total: number | null;
  /** `total` is worked out from the part of the input that has been read. */
  readonly isEstimate?: boolean;
  /** Since the run began. */
  readonly elapsedMs: number;
  /** Requests that ended per second, lately. */
  readonly ratePerSecond: number;
}

/** A name may be as long as a line is wide. */
const HOST_CHARS_MAX = 40;

const BETWEEN = ' · ';

/** Parts by importance: when the line is too narrow, why something was found goes first, then the last ones. */
export function progressLine(state: ProgressState, columns = Number.POSITIVE_INFINITY): string {
  const { found } = state;
  let parts = progressParts(state);
  if (found !== undefined && parts.join(BETWEEN).length > columns)
    parts = progressParts({ ...state, found: found.split(' (', 1)[0] as string });
  let line = parts.join(BETWEEN);
  while (line.length > columns && parts.length > 1) {
    parts.pop();
    line = parts.join(BETWEEN);
  }
  return line.length > columns ? line.slice(0, Math.max(0, columns)) : line;
}

/** The most important first. */
export function progressParts(state: ProgressState): string[] {
  const { label, done, inFlight, notOk, total, ratePerSecond, elapsedMs } = state;
  const about = state.isEstimate ? 'about ' : '';
  const ofTotal = total === null ? '' : ` of ${about}${formatCount(total)}`;
  return [
    ...(label === undefined ? [] : [label]),
    `${formatCount(done)}${ofTotal} done`,
    ...(inFlight === null ? [] : [`${formatCount(inFlight)}${ofFound(state)} in flight`]),
    ...(state.paused ? [pausedText(state.paused)] : []),
    ...(notOk > 0 ? [`${formatCount(notOk)} not ok`] : []),
    ...(ratePerSecond > 0 ? [formatRate(ratePerSecond)] : []),
    remaining(state) ?? elapsed(elapsedMs),
    ...(state.found === undefined ? [] : [state.found]),
  ];
}

function ofFound({ foundLimit }: ProgressState): string {
  return foundLimit === undefined || foundLimit === null ? '' : ` of ${formatCount(foundLimit)}`;
}

/** `paused: http://a:8000 for 12 s more` */
function pausedText({ count, first, leftMs }: NonNullable<ProgressState['paused']>): string {
  const host = first.length > HOST_CHARS_MAX ? `${first.slice(0, HOST_CHARS_MAX - 1)}…` : first;
  const left = formatDuration(Math.max(1, Math.ceil(leftMs / 1000)) * 1000);
  return `paused: ${host} for ${left} more${count > 1 ? ` and ${formatCount(count - 1)} other hosts` : ''}`;
}

function remaining({ total, done, ratePerSecond }: ProgressState): string | null {
  if (total === null || total <= done || ratePerSecond <= 0) return null;
  const leftMs = ((total - done) / ratePerSecond) * 1000;
  return `${formatDuration(Math.max(1000, Math.round(leftMs / 1000) * 1000))} left`;
}

/** Whole seconds, so that the line does not flicker. */
function elapsed(ms: number): string {
  return ms < 1000 ? '0 s' : formatDuration(Math.floor(ms / 1000) * 1000);
}

function formatRate(perSecond: number): string {
  if (perSecond >= 100) return `${formatCount(Math.round(perSecond))}/s`;
  return perSecond >= 1 ? `${perSecond.toFixed(1)}/s` : `${(perSecond * 60).toFixed(1)}/min`;
}

/** The pace over the last few seconds, so that a change is seen and a single burst is not. */
export class RecentRate {
  readonly #windowMs: number;
  #samples: { readonly atMs: number; readonly done: number }[] = [{ atMs: 0, done: 0 }];

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** Ended per second, from a little before the window until `atMs`; 0 before anything is known. */
  perSecond(atMs: number, done: number): number {
    const samples = this.#samples;
    samples.push({ atMs, done });
    while (samples.length > 2 && (samples[1]?.atMs ?? 0) <= atMs - this.#windowMs) samples.shift();
    const first = samples[0];
    if (first === undefined || atMs <= first.atMs) return 0;
    return ((done - first.done) / (atMs - first.atMs)) * 1000;
  }
}
