// What is drawn of many attempts, held against plain sums: curves and shares against integrals over every span, lines
// of pixels against a raster that asks for each pixel what lies there, facts and percentiles against a sort.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../src/base/random.ts';
import { LaneTable } from '../../src/timeline/large/lane-table.ts';
import { addRows, LevelTable, Ramps } from '../../src/timeline/large/levels.ts';
import { PREVIEW_COLUMNS, packPreview, unpackPreview } from '../../src/timeline/large/preview.ts';
import { type Bitmap, drawLine, drawShares, inksOf } from '../../src/timeline/large/raster.ts';
import { HEIGHTS, PALETTES } from '../../src/timeline/looks.ts';
import { IN_FLIGHT, KIND_COUNT, SLICE_KINDS } from '../../src/timeline/slices.ts';
import { aWindow, modelled, overlapUs, plainSpans } from '../support/plain-spans.ts';

const INKS = inksOf(PALETTES.light);

test('levels over any window are the integrals of the spans', () => {
  const pieces = modelled({ requests: 400 });
  const spans = plainSpans(pieces);
  const random = seededRandom(1);
  for (let round = 0; round < 20; round++) {
    const shown = aWindow(random, pieces.extent);
    const columns = 50;
    const ramps = new Ramps(shown, columns);
    addRows(ramps, pieces, null, null);
    const width = (shown.toUs - shown.fromUs) / columns;
    for (let kind = 0; kind < KIND_COUNT; kind++) {
      const levels = ramps.levels(kind);
      for (let column = 0; column < columns; column++) {
        const from = shown.fromUs + column * width;
        let us = 0;
        for (const span of spans) if (span.kind === kind) us += overlapUs(span, from, from + width);
        assert.ok(Math.abs((levels[column] as number) - us / width) < 1e-6, `${kind} ${column}`);
      }
    }
  }
});

test('the table of levels is exact wherever its borders lie, and says when it is too coarse', () => {
  const pieces = modelled({ requests: 400 });
  const spans = plainSpans(pieces);
  const table = new LevelTable(pieces, null);
  const columnUs = pieces.extent.toUs / table.columns;
  const shown = { fromUs: columnUs * 100, toUs: columnUs * 900 };
  const levels = table.levels(4, shown, 100);
  for (let column = 0; column < 100; column++) {
    const from = shown.fromUs + column * columnUs * 8;
    let us = 0;
    for (const span of spans) if (span.kind === 4) us += overlapUs(span, from, from + columnUs * 8);
    assert.ok(Math.abs((levels[column] as number) - us / (columnUs * 8)) < 1e-6);
  }
  assert.ok(!table.isTooCoarseFor(shown, 100));
  assert.ok(table.isTooCoarseFor({ fromUs: 0, toUs: columnUs * 100 }, 100));
});

test('shares of lanes and of bundles are within 1/128 of the integrals', () => {
  for (const lanesPerGroup of [1, 5]) {
    const pieces = modelled({ requests: 5000 });
    const spans = plainSpans(pieces);
    const table = new LaneTable(pieces, lanesPerGroup, null);
    const random = seededRandom(3);
    for (let round = 0; round < 12; round++) {
      const columns = 60;
      const shown = aWindow(random, pieces.extent, 0.3);
      const borders = table.borders(shown, columns);
      const tableUs = pieces.extent.toUs / table.columns;
      for (let group = 0; group < table.groups; group++) {
        const lanes = table.lanesOf(group, pieces.data.lanes.length);
        const own = spans.filter(({ lane }) => Math.floor(lane / lanesPerGroup) === group);
        for (let column = 0; column < columns; column += 7) {
          const [from, to] = [borders[column] as number, borders[column + 1] as number];
          for (const kind of IN_FLIGHT) {
            const sums = table.sums[kind];
            if (!sums) continue;
            const base = group * (table.columns + 1);
            const ticks = (sums[base + to] as number) - (sums[base + from] as number);
            const share = ticks / ((to - from) * table.ticksPerColumn * lanes);
            let us = 0;
            for (const span of own)
              if (span.kind === kind) us += overlapUs(span, from * tableUs, to * tableUs);
            assert.ok(Math.abs(share - us / ((to - from) * tableUs * lanes)) <= 1 / 128, `${share}`);
          }
        }
      }
    }
  }
});

