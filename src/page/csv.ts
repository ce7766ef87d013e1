// The visible attempts as CSV (RFC 4180). A text that a spreadsheet would take for a formula gets an apostrophe before.
import { OUTCOMES } from '../model/outcome.ts';
import { laneOf, SPAN_NAMES } from '../timeline/codec/dataset.ts';
import type { Span } from '../timeline/large/pieces.ts';
import type { RunView } from './run-view.ts';

const HEAD = [
  'run',
  'index',
  'attempt',
  'lane',
  'startedMs',
  'endedMs',
  ...SPAN_NAMES.map(name => `${name}Ms`),
];
const TAIL = ['outcome', 'status', 'serverWorker', 'bytes', 'url', 'error'];

export function csvOf(run: RunView, { fromUs, toUs }: Span): string {
  const loaded = run.loaded;
  const lines = [[...HEAD, ...TAIL].join(',')];
  if (!loaded) return `${lines[0]}\r\n`;
  const { data } = loaded.pieces;
  const { columns, texts } = data;
  for (const row of data.order) {
    if ((data.beginUs[row] as number) > toUs) break;
    if ((data.endUs[row] as number) < fromUs || (run.mask !== null && run.mask[row] === 0)) continue;
    const started = (data.beginUs[row] as number) + (columns.handover[row] as number);
    const text = (name: 'serverWorker' | 'url' | 'error'): string =>
      texts[name].texts[columns[name][row] as number] ?? '';
    lines.push(
      [
        ...[field(run.head.name), data.request?.[row] ?? '', columns.number[row] as number],
        ...[data.lanes[laneOf(data, row)] as number, started / 1000, (data.endUs[row] as number) / 1000],
        ...SPAN_NAMES.map(name => (columns[name][row] as number) / 1000),
        ...[OUTCOMES[columns.outcome[row] as number] ?? '', (columns.status[row] as number) || ''],
        ...[
          field(text('serverWorker')),
          columns.bytes[row] as number,
          field(text('url')),
          field(text('error')),
        ],
      ].join(','),
    );
  }
  return `${lines.join('\r\n')}\r\n`;
}

function field(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
