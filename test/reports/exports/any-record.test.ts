// Whatever a record holds, each export is a whole file of its format that tells the attempts of the record: runs cut
// off, of nothing, of failures only, of many days, with a clock's residue below zero, with hostile text.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OUTCOMES } from '../../../src/model/outcome.ts';
import type { RequestLine, TryLine } from '../../../src/model/record.ts';
import { openChromeTrace } from '../../../src/reports/exports/chrome-trace.ts';
import { openCsv } from '../../../src/reports/exports/csv.ts';
import { openHarReport } from '../../../src/reports/exports/har.ts';
import { openOtlp } from '../../../src/reports/exports/otlp.ts';
import { openPerfetto } from '../../../src/reports/exports/perfetto.ts';
import { readChrome } from '../../support/exports/read-chrome.ts';
import { readCsv } from '../../support/exports/read-csv.ts';
import { readHar } from '../../support/exports/read-har.ts';
import { readOtlp } from '../../support/exports/read-otlp.ts';
import { readPftrace } from '../../support/exports/read-pftrace.ts';
import { attemptsOf, drawnRun, SMALL_RUN, simulatedRun } from '../../support/exports/runs.ts';
import { feed, type RecordedRun } from '../../support/fed-report.ts';
import { HOSTILE_TEXTS } from '../../support/hostile-texts.ts';

interface Told {
  readonly attempts: number;
  readonly requests?: number;
}

/** Each throws when the file is not one of its format. */
const FORMATS: Readonly<Record<string, (runs: readonly RecordedRun[]) => Told>> = {
  perfetto: runs => {
    const { slices } = readPftrace(feed(openPerfetto, runs).bytes);
    return { attempts: slices.filter(({ category }) => category === 'attempt').length };
  },
  chrome: runs => {
    const { events } = readChrome(feed(openChromeTrace, runs).text);
    return { attempts: events.filter(({ ph, cat }) => ph === 'X' && cat === 'attempt').length };
  },
  har: runs => ({ attempts: readHar(feed(openHarReport, runs).text).entries.length }),
  otlp: runs => {
    const spans = readOtlp(feed(openOtlp, runs).text).flat();
    const requests = spans.filter(({ name }) => name === 'paceline request').length;
    return { attempts: spans.filter(({ kind }) => kind === 3).length, requests };
  },
  csv: runs => {
    const rows = readCsv(feed(openCsv, runs).text);
    return { attempts: rows.reduce((sum, { attempts }) => sum + Number(attempts), 0), requests: rows.length };
  },
};

function checkAll(runs: readonly RecordedRun[], where: string): void {
  const attempts = runs.reduce((sum, run) => sum + attemptsOf(run), 0);
  const requests = runs.reduce((sum, { lines }) => sum + lines.length, 0);
  for (const [format, tell] of Object.entries(FORMATS)) {
    const told = tell(runs);
    assert.equal(told.attempts, attempts, `${format}, ${where}`);
    assert.equal(told.requests ?? requests, requests, `${format}, ${where}`);
  }
}

test('records drawn from a seed, cut off or not, alone and together', () => {
  for (let seed = 1; seed <= 60; seed++) checkAll([drawnRun(seed)], `seed ${seed}`);
  checkAll([drawnRun(1), simulatedRun(2), drawnRun(3), { ...drawnRun(4), lines: [] }], 'together');
});

test('no run, and a run of nothing', () => {
  checkAll([], 'no run');
  checkAll([{ run: SMALL_RUN, name: 'empty', lines: [], summary: null }], 'nothing');
});

function lineOf(index: number, tries: readonly TryLine[], part: Partial<RequestLine> = {}): RequestLine {
  const last = tries.at(-1);
  return {
    ...{ index, id: null, method: 'GET', url: 'http://h/', outcome: last?.outcome ?? 'cancelled', tries },
    ...{ status: last?.status ?? null, attempts: tries.length, bytes: 0 },
    ...{ createdMs: 0, endedMs: last?.endedMs ?? 0, ...part },
  };
}

const runOf = (lines: readonly RequestLine[]): RecordedRun => ({
  run: SMALL_RUN,
  name: 'odd',
  lines,
  summary: null,
});

