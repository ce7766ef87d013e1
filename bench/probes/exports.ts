// Writes a run of so many attempts in one format and nothing else: lines of a record that were made beforehand, fed as
// the command feeds them. Prints the bytes of the file. Usage: node exports.ts FORMAT COUNT
import { closeSync, openSync, writeSync } from 'node:fs';
import type { RequestLine } from '../../src/model/record.ts';
import { openChromeTrace } from '../../src/reports/exports/chrome-trace.ts';
import { openCsv } from '../../src/reports/exports/csv.ts';
import { harUpTo } from '../../src/reports/exports/har.ts';
import { openOtlp } from '../../src/reports/exports/otlp.ts';
import { openPerfetto } from '../../src/reports/exports/perfetto.ts';
import type { OpenReport } from '../../src/reports/report.ts';

const nothing: OpenReport = () => ({ begin() {}, add() {}, end() {}, finish() {} });
const FORMATS: Readonly<Record<string, OpenReport>> = {
  ...{
    none: nothing,
    pftrace: openPerfetto,
    'trace.json': openChromeTrace,
    'otlp.json': openOtlp,
    csv: openCsv,
  },
  // Without its cap, so that all write the same.
  har: harUpTo(Number.POSITIVE_INFINITY),
};
const LANES = 50;
const WORKERS = 40;

/** A plausible run: every phase, a server that names its workers, microseconds that are not round. */
function lineOf(index: number): RequestLine {
  const lane = index % LANES;
  const round = Math.floor(index / LANES);
  const startedMs = round * 26 + lane * 0.013;
  const queue = (index % 5) * 0.4;
  const service = 20 + (index % 7) * 0.311;
  const endedMs = Math.round((startedMs + 2.2 + queue + service) * 1000) / 1000;
  const server = {
    worker: String(index % WORKERS),
    workers: WORKERS,
    arrivedMs: startedMs + 1,
    doubtMs: 0.5,
  };
  const phasesMs = { permit: round === 0 ? 0 : 1.5, network: 2, queue, service, download: 0.2 };
  const one = { lane, outcome: 'ok', status: 200, startedMs, endedMs, phasesMs, server } as const;
  return {
    ...{
      index,
      id: null,
      method: 'GET',
      url: `http://127.0.0.1:8080/item/${index}`,
      outcome: 'ok',
      status: 200,
    },
    ...{
      attempts: 1,
      lane,
      createdMs: startedMs - phasesMs.permit,
      startedMs,
      endedMs,
      bytes: 22,
      tries: [one],
    },
  };
}

const [, , name = '', countText = ''] = process.argv;
const open = FORMATS[name];
if (open === undefined) throw new Error(`There is no format ${name}.`);
let bytes = 0;
const file = openSync('/dev/null', 'w');
const report = open(
  piece => {
    bytes += writeSync(file, typeof piece === 'string' ? Buffer.from(piece) : piece);
  },
  { theme: 'auto', width: 1000, charset: 'unicode', warn: sentence => console.error(sentence) },
);
report.begin(
  { version: '0', started: '2026-11-27T00:00:00.000Z', strategy: 'semaphore', concurrency: LANES, seed: 1 },
  'bench.ndjson',
);
const count = Number(countText);
for (let index = 0; index < count; index++) report.add(lineOf(index));
report.end(null, []);
await report.finish();
closeSync(file);
process.stdout.write(`${bytes}\n`);
