// The scores of many scenarios as one: what a table of ways to choose a pace has in each row.
import type { ScenarioScore } from './score.ts';

export interface Aggregate {
  readonly scenarios: number;
  readonly penalty: number;
  /** The geometric mean. */
  readonly makespanRatio: number;
  /** The mean line beyond the oracle's, as a part of the oracle's level. */
  readonly excessQueueShare: number;
  readonly refusedShare: number;
  readonly meetStrict: number;
  readonly meetRamped: number;
  /** The part of the requests that were done until the level had settled; null where none has one level. */
  readonly settledAfterShare: number | null;
}

/** One scenario that never ends, or drowns, is not to decide about all. */
const RATIO_MAX = 6;
const QUEUE_SHARE_MAX = 50;

export function aggregate(scores: readonly ScenarioScore[]): Aggregate {
  const meanOf = (of: (score: ScenarioScore) => number): number =>
    scores.reduce((sum, score) => sum + of(score), 0) / scores.length;
  const settling = scores.flatMap(({ requestsUntilSettled: until, requests }) =>
    until === null ? [] : Math.min(1, until / requests),
  );
  return {
    scenarios: scores.length,
    penalty: meanOf(({ penalty }) => penalty),
    makespanRatio: Math.exp(meanOf(({ makespanRatio }) => Math.log(Math.min(RATIO_MAX, makespanRatio)))),
    excessQueueShare: meanOf(({ excessQueue, level }) =>
      Math.min(QUEUE_SHARE_MAX, Math.max(0, excessQueue) / level),
    ),
    refusedShare: meanOf(({ refusedShare }) => refusedShare),
    meetStrict: scores.filter(({ meetsStrict }) => meetsStrict).length,
    meetRamped: scores.filter(({ meetsRamped }) => meetsRamped).length,
    settledAfterShare:
      settling.length === 0 ? null : settling.reduce((sum, one) => sum + one, 0) / settling.length,
  };
}
