// Feeds a report the lines of records, as the command does, and keeps the file it writes and what it warns of.
import type { RequestLine, Resumed, RunHeader, Summary } from '../../src/model/record.ts';
import type { HttpRequest } from '../../src/model/request.ts';
import type { Settled } from '../../src/model/settled.ts';
import type { OpenReport, ReportBuilder, ReportOptions } from '../../src/reports/report.ts';
import { footerLine, headerLine, requestLine } from '../../src/trace/line.ts';
import { readRecord } from '../../src/trace/read.ts';
import { sealed } from '../../src/trace/seal.ts';
import { SummaryBuilder } from '../../src/trace/summary.ts';

export interface RecordedRun {
  readonly run: RunHeader;
  readonly name: string;
  readonly lines: readonly RequestLine[];
  /** Where another run went on: before which line of them. */
  readonly resumed?: readonly { readonly before: number; readonly by: Resumed }[];
  readonly summary: Summary | null;
}

export interface Fed {
  readonly bytes: Uint8Array;
  /** The file's bytes as text, read strictly. */
  readonly text: string;
  readonly warnings: readonly string[];
  readonly pieces: number;
}

/** A run through the record: written as lines and read back, so that a report sees what the command would hand it. */
export function recorded(
  run: RunHeader,
  settled: Iterable<Settled<HttpRequest>>,
  name = 'run.ndjson',
): RecordedRun {
  const summary = new SummaryBuilder();
  const lines = [sealed(headerLine(run))];
  for (const one of settled) {
    summary.add(one);
    lines.push(sealed(requestLine(one, 'none')));
  }
  lines.push(sealed(footerLine(summary.summary('complete'))));
  return readBack(lines, name);
}

/** @param lines sealed, without line feeds, the first line included */
export function readBack(lines: readonly string[], name = 'run.ndjson'): RecordedRun {
  let run: RunHeader | undefined;
  let summary: Summary | null = null;
  const requests: RequestLine[] = [];
  const resumed: { before: number; by: Resumed }[] = [];
  for (const item of readRecord([...lines, ''])) {
    if (item.kind === 'header') run = item.run;
    else if (item.kind === 'request') requests.push(item.request);
    else if (item.kind === 'resumed') resumed.push({ before: requests.length, by: item.resumed });
    else if (item.kind === 'footer') summary = item.summary;
  }
  if (run === undefined) throw new Error('a record without a first line');
  return { run, name, lines: requests, resumed, summary };
}

export type Open = (write: (piece: string | Uint8Array) => void, options: ReportOptions) => ReportBuilder;

export function feed(open: OpenReport | Open, runs: readonly RecordedRun[]): Fed {
  const pieces: Uint8Array[] = [];
  const warnings: string[] = [];
  const report = open(piece => pieces.push(typeof piece === 'string' ? Buffer.from(piece) : piece), {
    theme: 'auto',
    width: 1000,
    charset: 'unicode',
    warn: sentence => warnings.push(sentence),
  });
  for (const { run, name, lines, resumed = [], summary } of runs) {
    report.begin(run, name);
    for (const [place, line] of lines.entries()) {
      for (const { before, by } of resumed) if (before === place) report.resume?.(by);
      report.add(line);
    }
    report.end(summary, []);
  }
  void report.finish();
  const bytes = Buffer.concat(pieces);
  return { bytes, text: bytes.toString(), warnings, pieces: pieces.length };
}
