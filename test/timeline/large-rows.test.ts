// Facts, percentiles and other rows of the same attempts, held against a plain walk over them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../src/base/random.ts';
import { Ends, isFailed } from '../../src/timeline/large/ends.ts';
import { Attempts, windowFacts } from '../../src/timeline/large/facts.ts';
import { EndedTable, endedBy, endedOver } from '../../src/timeline/large/flow.ts';
import { tableColumns } from '../../src/timeline/large/levels.ts';
import { laneRange, rowsInWindow } from '../../src/timeline/large/pieces.ts';
import { byRequest, byServerWorker, servedFrom } from '../../src/timeline/large/row-models.ts';
import { pixelOf } from '../../src/timeline/looks.ts';
import { KIND_COUNT, SLICE_KINDS } from '../../src/timeline/slices.ts';
import { aWindow, gathered, modelled, overlapUs, plainSpans } from '../support/plain-spans.ts';
import { lineOf, modelLines } from '../support/queue-model.ts';

test('facts of a window are counted as a plain walk counts them', () => {
  const pieces = modelled();
  const { data } = pieces;
  const attempts = new Attempts(data);
  const spans = plainSpans(pieces);
  const random = seededRandom(5);
  for (let round = 0; round < 10; round++) {
    const shown = aWindow(random, pieces.extent, 0.01);
    const mask =
      round % 2 === 0 ? null : Uint8Array.from({ length: data.rows }, () => (random.next() < 0.4 ? 1 : 0));
    const facts = windowFacts(pieces, attempts, { window: shown, rows: null, mask });
    const fits = (row: number): boolean => mask === null || mask[row] === 1;
    for (let kind = 0; kind < KIND_COUNT; kind++) {
      let us = 0;
      for (const span of spans)
        if (span.kind === kind && fits(span.row)) us += overlapUs(span, shown.fromUs, shown.toUs);
      assert.ok(Math.abs((facts.kindUs[kind] as number) - us) < 1, `${SLICE_KINDS[kind]}`);
    }
    const ended: number[] = [];
    let failed = 0;
    for (let row = 0; row < data.rows; row++) {
      const end = data.endUs[row] as number;
      const isLast = !Array.from(attempts.of(row)).some(
        other => (data.columns.number[other] as number) > (data.columns.number[row] as number),
      );
      if (!fits(row) || !isLast || end < shown.fromUs || end > shown.toUs) continue;
      ended.push(end - (data.beginUs[row] as number));
      if (isFailed(data, row)) failed++;
    }
    ended.sort((a, b) => a - b);
    assert.equal(facts.ended, ended.length);
    assert.equal(facts.failed, failed);
    if (ended.length > 0)
      assert.equal(facts.onWireMs?.p95, (ended[Math.ceil(0.95 * ended.length) - 1] as number) / 1000);
  }
});

test('the rows of a window are those that lie in it', () => {
  const { data, extent } = modelled();
  const random = seededRandom(6);
  for (let round = 0; round < 20; round++) {
    const shown = aWindow(random, extent);
    const expected: number[] = [];
    for (let row = 0; row < data.rows; row++)
      if ((data.endUs[row] as number) > shown.fromUs && (data.beginUs[row] as number) < shown.toUs)
        expected.push(row);
    assert.deepEqual(Array.from(rowsInWindow(data, shown, data.rows) ?? []), expected);
    if (expected.length > 0) assert.equal(rowsInWindow(data, shown, expected.length - 1), null);
  }
});

test('percentiles by columns are within 9 %, the largest is exact, and counts add up', () => {
  const { data, extent } = modelled();
  const columns = Ends.of(data, extent, 1024, { rows: null, mask: null }).coarser(4).over(extent, 16);
  const width = extent.toUs / 16;
  for (let column = 0; column < 16; column++) {
    const spans: number[] = [];
    for (let row = 0; row < data.rows; row++) {
      const end = data.endUs[row] as number;
      const isHere = Math.min(15, Math.floor(end / width)) === column;
      if (isHere) spans.push(end - (data.beginUs[row] as number));
    }
    spans.sort((a, b) => a - b);
    assert.equal(columns.ended[column], spans.length);
    assert.equal(columns.maxUs[column], spans.at(-1) ?? 0);
    const p50 = spans[Math.ceil(spans.length / 2) - 1] ?? 0;
    assert.ok(
      Math.abs((columns.p50Us[column] as number) - p50) <= p50 * 0.09,
      `${columns.p50Us[column]} ${p50}`,
    );
  }
});

