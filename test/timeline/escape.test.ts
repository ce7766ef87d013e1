// Nothing from outside moves the cursor, hides, or turns the text around.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columnsOf, terminalSafe } from '../../src/timeline/escape.ts';

test('harmless text stays as it is', () => {
  for (const text of ['', 'plain', 'Grüße, 你好', 'naïve e\u0301', '🙂'])
    assert.equal(terminalSafe(text), text);
});

test('every control, bidi and zero-width character is shown as an escape', () => {
  const codes = [
    ...Array.from({ length: 32 }, (_, code) => code),
    ...Array.from({ length: 33 }, (_, i) => 0x7f + i),
    0xad,
    0x61c,
    0x180e,
    0x200b,
    0x200c,
    0x200d,
    0x200e,
    0x200f,
    0x2028,
    0x2029,
    0x2060,
    0x2066,
    0xfeff,
    0x202a,
    0x202b,
    0x202c,
    0x202d,
    0x202e,
    0x2069,
    0xfe0f,
    0x034f,
    0x115f,
    0x3164,
    0xfff9,
    0xe0041,
    0xe0100,
    0xe000,
  ];
  for (const code of codes)
    assert.match(
      terminalSafe(`a${String.fromCodePoint(code)}b`),
      /^a\\(x[\da-f]{2}|u[\da-f]{4}|u\{[\da-f]+\}|[nrt])b$/,
      code.toString(16),
    );
  assert.equal(terminalSafe('\ud800'), '\\ud800');
  assert.equal(terminalSafe('x\ny\u001b[31m'), 'x\\ny\\x1b[31m');
});

test('accents do not pile up, and do not land on what stands before', () => {
  assert.equal(terminalSafe(`z${'\u0301'.repeat(4)}`), 'z\u0301\u0301\\u0301\\u0301');
  assert.equal(terminalSafe('\u0301x'), '\\u0301x');
});

test('a cut never exceeds the columns, wide characters counted as two', () => {
  assert.equal(terminalSafe('abcdef', 4), 'abc…');
  assert.equal(terminalSafe('abcd', 4), 'abcd');
  assert.equal(terminalSafe('你好吗', 4), '你…');
  assert.equal(terminalSafe('abcdef', 4, '~'), 'abc~');
  assert.equal(terminalSafe('abc', 0), '');
  for (const text of ['a\u001b'.repeat(20), '你'.repeat(20), 'e\u0301'.repeat(20), 'x'.repeat(1_000_000)])
    for (const columns of [1, 2, 3, 7, 10]) assert.ok(columnsOf(terminalSafe(text, columns)) <= columns);
});
