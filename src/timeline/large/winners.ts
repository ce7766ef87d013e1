// Several runs held against one another, figure by figure: which has the least, and how much more the most has. Only
// where it is a difference that one would see.
import { formatCount, formatDuration } from '../../base/units.ts';
import type { WindowFacts } from './facts.ts';

export interface ComparedPart {
  readonly name: string;
  readonly facts: WindowFacts;
}

/** A smaller lead is chance. */
const LEAD_MIN = 1.05;

const FIGURES: readonly (readonly [string, (facts: WindowFacts) => number | undefined])[] = [
  ['on the wire p50', facts => facts.onWireMs?.p50],
  ['on the wire p95', facts => facts.onWireMs?.p95],
  ['since created p50', facts => facts.sinceCreatedMs?.p50],
  ['since created p95', facts => facts.sinceCreatedMs?.p95],
];

/** `On the wire p95: least in semaphore 3, 1.03 s; async 3.12 s, 3.03×.`; empty where nothing can be said. */
export function winnersText(parts: readonly ComparedPart[]): string[] {
  if (parts.length < 2) return [];
  const sentences: string[] = [];
  for (const [figure, read] of FIGURES) {
    const [least, most] = extremes(parts, read);
    if (!least || !most || least.value <= 0 || most.value < least.value * LEAD_MIN) continue;
    const times = `${(most.value / least.value).toPrecision(3)}×`;
    sentences.push(
      `${capital(figure)}: least in ${least.name}, ${formatDuration(least.value)}; ` +
        `${most.name} ${formatDuration(most.value)}, ${times}.`,
    );
  }
  return [...sentences, ...failuresText(parts)];
}

function failuresText(parts: readonly ComparedPart[]): string[] {
  const [least, most] = extremes(parts, ({ failed }) => failed);
  if (!least || !most || least.value === most.value) return [];
  const count = (failed: number): string => (failed === 0 ? 'none' : formatCount(failed));
  return [`Failures: ${count(least.value)} in ${least.name}, ${count(most.value)} in ${most.name}.`];
}

interface Extreme {
  readonly name: string;
  readonly value: number;
}

/** The first of those with the least, and of those with the most; none where a run has no such figure. */
function extremes(
  parts: readonly ComparedPart[],
  read: (facts: WindowFacts) => number | undefined,
): readonly [Extreme | undefined, Extreme | undefined] {
  const values: Extreme[] = [];
  for (const { name, facts } of parts) {
    const value = read(facts);
    if (value === undefined) return [undefined, undefined];
    values.push({ name, value });
  }
  const sorted = values.toSorted((a, b) => a.value - b.value);
  const most = sorted.at(-1)?.value;
  return [sorted[0], sorted.find(({ value }) => value === most)];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
