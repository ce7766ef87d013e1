// A comparison as a table of 80 columns: each column has one unit, told in its head; what was not measured is
// not shown.
import { formatCount } from '../base/units.ts';
import type { Usage } from '../model/record.ts';
import { terminalSafe } from '../timeline/escape.ts';
import { alignColumns, type Column } from './columns.ts';
import { type CompareRow, failedCount, idealMs, overIdeal, realMs, speedUp } from './compare-row.ts';
import { knownPace } from './pace-text.ts';

const NONE = '–';

/** Lines without line feeds. Columns that no row has a value for are left out. */
export function compareTable(rows: readonly CompareRow[], width = 80): string[] {
  const usage = (value: (usage: Usage) => string): string[] =>
    rows.map(({ summary }) => (summary.usage === undefined ? NONE : value(summary.usage)));
  const inSeconds = seconds(rows);
  const columns: Column[] = [
    left(
      ['', 'strategy'],
      rows.map(row => terminalSafe(row.strategy, 12)),
    ),
    right(
      ['', 'requests'],
      rows.map(row => formatCount(row.requests)),
    ),
    right(['', 'limit'], rows.map(limitText)),
    right(
      ['real', inSeconds.unit],
      rows.map(row => inSeconds.text(realMs(row))),
    ),
    right(
      ['user', inSeconds.unit],
      usage(({ userMs }) => inSeconds.text(userMs)),
    ),
    right(
      ['sys', inSeconds.unit],
      usage(({ sysMs }) => inSeconds.text(sysMs)),
    ),
    right(
      ['peak', 'MB'],
      usage(({ peakMemoryBytes }) => String(Math.round(peakMemoryBytes / 1e6))),
    ),
    right(
      ['proc/', 'thr'],
      usage(({ processes, threads }) => `${processes}/${threads}`),
    ),
    right(
      ['longest', 'queue'],
      rows.map(({ summary }) => counted(summary.serverQueueMax)),
    ),
    right(
      ['speed-', 'up'],
      rows.map(row => ratio(speedUp(row, rows))),
    ),
    right(
      ['ideal', inSeconds.unit],
      rows.map(row => inSeconds.text(idealMs(row))),
    ),
    right(
      ['over', 'ideal'],
      rows.map(row => deviation(overIdeal(row))),
    ),
    right(
      ['', 'failed'],
      rows.map(row => (failedCount(row) > 0 ? formatCount(failedCount(row)) : NONE)),
    ),
  ];
  const shown = columns.filter(column => column.values.some(value => value !== NONE));
  return alignColumns(shown, width);
}

/** `3`, `none`; of a limit that was found `auto 3`, `auto 9.7/s`, or `auto` where nothing is known. */
function limitText({ limit, findsPace, summary }: CompareRow): string {
  if (!findsPace) return limit === null ? 'none' : formatCount(limit);
  const [pace, another] = knownPace(summary);
  if (!pace || another) return 'auto';
  const { mode, ratePerSecond, capacity } = pace;
  if (mode === 'rate' && ratePerSecond !== undefined) return `auto ${rateText(ratePerSecond)}/s`;
  if (mode === 'quota') return 'auto';
  return `auto ${formatCount(Math.max(1, Math.round(capacity ?? pace.limit)))}`;
}

function rateText(perSecond: number): string {
  return perSecond < 9.95 ? perSecond.toFixed(1) : formatCount(Math.round(perSecond));
}

function left(head: readonly string[], values: readonly string[]): Column {
  return { head, align: 'left', values };
}

function right(head: readonly string[], values: readonly string[]): Column {
  return { head, align: 'right', values };
}

/** One unit for all times of the table: seconds, or milliseconds when everything is shorter than one. */
function seconds(rows: readonly CompareRow[]): { unit: string; text(ms: number | null): string } {
  const longestMs = Math.max(0, ...rows.map(realMs));
  if (longestMs < 1000) return { unit: 'ms', text: ms => (ms === null ? NONE : ms.toFixed(ms < 10 ? 1 : 0)) };
  return { unit: 's', text: ms => (ms === null ? NONE : (ms / 1000).toFixed(2)) };
}

function counted(count: number | undefined): string {
  return count === undefined ? NONE : formatCount(count);
}

function ratio(value: number | null): string {
  if (value === null) return NONE;
  return `${value >= 99.5 ? formatCount(Math.round(value)) : value.toFixed(value >= 9.95 ? 1 : 2)}×`;
}

/** As short as a column has to be: `+2.1%`. */
function deviation(share: number | null): string {
  if (share === null) return NONE;
  const hundredths = share * 100;
  return `${share < 0 ? '-' : '+'}${Math.abs(hundredths).toFixed(Math.abs(hundredths) >= 9.95 ? 0 : 1)}%`;
}
