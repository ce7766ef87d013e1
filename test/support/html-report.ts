// Writes HTML reports of runs whose numbers are known, with the page as the build makes it.
import { deflateRawSync } from 'node:zlib';
import type { RequestLine, RunHeader, Summary } from '../../src/model/record.ts';
import type { Diagnosis } from '../../src/reports/diagnosis.ts';
import { htmlReport } from '../../src/reports/html.ts';
import type { Theme } from '../../src/reports/report.ts';
import { requestLine } from '../../src/trace/line.ts';
import { bundlePage } from '../../tools/page.ts';
import { type SceneOptions, scene } from './record-lines.ts';

export interface ReportedRun {
  readonly run: RunHeader;
  readonly lines: Iterable<RequestLine>;
  readonly name?: string;
  readonly summary?: Summary | null;
  readonly diagnoses?: readonly Diagnosis[];
}

let page: Promise<string> | undefined;

/** The template, bundled once for all reports of a process. */
export function pageTemplate(): Promise<string> {
  page ??= bundlePage();
  return page;
}

export interface WrittenReport {
  readonly html: string;
  readonly warnings: readonly string[];
}

export async function writeReport(
  runs: Iterable<ReportedRun>,
  theme: Theme = 'auto',
): Promise<WrittenReport> {
  const template = await pageTemplate();
  const pieces: string[] = [];
  const warnings: string[] = [];
  const open = htmlReport({ template, compress: bytes => deflateRawSync(bytes, { level: 9 }) });
  const report = open(piece => pieces.push(String(piece)), {
    ...{ theme, width: 820, charset: 'unicode' },
    warn: sentence => warnings.push(sentence),
  });
  for (const { run, lines, name = 'run.ndjson', summary = A_SUMMARY, diagnoses = [] } of runs) {
    report.begin(run, name);
    for (const line of lines) report.add(line);
    report.end(summary, diagnoses);
  }
  await report.finish();
  return { html: pieces.join(''), warnings };
}

export const A_SUMMARY: Summary = {
  ...{ ended: 'complete', makespanMs: 0, requests: 0, attempts: 0, outcomes: {}, statuses: {}, bytes: 0 },
  inFlightMax: 0,
};

/** The talk's scenes as a record has them. */
export function* sceneLines(options: SceneOptions): Generator<RequestLine> {
  for (const settled of scene(options)) yield JSON.parse(requestLine(settled, 'none')) as RequestLine;
}

export function aRun(part: Partial<RunHeader>): RunHeader {
  return {
    ...{ version: '0.1.0', started: '2026-11-27T00:00:00Z', strategy: 'semaphore', concurrency: 3, seed: 7 },
    ...part,
  };
}
