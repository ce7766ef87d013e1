import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editDistance, nearest } from '../../src/base/nearest.ts';

test('the edit distance counts letters changed, and a swap of neighbours as one', () => {
  const cases: [string, string, number][] = [
    ['', '', 0],
    ['abc', '', 3],
    ['abc', 'abc', 0],
    ['abc', 'abd', 1],
    ['abc', 'acb', 1],
    ['abc', 'xabc', 1],
    ['kitten', 'sitting', 3],
  ];
  for (const [from, to, distance] of cases) {
    assert.equal(editDistance(from, to), distance, `${from} ${to}`);
    assert.equal(editDistance(to, from), distance, `${to} ${from}`);
  }
  assert.equal(editDistance('x'.repeat(100_000), 'y'), Number.POSITIVE_INFINITY);
});

test('only a word that is really near is suggested', () => {
  const commands = ['fetch', 'serve', 'compare', 'simulate'];
  assert.equal(nearest('fecth', commands), 'fetch');
  assert.equal(nearest('server', commands), 'serve');
  assert.equal(nearest('simu', commands), 'simulate');
  assert.equal(nearest('zzz', commands), undefined);
});
