// Which of several runs has the least of a figure, in words.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Attempts, type WindowFacts, windowFacts } from '../../src/timeline/large/facts.ts';
import { Pieces } from '../../src/timeline/large/pieces.ts';
import { winnersText } from '../../src/timeline/large/winners.ts';
import { sceneLines } from '../support/html-report.ts';
import { gathered } from '../support/plain-spans.ts';
import { failedTry, type SceneOptions } from '../support/record-lines.ts';

function factsOf(options: SceneOptions): WindowFacts {
  const data = gathered(sceneLines(options));
  const pieces = new Pieces(data);
  return windowFacts(pieces, new Attempts(data), { window: pieces.extent, rows: null, mask: null });
}

test('the least is named with its value, and the most with how many times that is', () => {
  const all = { name: 'async', facts: factsOf({ requests: 9, spread: 0 }) };
  const few = { name: 'semaphore 3', facts: factsOf({ requests: 9, limit: 3, spread: 0 }) };
  assert.deepEqual(winnersText([all, few]), [
    'On the wire p50: least in semaphore 3, 1 s; async 2 s, 2.00×.',
    'On the wire p95: least in semaphore 3, 1 s; async 3 s, 2.99×.',
  ]);
});

test('failures are compared as counts; nothing is said of one run, or of runs that are alike', () => {
  const facts = factsOf({ requests: 9, limit: 3 });
  const ending = (index: number) => (index === 4 ? failedTry('network_error', {}) : undefined);
  const failing = factsOf({ requests: 9, limit: 3, ending });
  assert.deepEqual(winnersText([{ name: 'a', facts }]), []);
  assert.deepEqual(
    winnersText([
      { name: 'a', facts },
      { name: 'b', facts },
    ]),
    [],
  );
  const told = winnersText([
    { name: 'a', facts: failing },
    { name: 'b', facts },
  ]);
  assert.equal(told.at(-1), 'Failures: none in b, 1 in a.');
});
