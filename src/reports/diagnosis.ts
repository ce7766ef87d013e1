// What limited a run, and what to try: at most two sentences, chosen by rules and filled with numbers from the data.
// Where two causes are possible, none is claimed; where the data says nothing, nothing is said.
import type { Summary } from '../model/record.ts';
import * as bounds from './diagnosis/bounds.ts';
import { connecting, retries } from './diagnosis/costs.ts';
import { type DiagnosedHeader, type DiagnosedRun, diagnosedRun } from './diagnosis/diagnosed-run.ts';
import type { RunFacts } from './diagnosis/facts.ts';

export type DiagnosisCode =
  | 'server_refuses'
  | 'own_rate'
  | 'cpu_handler'
  | 'slow_host'
  | 'server_capacity'
  | 'own_limit'
  | 'slow_input'
  | 'connecting'
  | 'retries';

export interface Diagnosis {
  /** Stable: scripts may look for it. */
  readonly code: DiagnosisCode;
  /** What held the run back, or cost it time; ends in a full stop. Names hosts: hostile text. */
  readonly sentence: string;
  /** What to put behind the word `Try`: the flag first; no full stop. */
  readonly tryThis: string;
}

type Rule = (run: DiagnosedRun) => Diagnosis | null;

/** Each of these is the one thing that a run waits for; two of them at once are a contradiction. */
const BOUNDS: readonly Rule[] = [
  bounds.serverRefuses,
  bounds.ownRate,
  bounds.cpuHandler,
  bounds.slowHost,
  bounds.serverCapacity,
  bounds.ownLimit,
  bounds.slowInput,
];
/** What `-c auto` has found already, and says itself: a number to try would be the one that it found. */
const FOUND: readonly Rule[] = [bounds.serverRefuses, bounds.serverCapacity];
/** These come on top of whatever the run waits for. */
const COSTS: readonly Rule[] = [connecting, retries];

const SHOWN_MAX = 2;
/** Of fewer attempts nothing is concluded. */
const ATTEMPTS_MIN = 8;

/**
 * The most important first; empty when nothing can be said for sure.
 * @param facts of all requests of this run, and of no other: not of one that was gone on with
 */
export function diagnose(header: DiagnosedHeader, summary: Summary, facts: RunFacts): Diagnosis[] {
  if (summary.ended !== 'complete' || facts.attempts < ATTEMPTS_MIN || summary.makespanMs <= 0) return [];
  const run = diagnosedRun(header, summary, facts);
  const found = BOUNDS.filter(rule => !(header.findsPace && FOUND.includes(rule)))
    .map(rule => rule(run))
    .filter(one => one !== null);
  const costs = COSTS.map(rule => rule(run)).filter(one => one !== null);
  return [...(found.length === 1 ? found : []), ...costs].slice(0, SHOWN_MAX);
}

/** Both parts as one text. */
export function diagnosisText({ sentence, tryThis }: Diagnosis): string {
  return `${sentence} Try ${tryThis}.`;
}
