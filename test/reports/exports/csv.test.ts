import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvHead } from '../../../src/reports/csv-line.ts';
import { openCsv } from '../../../src/reports/exports/csv.ts';
import { readCsv } from '../../support/exports/read-csv.ts';
import { drawnRun, SMALL_RUN, simulatedRun, smallRun } from '../../support/exports/runs.ts';
import { feed, type RecordedRun, recorded } from '../../support/fed-report.ts';
import { aRequest, aSettled } from '../../support/record-lines.ts';

/** What the record says, in the words of the rows. */
function wanted({ lines, name }: RecordedRun): Record<string, string>[] {
  return lines.map(line => ({
    ...{
      index: `${line.index}`,
      id: `${line.id ?? ''}`,
      method: line.method,
      url: line.url,
      outcome: line.outcome,
    },
    ...{ status: `${line.status ?? ''}`, attempts: `${line.attempts}`, lane: `${line.lane ?? ''}` },
    ...{
      worker: `${line.worker ?? ''}`,
      createdMs: `${line.createdMs}`,
      startedMs: `${line.startedMs ?? ''}`,
    },
    ...{ endedMs: `${line.endedMs}`, bytes: `${line.bytes}`, error: line.error?.code ?? '' },
    ...{ message: line.error?.message ?? '', run: name },
  }));
}

test('read back, the rows are the requests of the record', () => {
  for (let seed = 1; seed <= 50; seed++) {
    for (const run of [simulatedRun(seed, 40), drawnRun(seed)]) {
      const rows = readCsv(feed(openCsv, [run]).text);
      assert.deepEqual(rows, wanted(run), `seed ${seed}`);
    }
  }
});

test('the columns are those of `fetch --format csv`, and the name of the run', () => {
  assert.ok(feed(openCsv, []).text === `${csvHead()},run\r\n`);
});

test('several runs are told apart by their last column', () => {
  const rows = readCsv(feed(openCsv, [smallRun(), { ...smallRun(), name: 'b,"c".ndjson' }]).text);
  assert.deepEqual([...new Set(rows.map(({ run }) => run))], ['run.ndjson', 'b,"c".ndjson']);
});

test('no cell is taken for a formula, that of the run included', () => {
  const request = aRequest({ url: '=cmd|"/c calc"!A0', id: '@SUM(A1)', method: '+X' });
  const run = recorded(SMALL_RUN, [aSettled({ request })], '-1+1.ndjson');
  const [row] = readCsv(feed(openCsv, [run]).text);
  assert.deepEqual(
    [row?.url, row?.id, row?.method, row?.run],
    [`'=cmd|"/c calc"!A0`, "'@SUM(A1)", "'+X", "'-1+1.ndjson"],
  );
});
