// Who chooses the pace in a scenario, all behind the one interface of a finder: a fixed number in flight, and one that
// knows everything, to hold the others against.
import type { Clock } from '../../base/clock.ts';
import type { Finding, PaceFinder } from '../../control/finder/pace-finder.ts';
import { meanServiceMs, type Scenario, type ScenarioRateLimit, workersAt } from './scenario.ts';

export interface DeciderParts {
  readonly clock: Clock;
  readonly scenario: Scenario;
  readonly seed: number;
}

export type OpenDecider = (parts: DeciderParts) => PaceFinder;

const UNKNOWN = { capacity: null, ratePerSecond: null, serviceMs: null, proofs: 0, isFilled: false };

/** Always so many in flight; Infinity for no limit. */
export function fixedDecider(limit: number): OpenDecider {
  const finding: Finding = { mode: 'in flight', limit, ...UNKNOWN, reason: 'it was given' };
  return () => ({
    limit: () => limit,
    nextStartMs: () => 0,
    started: () => undefined,
    ended: () => {},
    finding: () => finding,
  });
}

/** From an instant on, so many in flight keep the server busy and nobody waiting. */
export interface OracleStep {
  readonly atMs: number;
  readonly level: number;
}

/** In flight for all workers that no competitor has, those on the way included; never more than the server takes. */
export function oracleSteps(scenario: Scenario): OracleStep[] {
  const { server, competitors, rttMs, jitterMs } = scenario;
  const inFlightEach = 1 + (rttMs + jitterMs) / meanServiceMs(scenario);
  const instants = new Set(server.workers.map(({ atMs }) => atMs));
  for (const { fromMs, toMs } of competitors) {
    instants.add(fromMs);
    if (toMs !== Number.POSITIVE_INFINITY) instants.add(toMs);
  }
  return [...instants]
    .sort((a, b) => a - b)
    .map(atMs => {
      let taken = 0;
      for (const { concurrency, fromMs, toMs } of competitors)
        if (atMs >= fromMs && atMs < toMs) taken += concurrency;
      const workers = Math.max(1, workersAt(server.workers, atMs) - taken);
      const level = Math.max(workers, Math.round(workers * inFlightEach));
      return { atMs, level: Math.max(1, Math.min(level, workers + server.queue)) };
    });
}

/** Knows when how many workers are free, and what the meter lets through. */
export function oracleDecider({ clock, scenario }: DeciderParts): PaceFinder {
  const steps = oracleSteps(scenario);
  const { rateLimit, rttMs } = scenario;
  const meter = rateLimit && new KnownMeter(rateLimit, rttMs / 2);
  const limit = (): number => {
    let level = steps[0]?.level ?? 1;
    for (const step of steps) if (clock.now() >= step.atMs) level = step.level;
    return level;
  };
  return {
    limit,
    nextStartMs: nowMs => meter?.nextStartMs(nowMs) ?? 0,
    started: nowMs => meter?.started(nowMs),
    ended: () => {},
    finding: () => ({ mode: 'in flight', limit: limit(), ...UNKNOWN, reason: 'it knows the server' }),
  };
}

const TINY = 1e-9;
/** Past an instant by so much, sums of fractions are past it too. */
const LATER_MS = 1e-3;

/** The meter as it will stand when a request arrives. */
class KnownMeter {
  readonly #limit: ScenarioRateLimit;
  readonly #wayMs: number;
  #tokens: number;
  #filledMs = 0;
  #windowMs = 0;
  #used = 0;

  constructor(limit: ScenarioRateLimit, wayMs: number) {
    this.#limit = limit;
    this.#wayMs = wayMs;
    this.#tokens = limit.most;
  }

  nextStartMs(nowMs: number): number {
    const { kind, perSecond, most, windowMs } = this.#limit;
    if (kind === 'bucket') {
      const tokens = this.#tokensAt(nowMs);
      return tokens >= 1 - TINY ? 0 : nowMs + ((1 - tokens) / perSecond) * 1000 + LATER_MS;
    }
    const startMs = Math.floor((nowMs + this.#wayMs) / windowMs + TINY) * windowMs;
    if (startMs !== this.#windowMs) {
      this.#windowMs = startMs;
      this.#used = 0;
    }
    return this.#used < most ? 0 : startMs + windowMs - this.#wayMs + LATER_MS;
  }

  started(nowMs: number): void {
    this.#used++;
    this.#tokens = this.#tokensAt(nowMs) - 1;
    this.#filledMs = nowMs;
  }

  #tokensAt(nowMs: number): number {
    const { perSecond, most } = this.#limit;
    return Math.min(most, this.#tokens + ((nowMs - this.#filledMs) / 1000) * perSecond);
  }
}
