import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LINE_BYTES_MAX, LineSplitter, TOO_LONG } from '../../src/input/split-lines.ts';

const encoder = new TextEncoder();

/** The lines of `text` when it comes in pieces of `pieceBytes`, always in the same reused memory. */
function splitBy(text: string, pieceBytes: number): (string | null)[] {
  const bytes = encoder.encode(text);
  const memory = new Uint8Array(pieceBytes);
  const splitter = new LineSplitter();
  const lines: (string | null)[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const piece = bytes.subarray(at, at + pieceBytes);
    memory.set(piece);
    lines.push(...splitter.push(memory.subarray(0, piece.length)));
  }
  return [...lines, ...splitter.end()];
}

test('lines are the same however the bytes are cut', () => {
  const text = '\ufefffirst\n\nünï € 🚲\r\n\ufeffnot a mark\nlast';
  for (let pieceBytes = 1; pieceBytes <= encoder.encode(text).length; pieceBytes++) {
    assert.deepEqual(splitBy(text, pieceBytes), ['first', '', 'ünï € 🚲\r', '\ufeffnot a mark', 'last']);
  }
});

test('no line follows a final line feed, and none comes from nothing', () => {
  assert.deepEqual(splitBy('a\nb\n', 3), ['a', 'b']);
  assert.deepEqual(splitBy('', 3), []);
});

test('a line over the bound is one TOO_LONG, wherever it stands, and its neighbours survive', () => {
  const long = 'x'.repeat(LINE_BYTES_MAX + 1);
  const longest = 'x'.repeat(LINE_BYTES_MAX);
  for (const pieceBytes of [1000, 65_536, LINE_BYTES_MAX, 4 * LINE_BYTES_MAX]) {
    assert.deepEqual(splitBy(`a\n${long}\nb\n${longest}\nc`, pieceBytes), ['a', TOO_LONG, 'b', longest, 'c']);
    assert.deepEqual(splitBy(`${long}\n`, pieceBytes), [TOO_LONG]);
    assert.deepEqual(splitBy(long, pieceBytes), [TOO_LONG]);
  }
});

test('L03: an endless line is not kept', () => {
  const splitter = new LineSplitter();
  const chunk = new Uint8Array(65_536).fill(97);
  const before = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < 2000; i++) assert.deepEqual(splitter.push(chunk), []); // 131 MB
  assert.ok(process.memoryUsage().arrayBuffers - before < 16 * 1024 ** 2);
  assert.deepEqual(splitter.push(encoder.encode('\nnext\n')), [TOO_LONG, 'next']);
});
