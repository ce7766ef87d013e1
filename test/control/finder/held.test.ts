// What is held at once by Little's law, and how far times may have grown.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Held } from '../../../src/control/finder/held.ts';
import { Renewal } from '../../../src/control/finder/renewal.ts';

/** Rounds of a server of 20 that takes 100 ms, the first of them with nobody in line. */
function rounds(levels: readonly number[], workers = 20, serviceMs = 100): Held {
  const held = new Held();
  for (const level of [12, ...levels]) {
    const tookMs = serviceMs * Math.max(1, level / workers);
    for (let i = 0; i < level; i++) held.note(level, tookMs);
    held.endRound(level, tookMs);
  }
  return held;
}

describe('what is held at once', () => {
  const full = new Array<number>(12).fill(20);

  test('is kept where fewer prove it, as long as the pace is the same', () => {
    const kept = rounds(full).kept(20, 14, 0.1);
    assert.ok(Math.abs(kept - 0.96 * 20) < 0.01, `${kept}`);
    assert.equal(rounds(full).kept(18, 14, 0.1), 18, 'not more than was known');
  });

  test('comes back to what was known lately, where the pace tells so much that chance does not', () => {
    const held = rounds(full);
    held.kept(19, 19, 0.01);
    const kept = held.kept(15, 12, 0.01);
    assert.ok(kept > 18.5 && kept <= 19, `${kept}`);
    held.kept(15, 12, 1);
    assert.ok(held.kept(15, 12, 1) < 17, 'where requests differ much, that is chance');
  });

  test('does not count those who stand in line', () => {
    const kept = rounds(new Array(12).fill(40)).kept(40, 14, 0.1);
    assert.ok(Math.abs(kept - 0.96 * 20) < 0.1, `${kept}`);
  });

  test('is what is proved where more is proved, where little is known, and at small servers', () => {
    assert.equal(rounds([20]).kept(20, 25, 0.1), 25);
    assert.equal(new Held().kept(20, 14, 0.1), 14);
    assert.equal(rounds([20]).kept(5, 4, 0.1), 4);
    assert.equal(rounds(full).kept(10, 8, 0.1), 8, 'none was sent at such a level');
  });

  test('falls with the pace in the round in which the server loses half of its workers', () => {
    const held = rounds(full);
    for (let i = 0; i < 20; i++) held.note(20, 200);
    held.endRound(20, 200);
    const kept = held.kept(20, 9, 0.1);
    assert.ok(kept < 10.5, `${kept}`);
  });

  test('a round in which nothing was served, or that took no time, tells nothing', () => {
    const held = rounds(full);
    held.endRound(0, 100);
    assert.equal(held.kept(20, 14, 0.1), 14);
    held.endRound(5, 0);
    assert.equal(held.kept(20, 14, 0.1), 14);
  });
});

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