test('a row for each request holds its wait and all its attempts; one never sent has a row too', () => {
  const lines = [
    ...modelLines({ requests: 40, lanes: 4, workers: 2, serviceMs: 20, retried: 0.4 }),
    lineOf(40, 3, []),
  ];
  const data = gathered(lines);
  const model = byRequest(data);
  assert.equal(model.data.lanes.length, 41);
  for (const [place, line] of lines.entries()) {
    const { first, end } = laneRange(model.data, place);
    assert.equal(model.labels(place), `req ${line.index + 1}`);
    assert.equal(end - first, Math.max(1, line.tries.length));
    if (line.tries.length > 0)
      assert.ok(Math.abs((model.data.beginUs[first] as number) / 1000 - line.createdMs) < 0.005);
  }
  assert.equal(model.source?.at(-1), -1);
});

test('a worker of the server has a row of what it served, never two at once', () => {
  const data = modelled({ requests: 800, workers: 11 }).data;
  const model = byServerWorker(data);
  assert.ok(model);
  assert.deepEqual(
    Array.from(model.data.lanes, (_, lane) => model.labels(lane)),
    Array.from({ length: 11 }, (_, i) => `worker ${i + 1}`),
  );
  assert.equal(model.data.rows, data.rows);
  for (let lane = 0; lane < 11; lane++) {
    const { first, end } = laneRange(model.data, lane);
    for (let row = first; row < end; row++) {
      assert.equal(model.data.beginUs[row], servedFrom(data, model.source?.[row] as number));
      if (row > first)
        assert.ok((model.data.beginUs[row] as number) >= (model.data.endUs[row - 1] as number) - 3);
    }
  }
  const silent = gathered(modelLines({ requests: 9, lanes: 3, workers: 3, serviceMs: 5, reports: false }));
  assert.equal(byServerWorker(silent), null);
});

test('colours are written as a canvas has them', () => {
  assert.equal(pixelOf('#c4002b'), 0xff2b00c4);
});

test('ends by an instant, in a table and without one, are those that a plain walk counts', () => {
  const lines = [...modelLines({ requests: 900, lanes: 12, workers: 8, serviceMs: 20, retried: 0.1 })];
  const data = gathered([...lines, { ...lineOf(900, 1, []), endedMs: 40 }]);
  const ends = [...data.endUs, ...Array.from(data.unsent.endUs)];
  const by = (us: number): number => ends.filter(end => end <= us).length;
  const extent = { fromUs: 0, toUs: Math.max(...ends) };
  const random = seededRandom(3);
  for (let round = 0; round < 20; round++) {
    const shown = aWindow(random, extent, 0.01);
    assert.equal(endedBy(data, shown.fromUs), by(shown.fromUs));
    const columns = 64;
    const widthUs = (shown.toUs - shown.fromUs) / columns;
    const exact = endedOver(data, shown, columns, rowsInWindow(data, shown, data.rows));
    for (let i = 0; i < columns; i++) {
      const fromUs = shown.fromUs + i * widthUs;
      // The mean over a column: each end counts from its instant on.
      const parts = ends.map(end => Math.min(1, Math.max(0, (fromUs + widthUs - end) / widthUs)));
      const mean = parts.reduce((sum, part) => sum + part, 0);
      assert.ok(Math.abs((exact[i] as number) - mean) < 1e-6, `column ${i}: ${exact[i]}, not ${mean}`);
    }
    for (const [i, count] of endedOver(data, shown, columns, null).entries())
      assert.ok(Math.abs(count - (exact[i] as number)) < 1e-6, `column ${i} of all rows`);
    const table = new EndedTable(data, extent);
    if (table.isTooCoarseFor(shown, columns)) continue;
    const fineUs = extent.toUs / tableColumns(data.rows);
    for (const [i, count] of table.over(shown, columns).entries()) {
      const fromUs = shown.fromUs + i * widthUs;
      assert.ok(count >= by(fromUs - fineUs) && count <= by(fromUs + widthUs + fineUs), `column ${i}`);
    }
  }
});
