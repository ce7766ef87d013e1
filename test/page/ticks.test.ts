// The ruler of time: every label is exactly where it says, however far the page is zoomed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timeTicks } from '../../src/page/ticks.ts';

const US: Readonly<Record<string, number>> = { µs: 1, ms: 1000, s: 1e6, min: 6e7, h: 3.6e9 };

test('labels are exact and evenly spread, from four microseconds to ten days', () => {
  for (let width = 4; width < 1e12; width *= 1.37) {
    const ticks = timeTicks({ fromUs: 0, toUs: width }, 8);
    assert.ok(ticks.length >= 2 && ticks.length <= 9, `${ticks.length} ticks over ${width} µs`);
    for (const { us, label } of ticks.slice(1)) {
      const [value = '', unit = ''] = label.split(' ');
      assert.ok(Math.abs(Number(value) * (US[unit] ?? Number.NaN) - us) < us * 1e-9, `${label} at ${us} µs`);
    }
  }
});

test('eight minutes are told in whole minutes', () => {
  const labels = timeTicks({ fromUs: 0, toUs: 8.4 * 6e7 }, 6).map(({ label }) => label);
  assert.deepEqual(labels, ['0', '2 min', '4 min', '6 min', '8 min']);
});

test('far from the start, labels tell the way from the left edge', () => {
  const labels = timeTicks({ fromUs: 60e6, toUs: 60e6 + 500 }, 6).map(({ label }) => label);
  assert.deepEqual(labels.slice(0, 3), ['60 s', '+100 µs', '+200 µs']);
});
