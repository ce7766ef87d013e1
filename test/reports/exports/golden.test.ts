// Every byte of a small run in each format: whoever changes one sees what becomes of it.
import { test } from 'node:test';
import { openChromeTrace } from '../../../src/reports/exports/chrome-trace.ts';
import { openCsv } from '../../../src/reports/exports/csv.ts';
import { openHarReport } from '../../../src/reports/exports/har.ts';
import { openOtlp } from '../../../src/reports/exports/otlp.ts';
import { openPerfetto } from '../../../src/reports/exports/perfetto.ts';
import { smallRun } from '../../support/exports/runs.ts';
import { feed } from '../../support/fed-report.ts';
import { assertGolden } from '../../support/golden.ts';

const TEXTS = {
  'small.trace.json.txt': openChromeTrace,
  'small.har': openHarReport,
  'small.otlp.json.txt': openOtlp,
  'small.csv': openCsv,
};

for (const [name, open] of Object.entries(TEXTS)) {
  // The one line of OTLP is cut before each span, to be looked at.
  test(`a small run as ${name}`, () =>
    assertGolden(`exports/${name}`, feed(open, [smallRun()]).text.replaceAll('{"traceId"', '\n{"traceId"')));
}

test('a small run as small.pftrace, in hexadecimal', () => {
  const hex = Buffer.from(feed(openPerfetto, [smallRun()]).bytes).toString('hex');
  assertGolden('exports/small.pftrace.hex', `${hex.replace(/.{1,100}/g, '$&\n')}`);
});
