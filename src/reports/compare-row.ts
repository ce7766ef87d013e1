// One program of a comparison, and the figures derived from it: used by the table, the JSON and the sentences alike.
import type { Summary } from '../model/record.ts';
import type { Diagnosis } from './diagnosis.ts';
import { idealMakespanMs } from './ideal.ts';

/** One strategy's run of the workload. */
export interface CompareRow {
  readonly strategy: string;
  readonly requests: number;
  /** Attempts in flight at most; null for no limit. */
  readonly limit: number | null;
  /** How many of them the server bears was found during the run. */
  readonly findsPace?: boolean;
  /** With `usage` where the run was a process of its own; without it the makespan stands for real. */
  readonly summary: Summary;
  /** The server that was used, where that is known; then the ideal can be told. */
  readonly server?: ComparedServer;
  /** What limited it; empty for nothing that is sure. */
  readonly diagnoses?: readonly Diagnosis[];
  /** CPU time that our side burns for each response (`--cpu`); left out for none. */
  readonly cpuMs?: number;
}

export interface ComparedServer {
  /** Infinity for a server that serves without bound. */
  readonly workers: number;
  readonly serviceMs: number;
}

/** Whole process where that was measured, else from the run's start to the end of its last attempt. */
export function realMs({ summary }: CompareRow): number {
  return summary.usage?.realMs ?? summary.makespanMs;
}

export function failedCount({ summary }: CompareRow): number {
  return summary.requests - (summary.outcomes.ok ?? 0);
}

/**
 * Requests per second against those of the `sequential` row: with the same requests in both, sequential time over this
 * time. Null without such a row, or when either has failures: a failure is quick, and would count as speed.
 */
export function speedUp(row: CompareRow, rows: readonly CompareRow[]): number | null {
  const base = rows.find(other => other.strategy === 'sequential');
  if (base === undefined || failedCount(base) > 0 || failedCount(row) > 0) return null;
  if (base.requests === 0 || realMs(row) === 0 || realMs(base) === 0) return null;
  return row.requests / realMs(row) / (base.requests / realMs(base));
}

/** Null where the server is not known, or our own CPU work is a part of the time. */
export function idealMs(row: CompareRow): number | null {
  if (row.server === undefined || (row.cpuMs ?? 0) > 0) return null;
  const { workers, serviceMs } = row.server;
  return idealMakespanMs({ requests: row.requests, serverWorkers: workers, limit: row.limit, serviceMs });
}

/** How much longer than the ideal, as a share of it: 0.02 is two percent. Null where it means nothing. */
export function overIdeal(row: CompareRow): number | null {
  const ideal = idealMs(row);
  if (ideal === null || ideal === 0 || failedCount(row) > 0) return null;
  return realMs(row) / ideal - 1;
}
