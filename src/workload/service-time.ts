// How long a server takes over a request: a fixed span, or a draw from a distribution. The slow API
// and the simulation both draw here, so that they can be held against each other.
//
// With u and v drawn evenly from [0, 1):
//
//   1s                   always 1 s
//   1s~20%               uniform: 1 s × (1 + 0.2 × (2u − 1)), so from 0.8 s to 1.2 s
//   exp(200ms)           exponential with mean 200 ms: −200 ms × ln(1 − u)
//   lognormal(200ms,0.5) log-normal, median 200 ms, sigma 0.5: 200 ms × e^(0.5 z), where
//                        z = √(−2 ln(1 − u)) × cos 2πv is standard normal (Box and Muller)
//   150ms:10,2s:5        10 % of the requests 150 ms, 5 % 2 s, the rest the default
import { PacelineError } from '../base/errors.ts';
import type { Random } from '../base/random.ts';
import { DURATION_MS_MAX, formatDuration, parseDuration } from '../base/units.ts';
import { type Mix, parseMix, pick } from './mix.ts';

export type ServiceTime =
  | { readonly kind: 'constant'; readonly ms: number }
  | { readonly kind: 'uniform'; readonly ms: number; readonly spreadPercent: number }
  | { readonly kind: 'exponential'; readonly meanMs: number }
  | { readonly kind: 'lognormal'; readonly medianMs: number; readonly sigma: number }
  | { readonly kind: 'mix'; readonly mix: Mix<ServiceTime> };

export interface ServiceTimeRules {
  /** What it is for, as the user wrote it (`--delay`); used in messages. */
  readonly name: string;
  /** Takes what the percents of a mix leave over. @default one second */
  readonly rest?: ServiceTime;
  /** The longest span that may be written. Draws are not cut here. @default ten years */
  readonly msMax?: number;
}

/** One second, as in the talk. */
export const ONE_SECOND: ServiceTime = { kind: 'constant', ms: 1000 };

const SIGMA_MAX = 5;
const FORM = /^(exp|lognormal)\(([^(),]*)(?:,([^(),]*))?\)$/;
const NUMBER = /^(?:\d+(?:\.\d+)?|\.\d+)$/;

/**
 * Reads any of the forms above.
 * @throws ERR_OPTION_INVALID with the name, what was expected and what came
 */
export function parseServiceTime(text: string, rules: ServiceTimeRules): ServiceTime {
  const rest = rules.rest ?? ONE_SECOND;
  const mix = parseMix(text, rules.name, value => readOne(value, rules), rest);
  return mix.parts.length === 0 ? mix.rest : { kind: 'mix', mix };
}

/** Draws one service time in ms. Equal states of `random` give equal draws. */
export function drawServiceTime(time: ServiceTime, random: Random): number {
  switch (time.kind) {
    case 'constant':
      return time.ms;
    case 'uniform':
      return time.ms * (1 + (time.spreadPercent / 100) * (2 * random.next() - 1));
    case 'exponential':
      return -time.meanMs * Math.log(1 - random.next());
    case 'lognormal': {
      const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
      return time.medianMs * Math.exp(time.sigma * radius * Math.cos(2 * Math.PI * random.next()));
    }
    case 'mix':
      return drawServiceTime(pick(time.mix, random), random);
  }
}

/** The mean of infinitely many draws, in ms. */
export function meanServiceTime(time: ServiceTime): number {
  switch (time.kind) {
    case 'constant':
    case 'uniform':
      return time.ms;
    case 'exponential':
      return time.meanMs;
    case 'lognormal':
      return time.medianMs * Math.exp(time.sigma ** 2 / 2);
    case 'mix': {
      let mean = 0;
      let left = 100;
      for (const part of time.mix.parts) {
        mean += (part.percent / 100) * meanServiceTime(part.value);
        left -= part.percent;
      }
      return mean + (Math.max(0, left) / 100) * meanServiceTime(time.mix.rest);
    }
  }
}

/** For people: `1 s`, `1 s ± 20 %`, `exp(200 ms)`. */
export function formatServiceTime(time: ServiceTime): string {
  switch (time.kind) {
    case 'constant':
      return formatDuration(time.ms);
    case 'uniform':
      return `${formatDuration(time.ms)} ± ${time.spreadPercent} %`;
    case 'exponential':
      return `exp(${formatDuration(time.meanMs)})`;
    case 'lognormal':
      return `lognormal(${formatDuration(time.medianMs)}, ${time.sigma})`;
    case 'mix': {
      const parts = time.mix.parts.map(part => `${part.percent} % ${formatServiceTime(part.value)}`);
      return [...parts, `else ${formatServiceTime(time.mix.rest)}`].join(', ');
    }
  }
}

/**
 * The generator for one request's draws. They follow from the seed and the request's arrival number
 * alone (from 0), so that neither timing nor what other requests drew can move them.
 * @param root the run's generator, or a split of it made once
 */
export function arrivalRandom(root: Random, arrival: number): Random {
  return root.nth(arrival);
}

function readOne(text: string, rules: ServiceTimeRules): ServiceTime {
  const form = FORM.exec(text);
  if (form?.[1] === 'exp' && form[3] === undefined)
    return { kind: 'exponential', meanMs: readSpan(form[2] ?? '', rules) };
  if (form?.[1] === 'lognormal' && form[3] !== undefined) {
    const sigma = readNumber(form[3]);
    if (!(sigma <= SIGMA_MAX))
      throw invalid(
        rules,
        `expected a sigma from 0 to ${SIGMA_MAX} in '${text}', such as lognormal(200ms,0.5).`,
      );
    return { kind: 'lognormal', medianMs: readSpan(form[2] ?? '', rules), sigma };
  }
  if (text.includes('(')) throw invalid(rules, `expected exp(200ms) or lognormal(200ms,0.5), got '${text}'.`);
  const wave = text.indexOf('~');
  if (wave === -1) return { kind: 'constant', ms: readSpan(text, rules) };
  const spread = text.slice(wave + 1).trim();
  const spreadPercent = spread.endsWith('%') ? readNumber(spread.slice(0, -1)) : Number.NaN;
  if (!(spreadPercent <= 100))
    throw invalid(rules, `expected a spread from 0% to 100% in '${text}', such as 1s~20%.`);
  return { kind: 'uniform', ms: readSpan(text.slice(0, wave), rules), spreadPercent };
}

function readSpan(text: string, rules: ServiceTimeRules): number {
  const spanMs = parseDuration(text, rules.name);
  const msMax = rules.msMax ?? DURATION_MS_MAX;
  if (spanMs > msMax)
    throw invalid(rules, `${text} is longer than the ${formatDuration(msMax)} allowed here.`);
  return spanMs;
}

function readNumber(text: string): number {
  return NUMBER.test(text.trim()) ? Number(text) : Number.NaN;
}

function invalid(rules: ServiceTimeRules, what: string): PacelineError {
  return new PacelineError('ERR_OPTION_INVALID', `${rules.name}: ${what}`);
}
