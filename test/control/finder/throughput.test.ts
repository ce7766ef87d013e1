// What throughput tells: windows that end with a wave, and the capacity that suits them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Throughput } from '../../../src/control/finder/throughput.ts';
import { type WindowSum, Windows } from '../../../src/control/finder/windows.ts';

describe('windows', () => {
  test('a server that answers in waves of eight: each window is a wave', () => {
    const sums: WindowSum[] = [];
    const windows = new Windows(sum => sums.push(sum));
    for (let i = 1; i <= 8; i++) windows.changed(0, i, 10);
    for (let wave = 1; wave <= 5; wave++) {
      for (let i = 0; i < 8; i++) {
        windows.changed(1000 * wave + i * 0.1, 7, 10);
        windows.served();
        windows.changed(1000 * wave + i * 0.1, 8, 10);
      }
    }
    const last = sums.at(-1) as WindowSum;
    assert.equal(last.ends, 8);
    assert.ok(Math.abs(last.ms - 1000) < 2);
    assert.ok(Math.abs((last.level * last.ms) / last.ends - 1000) < 2, 'Little: in flight × time / ends');
  });

  test('while starts are held up nothing is measured, nor just after', () => {
    const sums: WindowSum[] = [];
    const windows = new Windows(sum => sums.push(sum));
    windows.changed(0, 1, 0);
    windows.spoil();
    for (let i = 1; i <= 4; i++) {
      windows.changed(i * 100, 0, 0);
      windows.served();
      windows.changed(i * 100, 1, 0);
    }
    assert.equal(sums.length, 0);
    for (let i = 5; i <= 12; i++) {
      windows.changed(i * 100, 0, 0);
      windows.served();
      windows.changed(i * 100, 1, 0);
    }
    assert.ok(sums.length > 0);
  });
});

describe('the capacity that suits the throughput', () => {
  const windowAt = (level: number, capacity: number, aloneMs: number, ends: number): WindowSum => ({
    level,
    ends,
    ms: (ends / level) * aloneMs * Math.max(1, level / capacity),
    worth: 1,
  });

  test('one level says nothing', () => {
    const throughput = new Throughput();
    throughput.add(windowAt(4, 6, 100, 20));
    assert.equal(throughput.fit(1), null);
  });

  test('no level above it: it has no upper end', () => {
    const throughput = new Throughput();
    for (const level of [2, 4, 8]) throughput.add(windowAt(level, 100, 100, 40));
    assert.equal(throughput.fit(2)?.upper, Number.POSITIVE_INFINITY);
  });

  for (const capacity of [2, 6, 40]) {
    test(`of ${capacity}, from half of it to three times`, () => {
      const throughput = new Throughput();
      for (const part of [0.5, 0.8, 1.5, 3]) throughput.add(windowAt(part * capacity, capacity, 100, 60));
      throughput.noteLatencies(50, 50 * 100, 50 * 100 * 100);
      const fit = throughput.fit(2);
      assert.ok(fit);
      assert.ok(Math.abs(fit.capacity - capacity) <= 0.06 * capacity, `${fit.capacity}`);
      assert.ok(fit.lower <= capacity && fit.upper >= capacity && fit.upper < 2.9 * capacity);
      assert.ok(Math.abs(fit.aloneMs - 100) < 8);
    });
  }

  test('the more requests differ in what they cost, the less is ruled out', () => {
    const widths = [0, 3].map(factor => {
      const throughput = new Throughput();
      for (const level of [3, 12]) throughput.add(windowAt(level, 6, 100, 30));
      throughput.noteLatencies(200, 200 * 100, 200 * 100 * 100 * (1 + factor));
      const fit = throughput.fit(1);
      return fit ? fit.upper - fit.lower : 0;
    });
    assert.ok((widths[1] as number) > (widths[0] as number), `${widths}`);
  });

  test('numbers that are none are left out', () => {
    const throughput = new Throughput();
    throughput.add({ level: Number.NaN, ends: 4, ms: 10, worth: 1 });
    throughput.add({ level: 3, ends: 0, ms: 10, worth: 1 });
    throughput.add({ level: 3, ends: 4, ms: 0, worth: 1 });
    assert.equal(throughput.fit(1), null);
  });
});
