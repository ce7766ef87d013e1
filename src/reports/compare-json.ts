// A comparison for machines: the table's figures unrounded, with units in their names; null is "not known".
import type { Summary } from '../model/record.ts';
import { type CompareRow, failedCount, idealMs, overIdeal, realMs, speedUp } from './compare-row.ts';
import type { Diagnosis } from './diagnosis.ts';
import { findings } from './findings.ts';

export interface ComparedRow {
  readonly strategy: string;
  readonly requests: number;
  readonly limit: number | null;
  /** How many of them the server bears was found: `summary.pace` says it. */
  readonly findsPace: boolean;
  readonly failed: number;
  readonly realMs: number;
  readonly userMs: number | null;
  readonly sysMs: number | null;
  readonly peakMemoryBytes: number | null;
  readonly processes: number | null;
  readonly threads: number | null;
  readonly serverQueueMax: number | null;
  readonly speedUp: number | null;
  readonly idealMs: number | null;
  /** Share of the ideal: 0.02 is two percent longer. */
  readonly overIdeal: number | null;
  readonly summary: Summary;
  /** What limited this run and what to try, the most important first; empty where nothing is sure. */
  readonly diagnosis: readonly Diagnosis[];
}

export interface ComparedJson {
  readonly rows: readonly ComparedRow[];
  readonly findings: readonly string[];
}

/** Plain data for `JSON.stringify`. */
export function compareJson(rows: readonly CompareRow[]): ComparedJson {
  return { rows: rows.map(row => comparedRow(row, rows)), findings: findings(rows) };
}

function comparedRow(row: CompareRow, rows: readonly CompareRow[]): ComparedRow {
  const { usage } = row.summary;
  return {
    strategy: row.strategy,
    requests: row.requests,
    limit: row.limit,
    findsPace: row.findsPace ?? false,
    failed: failedCount(row),
    realMs: realMs(row),
    userMs: usage?.userMs ?? null,
    sysMs: usage?.sysMs ?? null,
    peakMemoryBytes: usage?.peakMemoryBytes ?? null,
    processes: usage?.processes ?? null,
    threads: usage?.threads ?? null,
    serverQueueMax: row.summary.serverQueueMax ?? null,
    speedUp: speedUp(row, rows),
    idealMs: idealMs(row),
    overIdeal: overIdeal(row),
    summary: row.summary,
    diagnosis: row.diagnoses ?? [],
  };
}
