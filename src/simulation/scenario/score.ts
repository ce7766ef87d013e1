// How good a way of choosing the pace is in a scenario, held against one that knows everything: as slow, as long a line
// at the server, as many refusals. 0 is perfect. docs/SCENARIOS.md says the same for people.
import { type OpenDecider, oracleDecider, oracleSteps } from './deciders.ts';
import { runScenario, type ScenarioRun } from './run.ts';
import { meanServiceMs, type Scenario } from './scenario.ts';

export interface ScenarioScore {
  readonly id: string;
  readonly family: string;
  readonly requests: number;
  /** What the oracle has in flight, at most. */
  readonly level: number;
  /** Means over the seeds; of makespans against the oracle's. Infinity where a run came to no end. */
  readonly makespanRatio: number;
  /** The same against an oracle that must double its way up from four in flight. */
  readonly rampedRatio: number;
  readonly worstRatio: number;
  /** The mean line at the server less the oracle's, in requests; and of the 95th percentile. */
  readonly excessQueue: number;
  readonly excessQueueP95: number;
  /** Refused or timed out, beyond the oracle's, as a share of the requests. */
  readonly refusedShare: number;
  /** Requests done until the level stays near the oracle's, all where it never does; null where that level moves. */
  readonly requestsUntilSettled: number | null;
  readonly penalty: number;
  readonly meetsStrict: boolean;
  readonly meetsRamped: boolean;
  /** By seed. */
  readonly runs: readonly RunScore[];
}

/** A level is near the oracle's from this part of it below to that above, and by one request in any case. */
const NEAR_BELOW = 0.2;
const NEAR_ABOVE = 0.3;
/** It has settled where so many of the requests that follow are near. */
const SETTLED_SHARE = 0.8;
/** In flight at first, for the oracle that must double. */
const RAMP_FROM = 4;
/** What is slower by so much, or whose line is so much longer, is given up on: it counts no worse. */
const TERM_MAX = 5;

/** Scores one way of choosing the pace; the oracle's own runs are kept for the next one. */
export class Scorer {
  readonly #oracles = new Map<string, ScenarioRun>();

  score(scenario: Scenario, openDecider: OpenDecider, seeds: readonly number[]): ScenarioScore {
    const level = Math.max(...oracleSteps(scenario).map(step => step.level));
    const rows = seeds.map(seed => {
      const oracle = this.#oracle(scenario, seed);
      const giveUpMs = oracle.makespanMs * 40 + 200_000;
      return compared(scenario, oracle, runScenario(scenario, seed, openDecider, giveUpMs));
    });
    const meanOf = (of: (row: RunScore) => number): number => mean(rows.map(of));
    const makespanRatio = meanOf(({ ratio }) => ratio);
    const rampedRatio = meanOf(({ ramped }) => ramped);
    const excessQueue = meanOf(row => row.excessQueue);
    const refusedShare = meanOf(row => row.refusedShare);
    const settled = rows.flatMap(row => row.settled ?? []);
    const slow = Math.min(TERM_MAX, Math.max(0, makespanRatio - 1));
    const line = Math.min(TERM_MAX, (0.25 * Math.max(0, excessQueue - 1 - 0.1 * level)) / level);
    return {
      ...{ id: scenario.id, family: scenario.family, requests: scenario.requests, level },
      ...{ makespanRatio, rampedRatio, worstRatio: Math.max(...rows.map(({ ratio }) => ratio)) },
      ...{ excessQueue, excessQueueP95: meanOf(row => row.excessQueueP95), refusedShare },
      requestsUntilSettled: settled.length > 0 ? mean(settled) : null,
      penalty: slow + line + Math.min(TERM_MAX, 2 * refusedShare),
      meetsStrict: makespanRatio <= 1.05 && excessQueue <= 1 + 0.1 * level && refusedShare <= 0.02,
      meetsRamped: rampedRatio <= 1.05 && excessQueue <= Math.max(1.5, 0.25 * level) && refusedShare <= 0.05,
      runs: rows,
    };
  }

  #oracle(scenario: Scenario, seed: number): ScenarioRun {
    const name = `${seed} ${scenario.id}`;
    const kept = this.#oracles.get(name);
    if (kept) return kept;
    const run = runScenario(scenario, seed, oracleDecider);
    this.#oracles.set(name, run);
    return run;
  }
}

/** One run, held against the oracle's with the same seed. */
export interface RunScore {
  readonly ratio: number;
  readonly ramped: number;
  readonly excessQueue: number;
  readonly excessQueueP95: number;
  readonly refusedShare: number;
  readonly settled: number | null;
}

function compared(scenario: Scenario, oracle: ScenarioRun, run: ScenarioRun): RunScore {
  const bad = ({ counts }: ScenarioRun): number => counts.throttled + counts.refused + counts.timeout;
  return {
    ratio: run.makespanMs / oracle.makespanMs,
    ramped: run.makespanMs / rampedMs(scenario, oracle.makespanMs),
    excessQueue: run.queueMean - oracle.queueMean,
    excessQueueP95: run.queueP95 - oracle.queueP95,
    refusedShare: Math.max(0, bad(run) - bad(oracle)) / scenario.requests,
    settled: untilSettled(scenario, run.startedAs),
  };
}

/** Where the oracle's level never moves and nothing is metered, there is one level to find. */
function soleLevel(scenario: Scenario): number | null {
  const [first, second] = oracleSteps(scenario);
  return scenario.rateLimit || second || !first ? null : first.level;
}

/** Each doubling takes a round trip, in which the rest of the level is missing. */
function rampedMs(scenario: Scenario, oracleMs: number): number {
  const level = soleLevel(scenario);
  if (level === null) return oracleMs;
  let lostRounds = 0;
  for (let inFlight = RAMP_FROM; inFlight < level; inFlight *= 2) lostRounds += 1 - inFlight / level;
  return oracleMs + lostRounds * (meanServiceMs(scenario) + scenario.rttMs);
}

/** Ends until the level is near the oracle's and stays there for the window that follows. */
function untilSettled(scenario: Scenario, startedAs: readonly number[]): number | null {
  const level = soleLevel(scenario);
  if (level === null) return null;
  const from = level - Math.max(1, NEAR_BELOW * level);
  const to = level + Math.max(1, NEAR_ABOVE * level);
  const near = startedAs.map(place => (place >= from && place <= to ? 1 : 0));
  const window = Math.max(20, 4 * level);
  let count = near.slice(0, window).reduce((sum: number, one) => sum + one, 0);
  for (let at = 0; at + 1 < near.length; at++) {
    const length = Math.min(window, near.length - at);
    if (length < 10) break;
    if (near[at] === 1 && count >= SETTLED_SHARE * length) return at;
    count += (near[at + window] ?? 0) - (near[at] ?? 0);
  }
  return scenario.requests;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
