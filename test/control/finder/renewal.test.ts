// How far times may have grown.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Renewal } from '../../../src/control/finder/renewal.ts';

describe('by what factor times may have grown', () => {
  /** After 40 rounds of `before` each, and as many of `after`. */
  const growthOf = (before: number, after: number, variation = 0.1): number => {
    const renewal = new Renewal();
    for (let i = 0; i < 40; i++) renewal.endRound(before, 100);
    renewal.renewed(renewal.growth(variation), 1);
    for (let i = 0; i < 120; i++) renewal.endRound(after, 100);
    return renewal.growth(variation);
  };

  test('not at all where as many leave as before: a line makes them grow as well', () => {
    assert.equal(growthOf(20, 20), 1);
    assert.equal(growthOf(20, 19), 1, 'by chance');
    assert.equal(growthOf(3, 2, 1), 1, 'by chance, where few leave and requests differ much');
  });

  test('by as much as fewer leave', () => {
    const growth = growthOf(20, 10);
    assert.ok(Math.abs(growth - 2) < 0.01, `${growth}`);
    assert.ok(Math.abs(growthOf(10, 20) - 0.5) < 0.01, 'more leave');
  });

  test('once: what they have grown by is not granted again', () => {
    const renewal = new Renewal();
    const renew = (served: number, grown: number): number => {
      for (let i = 0; i < 120; i++) renewal.endRound(served, 100);
      const growth = renewal.growth(0.1);
      renewal.renewed(growth, grown);
      return growth;
    };
    const growths = [renew(20, 1), renew(10, 2), renew(10, 2), renew(5, 1.5), renew(5, 1.5)];
    assert.deepEqual(
      growths.map(growth => growth.toFixed(1)),
      ['1.0', '2.0', '1.0', '2.0', '1.3'],
    );
  });
});
