// Bytes to lines, wherever the pieces are cut.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RecordLines } from '../../src/trace/record-lines.ts';

const text = 'one\n\nzwölf 🚲\n{"a":"b"}\nrest ö';
const bytes = new TextEncoder().encode(text);

test('the same lines for every cut, also inside of a character', () => {
  for (let size = 1; size <= bytes.length; size++) {
    const lines = new RecordLines();
    const memory = new Uint8Array(size);
    const found: string[] = [];
    for (let at = 0; at < bytes.length; at += size) {
      const piece = bytes.subarray(at, at + size);
      memory.set(piece); // used again for the next piece
      found.push(...lines.push(memory.subarray(0, piece.length)));
    }
    assert.deepEqual([...found, lines.rest()], text.split('\n'), `pieces of ${size}`);
  }
});

test('nothing is nothing', () => {
  const lines = new RecordLines();
  assert.deepEqual([lines.push(new Uint8Array(0)), lines.rest(), lines.rest()], [[], '', '']);
});
