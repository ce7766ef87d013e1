// Colours and thickness together tell the phases apart, for everybody; and each stands out from its surface.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HEIGHTS, PALETTES } from '../../src/timeline/looks.ts';
import { SLICE_KINDS } from '../../src/timeline/slices.ts';
import { contrast, difference, seen, VISIONS } from '../support/colour-vision.ts';

test('the measure is the published one', () => {
  const pairs: [[number, number, number], [number, number, number], number][] = [
    [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
    [[50, 2.5, 0], [73, 25, -18], 27.1492],
    [[50, 2.5, 0], [50, 0, -2.5], 4.3065],
    [[2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082],
    [[60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644],
  ];
  for (const [a, b, expected] of pairs)
    assert.ok(Math.abs(difference(a, b) - expected) < 1e-4, String(expected));
  assert.ok(Math.abs(contrast('#000000', '#ffffff') - 21) < 1e-9);
});

for (const [name, colours] of Object.entries(PALETTES)) {
  test(`${name}: phases that can meet differ in colour or in thickness, whatever the eyes`, () => {
    for (const vision of Object.keys(VISIONS)) {
      for (const [i, one] of SLICE_KINDS.entries()) {
        for (const other of SLICE_KINDS.slice(i + 1)) {
          const apart = difference(seen(colours.kinds[one], vision), seen(colours.kinds[other], vision));
          const thickness = Math.abs(HEIGHTS[one] - HEIGHTS[other]);
          const isThicker = thickness / Math.max(HEIGHTS[one], HEIGHTS[other]) >= 0.2 - 1e-9;
          assert.ok(apart >= 10 || isThicker, `${one} and ${other}, ${vision}: ${apart.toFixed(1)}`);
        }
      }
    }
  });

  test(`${name}: contrast with the surface is 3 for shapes and 4.5 for words`, () => {
    for (const colour of [...Object.values(colours.kinds), colours.error, colours.axis, colours.capacity])
      assert.ok(contrast(colour, colours.surface) >= 3, colour);
    for (const colour of [colours.text, colours.muted])
      assert.ok(contrast(colour, colours.surface) >= 4.5, colour);
    assert.ok(contrast(colours.text, colours.grid) >= 4.5, 'words on a chip');
  });
}
