import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeyInput } from '../../../src/cli/terminal/key-input.ts';

/** Keys as they are, an answer about the cursor as its column. */
function told(...pieces: readonly string[]): string[] {
  const input = new KeyInput();
  return pieces
    .flatMap(piece => input.push(piece))
    .map(one => (one.kind === 'key' ? one.key : `column ${one.column}`));
}

test('only what was typed is a key', () => {
  assert.deepEqual(told('q'), ['q']);
  assert.deepEqual(told('pl', 's?'), ['p', 'l', 's', '?']);
  assert.deepEqual(told('\x1b[A', '\x1bOq', '\x1b[1;5D', '\x1b[I'), [], 'arrows, function keys, focus');
  assert.deepEqual(told('\x1b[200~q\x1b[201~'), ['q'], 'the brackets of a paste are none');
  assert.deepEqual(told('\x1bq'), [], 'a key with Alt is another key');
  assert.deepEqual(told('\x1b', 'q'), ['q'], 'the key Escape, then q');
  assert.deepEqual(told('\x1b]11;rgb:q/q/q\x07p', '\x1bPq\x1b\\l'), ['p', 'l'], 'texts of the terminal');
  assert.deepEqual(told(`\x1b[${'1;'.repeat(1000)}qp`), ['p'], 'a sequence without end');
});

test('where the cursor stands is told wherever the answer is cut', () => {
  const answer = '\x1b[12;3R';
  assert.deepEqual(told(`a${answer}b`), ['a', 'column 3', 'b']);
  for (let cut = 2; cut < answer.length; cut++)
    assert.deepEqual(told(`a${answer.slice(0, cut)}`, `${answer.slice(cut)}b`), ['a', 'column 3', 'b']);
  assert.deepEqual(told('\x1b[R', '\x1b[1R', '\x1b[1;2;3R', '\x1b[?1;2R'), [], 'no answers to our question');
});
