// The strips beside the rows: who is in which phase, what the server's workers did, where our own code ran.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HttpRequest } from '../../src/model/request.ts';
import type { Settled } from '../../src/model/settled.ts';
import { exactRows, PIECES_MAX } from '../../src/timeline/exact-rows.ts';
import { layOut } from '../../src/timeline/layout.ts';
import { codeRows } from '../../src/timeline/own-code.ts';
import { meanCurve, type PhaseCurve, phaseCurve } from '../../src/timeline/phase-curve.ts';
import { PictureModel } from '../../src/timeline/picture.ts';
import { serverRows } from '../../src/timeline/server-rows.ts';
import { KIND_COUNT, PERMIT, QUEUE, SERVICE } from '../../src/timeline/slices.ts';
import { aSettled, aTry, scene } from '../support/record-lines.ts';

function pictureOf(settled: Iterable<Settled<HttpRequest>>): PictureModel {
  const picture = new PictureModel();
  for (const one of settled) picture.add(one);
  return picture;
}

/** The level at an instant. */
function levelAt({ fromsMs, levels }: PhaseCurve, kind: number, atMs: number): number {
  const step = fromsMs.findLastIndex(fromMs => fromMs <= atMs);
  return step < 0 ? 0 : (levels[step * KIND_COUNT + kind] as number);
}

/** Level × time. */
function areaOf({ fromsMs, levels }: PhaseCurve, kind: number): number {
  let area = 0;
  for (let step = 0; step + 1 < fromsMs.length; step++)
    area +=
      (levels[step * KIND_COUNT + kind] as number) *
      ((fromsMs[step + 1] as number) - (fromsMs[step] as number));
  return area;
}

const NINE = { requests: 9, spread: 0, rttMs: 0, downloadMs: 0 };

test('nine at once on three workers: 3 served and 6, 3, 0 in the queue', () => {
  const curve = phaseCurve(pictureOf(scene(NINE)), null);
  for (const [second, waiting] of [6, 3, 0].entries()) {
    const atMs = second * 1000 + 500;
    assert.deepEqual([levelAt(curve, SERVICE, atMs), levelAt(curve, QUEUE, atMs)], [3, waiting]);
  }
  assert.equal(levelAt(curve, SERVICE, 3001), 0, 'nobody is left at the end');
  assert.deepEqual(curve.peaks, { all: 9, inFlight: 9, waiting: 0 });
});

test('a limit moves the wait to our side', () => {
  const curve = phaseCurve(pictureOf(scene({ ...NINE, limit: 3 })), null);
  assert.deepEqual(
    [500, 1500, 2500].map(atMs => levelAt(curve, PERMIT, atMs)),
    [6, 3, 0],
  );
  assert.deepEqual(curve.peaks, { all: 9, inFlight: 3, waiting: 6 });
  assert.equal(areaOf(curve, QUEUE), 0);
});

test('means of columns keep every area', () => {
  const curve = phaseCurve(pictureOf(scene({ requests: 200, limit: 20, spread: 1 })), null);
  const endMs = curve.fromsMs.at(-1) as number;
  for (const columns of [1, 7, 640]) {
    const means = meanCurve(curve, endMs, columns);
    assert.equal(means.fromsMs.length, columns + 1);
    for (const kind of [PERMIT, QUEUE, SERVICE]) {
      const [exact, mean] = [areaOf(curve, kind), areaOf(means, kind)];
      assert.ok(Math.abs(exact - mean) <= 1e-6 * exact, `${kind}: ${exact} ${mean}`);
    }
    assert.deepEqual(means.peaks, curve.peaks);
  }
});

test('a folded picture has the areas of an exact one, the waiting room included', () => {
  const options = { limit: 40, serverWorkers: 30, serviceMs: 100, spread: 1 };
  const folded = pictureOf(scene({ requests: 6000, ...options }));
  const { endMs } = folded.extent();
  const columns = Math.floor(endMs / (folded.bins?.grid.columnMs ?? 1));
  const { grid } = layOut(folded, { rows: 12, columns, scale: { endMs, atServerMax: 1 } });
  const curve = phaseCurve(folded, grid);
  const areas = [0, 0, 0];
  for (const { tries } of scene({ requests: 6000, ...options }))
    for (const { phasesMs } of tries)
      for (const [i, span] of [phasesMs.permit, phasesMs.queue, phasesMs.service].entries())
        areas[i] = (areas[i] as number) + (span ?? 0);
  for (const [i, kind] of [PERMIT, QUEUE, SERVICE].entries()) {
    const [exact, mean] = [areas[i] as number, areaOf(curve, kind)];
    assert.ok(Math.abs(exact - mean) <= 0.01 * exact, `${kind}: ${exact} ${mean}`);
  }
});