test('columns of pixels stack those shares, and nothing is higher than its row', () => {
  const pieces = modelled({ requests: 5000 });
  const table = new LaneTable(pieces, 1, null);
  const bitmap: Bitmap = { pixels: new Uint32Array(200 * 40), width: 200, height: 40 };
  bitmap.pixels.fill(INKS.surface);
  const borders = table.borders(pieces.extent, 200);
  drawShares(
    bitmap,
    { top: 4, height: 30 },
    { ...{ table, matching: null, group: 2, lanes: 12, borders, inks: INKS } },
  );
  const allowed = new Set<number>([INKS.surface, INKS.error, ...INKS.kinds]);
  for (const pixel of bitmap.pixels)
    assert.ok(allowed.has(pixel), 'every colour is in the legend: none is a mean');
  for (let column = 0; column < 200; column++) {
    const [from, to] = [borders[column] as number, borders[column + 1] as number];
    const base = 2 * (table.columns + 1);
    const sums = table.sums[4] as Uint32Array;
    const share =
      ((sums[base + to] as number) - (sums[base + from] as number)) / ((to - from) * table.ticksPerColumn);
    let drawn = 0;
    for (let y = 0; y < 40; y++) if (bitmap.pixels[y * 200 + column] === INKS.kinds[4]) drawn++;
    assert.ok(Math.abs(drawn - share * 30) <= 1.01, `${drawn} of ${share * 30}`);
    for (const y of [0, 1, 2, 3, 34, 35]) assert.equal(bitmap.pixels[y * 200 + column], INKS.surface);
  }
});

test('lines of pixels are those of a raster that asks for each pixel what lies there', () => {
  const pieces = modelled({ requests: 600, lanes: 4, workers: 3, failing: -1, retried: 0 });
  const spans = plainSpans(pieces).filter(({ kind }) => kind !== 0);
  const random = seededRandom(9);
  const [width, height] = [300, 20];
  let wrong = 0;
  let all = 0;
  for (let round = 0; round < 50; round++) {
    const shown = aWindow(random, pieces.extent, 0.005);
    const lane = Math.floor(random.next() * 4);
    const bitmap: Bitmap = { pixels: new Uint32Array(width * height).fill(INKS.surface), width, height };
    const line = new Uint8Array(width);
    drawLine(bitmap, { top: 0, height }, { pieces, lane, window: shown, mask: null, inks: INKS, line });
    const perPx = (shown.toUs - shown.fromUs) / width;
    const own = spans.filter(
      span => span.lane === lane && span.toUs > shown.fromUs && span.fromUs < shown.toUs,
    );
    for (let x = 0; x < width; x++) {
      const us = shown.fromUs + (x + 0.5) * perPx;
      const there = own.find(span => span.fromUs <= us && us < span.toUs);
      const next = us + perPx;
      const isGap = there !== undefined && next >= there.toUs && there.toUs - there.fromUs > 3 * perPx;
      for (let y = 0; y < height; y++) {
        const kind = there === undefined ? -1 : there.kind;
        const stands = kind >= 0 && (height - y - 0.5) / height <= HEIGHTS[SLICE_KINDS[kind] as 'service'];
        const expected = stands ? (INKS.kinds[kind] as number) : INKS.surface;
        const drawn = bitmap.pixels[y * width + x];
        all++;
        if (drawn !== expected && !(isGap && drawn === INKS.surface)) wrong++;
      }
    }
  }
  assert.ok(wrong / all <= 0.001, `${wrong} of ${all} pixels differ`);
});

test('one failure among 200 000 is at least two red pixels, whole run in sight, with lanes and with bundles', () => {
  const pieces = modelled({ requests: 200_000, lanes: 64, workers: 48, retried: 0, failing: 123_456 });
  for (const [lanesPerGroup, height] of [
    [1, 3],
    [8, 20],
  ] as const) {
    const table = new LaneTable(pieces, lanesPerGroup, null);
    let red = 0;
    for (let group = 0; group < table.groups; group++) {
      const bitmap: Bitmap = { pixels: new Uint32Array(900 * height).fill(INKS.surface), width: 900, height };
      const borders = table.borders(pieces.extent, 900);
      drawShares(
        bitmap,
        { top: 0, height },
        { ...{ table, matching: null, group, lanes: 64, borders, inks: INKS } },
      );
      for (const pixel of bitmap.pixels) if (pixel === INKS.error) red++;
    }
    assert.ok(red >= 2, `${red} red pixels`);
  }
  const { failed } = unpackPreview(packPreview(pieces));
  assert.equal(failed.length, PREVIEW_COLUMNS);
  assert.deepEqual(
    Array.from(failed).filter(count => count > 0),
    [1],
  );
});
