// A settled request as one row of CSV (RFC 4180), for spreadsheets: one that begins like a formula is
// made plain text, since the words may be a server's.
import type { HttpRequest } from '../model/request.ts';
import { InvalidInput } from '../model/request.ts';
import type { Settled } from '../model/settled.ts';
import { msText } from '../trace/instants.ts';

const COLUMNS = [
  'index',
  'id',
  'method',
  'url',
  'outcome',
  'status',
  'attempts',
  'lane',
  'worker',
  'createdMs',
].concat(['startedMs', 'endedMs', 'bytes', 'error', 'message']);

/** The names of the columns; no line end. */
export function csvHead(): string {
  return COLUMNS.join(',');
}

/** One row; no line end. What was not measured is an empty cell. */
export function csvLine({
  index,
  request,
  outcome,
  createdMs,
  endedMs,
  tries,
  error,
}: Settled<HttpRequest>): string {
  const last = tries.at(-1);
  const why = error ?? last?.error;
  const cells = [
    String(index),
    textCell(request.id === null ? '' : String(request.id)),
    request instanceof InvalidInput ? '' : textCell(request.method),
    textCell(request.url),
    outcome,
    last?.status ?? '',
    tries.length,
    last?.lane ?? '',
    last?.worker ?? '',
    msText(createdMs),
    last === undefined ? '' : msText(last.startedMs),
    msText(endedMs),
    last?.bytes ?? 0,
    textCell(why?.code ?? ''),
    textCell(why?.message ?? ''),
  ];
  return cells.join(',');
}

/** Text that no spreadsheet takes for a formula, in quotes where it needs them. */
export function textCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) || safe !== text ? `"${safe.replaceAll('"', '""')}"` : safe;
}