test('rows are exact up to so many pieces; lanes hold no two at once', () => {
  const bounds = { requests: 60, lanes: 40 };
  const few = exactRows(pictureOf(scene({ requests: 60, limit: 8 })), bounds);
  assert.deepEqual([few?.mode, few?.rows.length], ['requests', 60]);
  const lanes = exactRows(pictureOf(scene({ requests: 300, limit: 8 })), bounds);
  assert.deepEqual([lanes?.mode, lanes?.rows.length], ['lanes', 8]);
  for (const { pieces } of lanes?.rows ?? []) {
    const sorted = pieces.toSorted((a, b) => a.fromMs - b.fromMs);
    for (const [i, { fromMs }] of sorted.entries())
      assert.ok(i === 0 || fromMs >= (sorted[i - 1]?.toMs ?? 0) - 1e-6);
  }
  assert.equal(exactRows(pictureOf(scene({ requests: 300, limit: 41 })), bounds), null, 'too many lanes');
  assert.equal(
    exactRows(pictureOf(scene({ requests: PIECES_MAX, limit: 8 })), bounds),
    null,
    'too many pieces',
  );
});

test('the way from an attempt to the next is as long as the wait', () => {
  const first = aTry({ lane: 0, endedMs: 10, outcome: 'http_error', status: 503 });
  const second = aTry({ lane: 1, startedMs: 50, endedMs: 60 });
  const picture = pictureOf([aSettled({ tries: [first, second] })]);
  const rows = exactRows(picture, { requests: 60, lanes: 40 });
  assert.deepEqual(rows?.again, [{ fromRow: 0, fromMs: 10, toRow: 0, toMs: 50, attempt: 2 }]);
  assert.deepEqual(rows?.rows[0]?.endings, [{ atMs: 10, mark: 'retry' }]);
  const lanes = exactRows(picture, { requests: 0, lanes: 40 });
  assert.deepEqual(lanes?.again, [{ fromRow: 0, fromMs: 10, toRow: 1, toMs: 50, attempt: 2 }]);
});

test("the server's workers: all that it has, each with what it served, in the order of their numbers", () => {
  const rows = serverRows(pictureOf(scene({ requests: 2, serverWorkers: 12 })), 16)?.rows ?? [];
  assert.deepEqual(rows.map(({ label }) => label).slice(0, 3), ['worker 1', 'worker 2', 'worker 3']);
  assert.deepEqual([rows.length, rows[11]?.label], [12, 'worker 12']);
  assert.deepEqual(
    rows.map(({ served }) => served?.length),
    [1, 1, ...new Array(10).fill(0)],
  );
  const bundled = serverRows(pictureOf(scene({ requests: 100, serverWorkers: 40 })), 16);
  assert.deepEqual([bundled?.rows[0]?.label, bundled?.rows[0]?.workers], ['workers 1–3', 3]);
  assert.equal(serverRows(pictureOf(scene({ requests: 2, reports: false })), 16), null);
});

test('what was served is the same in rows, in bundles and folded', () => {
  const options = { limit: 30, serverWorkers: 20, serviceMs: 50, spread: 1 };
  for (const requests of [300, 3000]) {
    let expected = 0;
    for (const { tries } of scene({ requests, ...options })) expected += tries[0]?.phasesMs.service ?? 0;
    const rows = serverRows(pictureOf(scene({ requests, ...options })), 16)?.rows ?? [];
    let busy = 0;
    for (const { busyMs } of rows) for (const ms of busyMs ?? []) busy += ms;
    assert.ok(Math.abs(busy - expected) <= 1e-3 * expected, `${requests}: ${busy} ${expected}`);
  }
});

test('a server whose workers have other names keeps a row for those that were never heard of', () => {
  const server = (worker: string) => ({ worker, workers: 4, arrivedMs: 0, doubtMs: 0 });
  const tries = (worker: string) => [
    aTry({ endedMs: 10, phasesMs: { service: 10 }, server: server(worker) }),
  ];
  const picture = pictureOf(
    ['pid 10', 'pid 9'].map((worker, index) => aSettled({ index, tries: tries(worker) })),
  );
  const labels = serverRows(picture, 16)?.rows.map(({ label }) => label);
  assert.deepEqual(labels, ['worker pid 10', 'worker pid 9', 'idle', 'idle']);
});

test('our own code: one strip for a thread however many responses it holds, one each for workers', () => {
  const one = (lane: number, worker?: number) =>
    aTry({
      lane,
      endedMs: 30 + lane * 10,
      phasesMs: { ttfb: 20, handler: 10 + lane * 10 },
      ...(worker !== undefined && { worker }),
    });
  const here = pictureOf([0, 1, 2].map(index => aSettled({ index, tries: [one(index)] })));
  assert.deepEqual(codeRows(here, 'async'), [{ label: 'main thread', spans: [{ fromMs: 20, toMs: 50 }] }]);
  const workers = pictureOf([0, 1].map(index => aSettled({ index, tries: [one(index, index)] })));
  assert.deepEqual(
    codeRows(workers, 'processes').map(({ label }) => label),
    ['process 1', 'process 2'],
  );
  assert.deepEqual(codeRows(pictureOf(scene({ requests: 3 })), 'async'), []);
});

test('what ends in the instant in which another begins was never beside it', () => {
  const tries = [aTry({ startedMs: 10, endedMs: 20, phasesMs: { ttfb: 10 } })];
  const before = [aTry({ endedMs: 10, phasesMs: { ttfb: 10 } })];
  const curve = phaseCurve(pictureOf([aSettled({ tries }), aSettled({ index: 1, tries: before })]), null);
  assert.deepEqual([curve.peaks.inFlight, curve.fromsMs.length], [1, 3]);
});
