// Writes an HTML report from a record in a file, line by line, as a process of its own; or the record itself.
// `html.ts record FILE REQUESTS` · `html.ts report RECORD FILE`
import { closeSync, createReadStream, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { feed } from '../../src/cli/report/feed.ts';
import { htmlReport } from '../../src/reports/html.ts';
import { footerLine, headerLine } from '../../src/trace/line.ts';
import { SummaryBuilder } from '../../src/trace/summary.ts';
import { MODEL_RUN, modelLines } from '../../test/support/queue-model.ts';
import { ROOT } from '../workspace.ts';

const [what = '', from = '', to = ''] = process.argv.slice(2);
const PIECE_LINES = 2000;

function writeRecord(path: string, requests: number): void {
  const file = openSync(path, 'w');
  writeSync(file, `${headerLine(MODEL_RUN)}\n`);
  let lines: string[] = [];
  const model = { requests, lanes: 64, workers: 48, serviceMs: 40, failing: Math.floor(requests * 0.73) };
  for (const line of modelLines(model)) {
    if (lines.push(JSON.stringify(line)) < PIECE_LINES) continue;
    writeSync(file, `${lines.join('\n')}\n`);
    lines = [];
  }
  writeSync(file, `${lines.join('\n')}\n${footerLine(new SummaryBuilder().summary('complete'))}\n`);
  closeSync(file);
}

async function writeReport(record: string, path: string): Promise<void> {
  const template = readFileSync(join(ROOT, 'dist/report-page.html'), 'utf8');
  const file = openSync(path, 'w');
  const open = htmlReport({ template, compress: bytes => deflateRawSync(bytes, { level: 9 }) });
  const report = open(piece => writeSync(file, String(piece)), {
    ...{ theme: 'auto', width: 820, charset: 'unicode' },
    warn: sentence => console.error(sentence),
  });
  const source = { path: record, name: 'run.ndjson', open: () => createReadStream(record) };
  await feed([source], [report], sentence => console.error(sentence));
  await report.finish();
  closeSync(file);
}

if (what === 'record') writeRecord(from, Number(to));
else await writeReport(from, to);
