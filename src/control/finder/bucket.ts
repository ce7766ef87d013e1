// A meter is a bucket: tokens flow into it at a rate, it holds no more of them than its depth, each request that is
// taken takes one, and without one it is refused. Rate and depth are told from what was taken and what was not:
//
//   drawn        what was taken out and has not flowed back: falls with the rate, to 0 at least; + 1 for each request
//   depth        no less than the most that was ever drawn
//   tokens left  depth − drawn: less than one wherever a request was refused
//
// So to each rate belongs a depth, the smallest with which everything was taken that was. A rate that is too low needs
// a depth with which nothing had been refused at first; one that is too high has tokens left where there were none.
// What lies between is not ruled out. The more was taken between two refusals, the less that is: n tell a rate to about
// 1 / n.
import type { SeenStarts } from './start-log.ts';

/** Rates are tried in such steps, from so small a part of the mean, and then the ends are narrowed down. */
const STEP = 1.12;
const BELOW = 50;
const NARROWINGS = 7;
/** So much may be left where one was refused: from here to a whole token it contradicts more and more. */
const LEFT = 0.93;
/** So much more contradiction than the best has is noise. */
const NOISE = 0.5;
/** Refusals that the best of them does not explain: so many, and such a share of all. */
const UNEXPLAINED = 2.9;
const UNEXPLAINED_SHARE = 0.6;
const SPAN_MS_MIN = 1;

/** Rates, per ms, that are not ruled out. */
export interface BucketRates {
  readonly lower: number;
  readonly upper: number;
  /** No bucket explains the refusals: they come by chance, or for another reason. */
  readonly isUnexplained: boolean;
}

/**
 * @param depth what it holds at least: for when the first starts are forgotten
 * @returns null where nothing was taken, or nothing refused
 */
export function bucketRates(seen: SeenStarts, depth: number): BucketRates | null {
  const { atMs, isRefused } = seen;
  const taken = isRefused.reduce((sum, refused) => sum + (refused ? 0 : 1), 0);
  if (taken === 0 || taken === atMs.length) return null;
  const spanMs = Math.max(SPAN_MS_MIN, (atMs.at(-1) as number) - (atMs[0] as number));
  const fastest = rateMax(seen);
  const rates: number[] = [];
  for (let rate = taken / spanMs / BELOW; rate < fastest; rate *= STEP) rates.push(rate);
  rates.push(...betweenRefusals(seen));
  rates.sort((a, b) => a - b);
  const misfits = rates.map(rate => contradictions(seen, rate, depth));
  const least = Math.min(...misfits);
  const most = least + NOISE;
  const refused = atMs.length - taken;
  const isUnexplained = least >= Math.max(UNEXPLAINED, UNEXPLAINED_SHARE * refused);
  // Of several that fit, the lowest, and those beside it.
  const first = misfits.findIndex(misfit => misfit <= most);
  if (first < 0) return null;
  const beyond = misfits.findIndex((misfit, at) => at > first && misfit > most);
  const lowest = rates[first] as number;
  const highest = rates[(beyond < 0 ? rates.length : beyond) - 1] as number;
  const fits = (rate: number): boolean => contradictions(seen, rate, depth) <= most;
  const below = rates[first - 1] ?? lowest / STEP;
  const above = beyond < 0 ? highest * STEP : (rates[beyond] as number);
  return { lower: edge(lowest, below, fits), upper: edge(highest, above, fits), isUnexplained };
}

/** What fits may be so narrow that the steps miss it; it is near what was taken from one refusal to another. */
function betweenRefusals({ atMs, isRefused }: SeenStarts): number[] {
  const rates: number[] = [];
  let taken = 0;
  let beforeMs = Number.NaN;
  for (let i = 0; i < atMs.length; i++) {
    if (!isRefused[i]) {
      taken++;
      continue;
    }
    const ms = (atMs[i] as number) - beforeMs;
    if (taken > 1 && ms > SPAN_MS_MIN) for (const left of [-0.5, 0, 0.5]) rates.push((taken + left) / ms);
    taken = 0;
    beforeMs = atMs[i] as number;
  }
  return rates;
}

/** What the bucket holds at least, if that is its rate. */
export function bucketDepth(seen: SeenStarts, rate: number): number {
  return poured(seen, rate, 1, []);
}

/** Between one that fits and one that does not. */
function edge(inside: number, outside: number, fits: (rate: number) => boolean): number {
  let [good, bad] = [inside, outside];
  for (let i = 0; i < NARROWINGS; i++) {
    const middle = (good + bad) / 2;
    if (fits(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

/** Above this a bucket would have had a token again each time that one was refused. */
function rateMax({ atMs, isRefused }: SeenStarts): number {
  let gapMs = Number.POSITIVE_INFINITY;
  for (let i = 1; i < atMs.length; i++)
    if (isRefused[i]) gapMs = Math.min(gapMs, (atMs[i] as number) - (atMs[i - 1] as number));
  return 2 / Math.max(SPAN_MS_MIN, gapMs);
}

function contradictions(seen: SeenStarts, rate: number, depth: number): number {
  const drawnAt: number[] = [];
  const deepest = poured(seen, rate, depth, drawnAt);
  const left = (drawn: number): number => (deepest - drawn - LEFT) / (1 - LEFT);
  return drawnAt.reduce((sum, drawn) => sum + Math.min(1, Math.max(0, left(drawn))), 0);
}

/** @param drawnAt gets what was drawn at each refusal @returns the most that was drawn, or `depth` */
function poured(seen: SeenStarts, rate: number, depth: number, drawnAt: number[]): number {
  const { atMs, isRefused, isFromTheStart } = seen;
  // What was drawn by those that are forgotten is known again at the first refusal: all of it, but for half a token.
  const from = isFromTheStart ? 0 : Math.max(0, isRefused.indexOf(true));
  let deepest = isFromTheStart ? 1 : depth;
  let drawn = isFromTheStart ? 0 : depth - LEFT / 2;
  let beforeMs = atMs[from] ?? 0;
  for (let i = from; i < atMs.length; i++) {
    const startMs = atMs[i] as number;
    // A refused one stands behind others that may have started a little later.
    drawn = Math.max(0, drawn - rate * Math.max(0, startMs - beforeMs));
    beforeMs = Math.max(beforeMs, startMs);
    if (isRefused[i]) drawnAt.push(drawn);
    else if (++drawn > deepest) deepest = drawn;
  }
  return deepest;
}
