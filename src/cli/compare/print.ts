// A comparison for people: what was run, the table, the pictures on one scale, and what they show.
import { formatCount, formatDuration } from '../../base/units.ts';
import type { ComparedServer, CompareRow } from '../../reports/compare-row.ts';
import { compareTable } from '../../reports/compare-table.ts';
import { diagnosisText } from '../../reports/diagnosis.ts';
import { findings } from '../../reports/findings.ts';
import { comparedPaceText } from '../../reports/pace-text.ts';
import { wrapWords } from '../../reports/wrap-words.ts';
import { terminalSafe } from '../../timeline/escape.ts';
import { drawTerminals } from '../../timeline/terminal.ts';
import type { ServiceTime } from '../../workload/service-time.ts';
import { formatServiceTime, meanServiceTime } from '../../workload/service-time.ts';
import type { TerminalLook } from '../terminal/look.ts';
import type { ProgramResult } from './program.ts';

/** The server of a comparison, where it is our own; null for a URL that was given. */
export interface OwnServer {
  readonly workers: number;
  readonly serviceTime: ServiceTime;
  /** Serves one request at a time for each worker. */
  readonly sync: boolean;
}

export function rowOf(result: ProgramResult, server: OwnServer | null, cpuMs: number): CompareRow {
  const { program, summary } = result;
  return {
    strategy: program.strategy,
    requests: program.requests,
    limit: program.limit,
    findsPace: program.findsPace,
    summary,
    diagnoses: result.diagnoses,
    ...(server && { server: comparedServer(server) }),
    ...(cpuMs > 0 && { cpuMs }),
  };
}

function comparedServer({ workers, serviceTime, sync }: OwnServer): ComparedServer {
  return { workers: sync ? workers : Number.POSITIVE_INFINITY, serviceMs: meanServiceTime(serviceTime) };
}

/** One line on what is compared. */
export function headline(requests: number, where: OwnServer | string, cpuMs: number): string {
  const server =
    typeof where === 'string'
      ? where
      : `a slow API: ${formatCount(where.workers)} ${where.workers === 1 ? 'worker' : 'workers'}, ` +
        `${formatServiceTime(where.serviceTime)} a request`;
  const work = cpuMs > 0 ? `, and ${formatDuration(cpuMs)} of CPU for each response` : '';
  return `${formatCount(requests)} ${requests === 1 ? 'request' : 'requests'} to ${server}${work}`;
}

/** Table, pictures and sentences; lines without line feeds. */
export function comparisonText(
  results: readonly ProgramResult[],
  rows: readonly CompareRow[],
  look: TerminalLook,
): string[] {
  const sentences = concluded(results, rows).flatMap(sentence => [...wrapWords(sentence, look.width), '']);
  const paces = comparedPaceText(rows).flatMap(line => wrapWords(terminalSafe(line), look.width));
  return [
    ...compareTable(rows, look.width),
    '',
    ...(paces.length > 0 ? [...paces, ''] : []),
    ...drawTerminals(
      results.map(({ run, picture }) => ({ run, picture })),
      look,
    ),
    '',
    ...sentences.slice(0, -1),
  ];
}

/** What a comparison shows; of one run alone, what limited it. */
function concluded(results: readonly ProgramResult[], rows: readonly CompareRow[]): string[] {
  if (results.some(({ interrupted }) => interrupted))
    return ['Stopped before its end: nothing is concluded from it.'];
  const [only, ...others] = results;
  const diagnosed = others.length === 0 ? (only?.diagnoses ?? []).map(diagnosisText) : [];
  return diagnosed.length > 0 ? diagnosed : findings(rows);
}
