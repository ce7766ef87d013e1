// How busy event loops were, as strips: means are of the time that was measured, and many workers become one strip.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventLoop } from '../../src/model/record.ts';
import { busyText, inColumns, loopStrips, meanBusy } from '../../src/timeline/event-loops.ts';

const MAIN: EventLoop = { of: 'main', everyMs: 20, busy: [0.5, 0, null, 1] };

function worker(number: number, busy: readonly (number | null)[], everyMs = 20): EventLoop {
  return { of: 'thread', worker: number, everyMs, busy };
}

function near(found: readonly (number | null)[], wanted: readonly (number | null)[]): void {
  assert.equal(found.length, wanted.length);
  for (const [place, share] of wanted.entries()) {
    if (share === null) assert.equal(found[place], null);
    else assert.ok(Math.abs((found[place] ?? Number.NaN) - share) < 1e-9, `${place}: ${found}`);
  }
}

test('the mean is over what was measured until the end of the run, and no further', () => {
  assert.equal(meanBusy(MAIN, 80), 0.5);
  assert.equal(meanBusy(MAIN, 60), 0.25);
  assert.equal(meanBusy(MAIN, 70), 0.4);
  assert.equal(meanBusy({ ...MAIN, fromMs: 100 }, 110), 0.5);
  assert.equal(meanBusy({ ...MAIN, fromMs: 100 }, 100), null, 'nothing of it lies within the run');
  assert.equal(meanBusy({ ...MAIN, busy: [null] }, 80), null);
  assert.equal(meanBusy({ ...MAIN, busy: [] }, 80), null);
});

test('shares are spread over other columns by the time that they have in common', () => {
  const strip = { fromMs: 0, everyMs: 20, busy: [0.5, 0, null, 1] };
  near(inColumns(strip, { fromMs: 0, columnMs: 40, columns: 2 }), [0.25, 1]);
  near(inColumns(strip, { fromMs: 0, columnMs: 5, columns: 4 }), [0.5, 0.5, 0.5, 0.5]);
  near(inColumns(strip, { fromMs: 10, columnMs: 20, columns: 3 }), [0.25, 0, 1]);
  near(inColumns({ ...strip, fromMs: 30 }, { fromMs: 0, columnMs: 20, columns: 3 }), [null, 0.5, 0.25]);
  near(inColumns({ ...strip, fromMs: 1e12 }, { fromMs: 0, columnMs: 20, columns: 2 }), [null, null]);
});

test('a strip for each loop, main first, named as people count; one that was never measured is left out', () => {
  const strips = loopStrips([worker(1, [0.02]), worker(0, [1]), worker(2, [null]), MAIN], 80, 8);
  assert.deepEqual(
    strips.map(strip => `${strip.label}: ${busyText(strip)}`),
    ['main: 50 % busy', 'thread 1: 100 % busy', 'thread 2: 2 % busy'],
  );
  const [process] = loopStrips([{ ...worker(3, [0.001]), of: 'process' }], 80, 8);
  assert.equal(process && `${process.label}: ${busyText(process)}`, 'process 4: 0.1 % busy');
});

test('too many workers become one strip of their mean, with the least and the most busy one', () => {
  const loops = [MAIN, worker(0, [0, 0.5]), worker(1, [1, null]), worker(2, [0.5], 40)];
  const strips = loopStrips(loops, 80, 3);
  assert.deepEqual(
    strips.map(strip => `${strip.label}: ${busyText(strip)}`),
    ['main: 50 % busy', 'threads 1–3: 58 % busy, 25–100 %'],
  );
  assert.equal(strips[1]?.everyMs, 40);
  near(strips[1]?.busy ?? [], [(0.25 + 1 + 0.5) / 3]);
  assert.equal(loopStrips(loops, 80, 4).length, 4);
});

test('shares of very different lengths do not make the strip of many workers long', () => {
  const loops = [worker(0, new Array(4096).fill(1), 1e-9), worker(1, [0.5], 9e12), worker(2, [1], 1e-300)];
  const [strip] = loopStrips(loops, 80, 2);
  assert.ok((strip?.busy.length ?? 0) <= 4096);
  assert.deepEqual(strip?.range, { least: 0.5, most: 1 });
});
