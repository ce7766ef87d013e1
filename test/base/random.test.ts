import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Random, seededRandom } from '../../src/base/random.ts';

const DRAWS = 100_000;

test('draws are even: chi-squared over 100 cells stays where chance puts it', () => {
  for (const seed of [0, 1, 2, 12_345, 2 ** 32 - 1, 2 ** 40]) {
    const random = seededRandom(seed);
    const cells = new Array<number>(100).fill(0);
    for (let i = 0; i < DRAWS; i++) {
      const draw = random.next();
      assert.ok(draw >= 0 && draw < 1);
      const cell = Math.floor(draw * 100);
      cells[cell] = (cells[cell] ?? 0) + 1;
    }
    const expected = DRAWS / 100;
    const chi = cells.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    assert.ok(chi > 50 && chi < 165, `seed ${seed}: ${chi}`); // 99 degrees of freedom, seeds are fixed
  }
});

test('the same seed gives the same numbers, neighbours give others', () => {
  const take = (seed: number): number[] => {
    const random = seededRandom(seed);
    return Array.from({ length: 8 }, () => random.next());
  };
  assert.deepEqual(take(7), take(7));
  const all = Array.from({ length: 1000 }, (_, seed) => take(seed)[0]);
  assert.equal(new Set(all).size, 1000);
});

test('a split depends on seed and name alone, not on draws made before', () => {
  const one = seededRandom(5);
  const other = seededRandom(5);
  for (let i = 0; i < 10; i++) other.next();
  assert.equal(one.split('jitter').next(), other.split('jitter').next());
  assert.notEqual(one.split('jitter').next(), one.split('arrivals').next());
});

test('splits are independent: no correlation between two purposes, nor between seed and seed', () => {
  const pairs: [Random, Random][] = [
    [seededRandom(9).split('a'), seededRandom(9).split('b')],
    [seededRandom(9).split('a'), seededRandom(10).split('a')],
    [seededRandom(9), seededRandom(9).split('a')],
  ];
  for (const [left, right] of pairs) {
    let sum = 0;
    for (let i = 0; i < DRAWS; i++) sum += (left.next() - 0.5) * (right.next() - 0.5);
    const correlation = (12 * sum) / DRAWS;
    assert.ok(Math.abs(correlation) < 4 / Math.sqrt(DRAWS), `${correlation}`);
  }
});

test('the first draws of the nth generators are even and have nothing to do with their neighbours', () => {
  for (const seed of [0, 1, 2 ** 32 + 1, 2 ** 45]) {
    const root = seededRandom(seed);
    const cells = new Array<number>(100).fill(0);
    const seen = new Set<number>();
    let product = 0;
    let before = 0.5;
    for (let index = 0; index < DRAWS; index++) {
      const draw = root.nth(index).next();
      const cell = Math.floor(draw * 100);
      cells[cell] = (cells[cell] ?? 0) + 1;
      product += (draw - 0.5) * (before - 0.5);
      before = draw;
      seen.add(draw);
    }
    const expected = DRAWS / 100;
    const chi = cells.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    assert.ok(chi > 50 && chi < 165, `seed ${seed}: ${chi}`);
    const correlation = product / DRAWS / (1 / 12);
    assert.ok(Math.abs(correlation) < 0.015, `seed ${seed}: ${correlation}`); // 4.7 standard deviations
    assert.ok(seen.size > DRAWS * 0.999, 'draws hardly ever repeat');
  }
});

test('the nth generator depends on seed and number alone, and splits further', () => {
  const one = seededRandom(5);
  one.next();
  assert.equal(one.nth(3).next(), seededRandom(5).nth(3).next());
  assert.notEqual(one.nth(3).next(), one.nth(2 ** 32 + 3).next());
  assert.notEqual(
    one.nth(3).next(),
    seededRandom(2 ** 32 + 5)
      .nth(3)
      .next(),
  );
  assert.notEqual(one.nth(3).split('a').next(), one.nth(4).split('a').next());
});
