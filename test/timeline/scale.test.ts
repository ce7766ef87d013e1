// Axes of every length.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axisTicks, sharedScale } from '../../src/timeline/scale.ts';

test('ticks step by 1, 2 or 5 in one unit', () => {
  assert.deepEqual(
    axisTicks(3070, 60).map(tick => tick.label),
    ['0', '0.5 s', '1 s', '1.5 s', '2 s', '2.5 s', '3 s'],
  );
  assert.deepEqual(
    axisTicks(3070, 60).map(tick => tick.column),
    [0, 10, 20, 29, 39, 49, 59],
  );
});

test('labels never touch and never pass the edge by more than the room there is', () => {
  for (let power = -4; power < 9; power += 0.37) {
    for (const columns of [4, 10, 21, 51, 170]) {
      const ticks = axisTicks(10 ** power, columns);
      assert.equal(ticks[0]?.label, '0');
      for (const [i, tick] of ticks.entries()) {
        const next = ticks[i + 1];
        if (next) assert.ok(tick.column + tick.label.length < next.column);
        assert.ok(tick.column <= columns);
        assert.doesNotMatch(tick.label, /e|\d{7}/);
      }
    }
  }
});

test('a shared scale holds the longest and the highest, and is never empty', () => {
  const scale = sharedScale([
    { endMs: 5, atServerMax: 3 },
    { endMs: 2, atServerMax: 9 },
  ]);
  assert.deepEqual(scale, { endMs: 5, atServerMax: 9 });
  assert.deepEqual(sharedScale([]), { endMs: 1, atServerMax: 1 });
});