test('failures only, of every kind, with and without a status', () => {
  const tries = OUTCOMES.flatMap((outcome, place) =>
    [null, 200, 503].map(
      (status, more): TryLine => ({
        ...{ lane: 3 * place + more, outcome, status, startedMs: place, endedMs: place + 1, phasesMs: {} },
        ...(outcome !== 'ok' && { error: { code: 'UNKNOWN', message: '' } }),
      }),
    ),
  );
  checkAll([runOf(tries.map((one, index) => lineOf(index, [one])))], 'every kind');
});

test('odd times: below zero, backwards, of no length, ten days, thirty years', () => {
  const server = { worker: 'w', workers: 2, arrivedMs: -3, doubtMs: 2 };
  const odd: readonly Partial<TryLine>[] = [
    { startedMs: -5, endedMs: 4, phasesMs: { permit: 2, network: 1, queue: 2, service: 3 }, server },
    { startedMs: 10, endedMs: 4, phasesMs: { handover: 3, network: 1, ttfb: 2 } },
    { startedMs: 0, endedMs: 0, phasesMs: { permit: 0, network: 0, ttfb: 0, download: 0 } },
    { startedMs: 1, endedMs: 864_000_001, phasesMs: { network: 1, ttfb: 863_999_999 } },
    { startedMs: 9e11, endedMs: 9.5e11, phasesMs: { permit: 9e11, network: 5e10 } },
    { startedMs: 1, endedMs: 9, phasesMs: { network: 99, queue: 99, service: 99, download: 99 }, server },
    { startedMs: 0.0004, endedMs: 0.0021, phasesMs: { network: 0.0016 } },
    { startedMs: 5, endedMs: 6, phasesMs: { permit: 900 } },
  ];
  const tries = odd.map(
    (one, lane): TryLine => ({
      lane,
      outcome: 'ok',
      status: 200,
      startedMs: 0,
      endedMs: 0,
      phasesMs: {},
      ...one,
    }),
  );
  for (const [place, one] of tries.entries()) checkAll([runOf([lineOf(0, [one])])], `odd time ${place}`);
  checkAll([runOf(tries.map((one, index) => lineOf(index, [one])))], 'all odd times');
});

test('numbers as large as a record may have them', () => {
  const huge = Number.MAX_SAFE_INTEGER;
  const one: TryLine = {
    ...{
      lane: huge,
      worker: huge,
      outcome: 'http_error',
      status: huge,
      startedMs: 0,
      endedMs: 1,
      retryAfterMs: 1e300,
    },
    ...{ phasesMs: {}, server: { worker: '7', workers: huge, arrivedMs: 0, doubtMs: 0 } },
  };
  checkAll([runOf([lineOf(huge, [one], { id: -1.5e300, bytes: huge }), lineOf(huge - 1, [one])])], 'huge');
});

test('hostile text is text, wherever a record may hold it', () => {
  const texts = [...HOSTILE_TEXTS, 'x'.repeat(1_000_000), `http://h/${'\ud800'.repeat(2000)}`];
  const lines = texts.map((text, index) => {
    const one: TryLine = {
      ...{
        lane: 0,
        url: text,
        outcome: 'network_error',
        status: null,
        startedMs: 2 * index,
        endedMs: 2 * index + 1,
      },
      ...{ phasesMs: { network: 0.1, queue: 0.2, service: 0.3 } },
      server: { worker: text, arrivedMs: 2 * index + 0.1, doubtMs: 0 },
      ...{ retryAfterIgnored: text, error: { code: text as 'UNKNOWN', message: text } },
    };
    return lineOf(index, [one], {
      id: text,
      method: text,
      url: text,
      error: { code: 'UNKNOWN', message: text },
    });
  });
  for (const line of lines) {
    const run = { ...runOf([line]), name: line.url };
    for (const [format, tell] of Object.entries(FORMATS)) {
      // A URL without a host has no address to tell; the other formats do not ask for one.
      if (format === 'otlp') JSON.parse(feed(openOtlp, [run]).text);
      else assert.equal(tell([run]).attempts, 1, `${format}: ${JSON.stringify(line.url.slice(0, 50))}`);
    }
  }
  for (const format of ['perfetto', 'chrome', 'har', 'csv'])
    assert.equal(FORMATS[format]?.([runOf(lines)]).attempts, lines.length, format);
  const har = readHar(feed(openHarReport, [runOf(lines.slice(0, 500))]).text);
  assert.deepEqual(
    har.entries.map(({ _paceline: own }) => own.id),
    texts.slice(0, 500).map(text => text.toWellFormed()),
  );
});
