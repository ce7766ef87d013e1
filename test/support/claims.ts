// Whether spans add up and a run has come to a right end: what is claimed, apart from when.
import type { EngineStatistics } from '../../src/engine/engine-options.ts';
import type { AttemptEnd } from '../../src/model/attempt.ts';
import type { Settled } from '../../src/model/settled.ts';

const NEAR_MS = 1e-6;

/** The phases of an attempt fill the time from its start to its end, and none is negative. */
export function spanProblem(end: AttemptEnd, nowMs: number): string | null {
  const { network = 0, queue = 0, service = 0, ttfb = 0, download = 0, handler = 0 } = end.phasesMs;
  const parts = [network, queue, service, ttfb, download, handler];
  const sum = parts.reduce((a, b) => a + b, 0);
  const isOrdered = end.startedMs <= end.endedMs && end.endedMs <= nowMs;
  const isWhole = end.outcome !== 'ok' || Math.abs(sum - (end.endedMs - end.startedMs)) < NEAR_MS;
  return isOrdered && isWhole && Math.min(...parts) >= -NEAR_MS ? null : JSON.stringify(end);
}

/** What came before the last attempt is the backoff and the wait for a permit, and nothing else. */
export function waitProblem(settled: Settled<unknown>, admittedMs: number, nowMs: number): string | null {
  const { index, tries, createdMs, endedMs } = settled;
  if (createdMs > endedMs || endedMs > nowMs) return `${index} ended at ${endedMs}`;
  const last = tries.at(-1);
  if (!last) return null;
  const waitedMs = admittedMs - (tries.at(-2)?.endedMs ?? createdMs);
  const { backoff = 0, permit = Number.NaN } = last.phasesMs;
  if (Math.abs(backoff + permit - waitedMs) < NEAR_MS) return null;
  return `${index} waited ${waitedMs} ms: ${JSON.stringify(last.phasesMs)}`;
}

type Claims = [holds: boolean, law: string, text: string][];

/** What holds between any two instants. */
export function instantClaims(
  { inFlight, inFlightMax, settled, read }: EngineStatistics,
  seen: { readonly busy: number; readonly busyMax: number },
): Claims {
  return [
    [inFlight === seen.busy, 'I06', `${inFlight} in flight, ${seen.busy} seen`],
    [inFlightMax === seen.busyMax, 'I06', `${inFlightMax} in flight at most, ${seen.busyMax} seen`],
    [settled <= read, 'I05', `${settled} settled of ${read}`],
  ];
}

/** What was seen of a run from outside, when it is over and its executor closed. */
interface SeenAtEnd {
  readonly finished: number;
  readonly emitted: number;
  readonly notOk: number;
  readonly late: number;
  readonly isOrdered: boolean;
  /** Every attempt could be made to end. */
  readonly sealed: boolean;
  /** Timers of runners that are still armed. */
  readonly armed: number;
}

export function endClaims(statistics: EngineStatistics, seen: SeenAtEnd): Claims {
  const { read, settled, inFlight, late, notOk, waiting, inBackoff } = statistics;
  // In input order a forced outcome may still wait for its turn when its attempt ends: not seen as late.
  const alike = seen.isOrdered ? late >= seen.late : late === seen.late;
  return [
    [seen.finished === 1, 'I14', `finished ${seen.finished} times`],
    [settled === read, 'I05', `${read} read, ${settled} settled`],
    [seen.emitted === settled, 'I05', `${settled} settled, ${seen.emitted} told`],
    [notOk === seen.notOk, 'I60', `${notOk} not ok, ${seen.notOk} told`],
    [waiting === 0 && inBackoff === 0, 'I14', `${waiting} wait, ${inBackoff} in backoff`],
    [alike, 'I18', `${late} late, ${seen.late} seen`],
    [!seen.sealed || inFlight === 0, 'I06', `${inFlight} in flight at the end`],
    [seen.armed === 0, 'I14', `${seen.armed} timers of runners are still armed`],
  ];
}
