// The checksum of a line: the same in text and in bytes, and no byte can change without its being seen.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 as zlibCrc32 } from 'node:zlib';
import { isSealed, isSealedText, SEAL_BYTES, sealed, sealedEnd, sealInto } from '../../src/trace/seal.ts';
import { isTakenBack, MARK_BYTES, markRange } from '../../src/trace/taken-back.ts';

const LINES = ['{"index":0}', '{"url":"http://h/\u00e9\u20ac\u{1f600}","crc":"00000000"}'];

test('bytes and text are sealed alike, and anybody can check the sum', () => {
  for (const line of LINES) {
    const text = sealed(line);
    const memory = Buffer.alloc(200);
    const from = 7;
    const to = sealInto(memory, from, from + memory.write(line, from));
    assert.equal(memory.toString('utf8', from, to), text);
    assert.ok(isSealed(memory, from, to));
    assert.ok(isSealedText(text));
    const [, body = '', sum] = /^(.*),"crc":"([0-9a-f]{8})"\}$/s.exec(text) ?? [];
    assert.equal(zlibCrc32(body).toString(16).padStart(8, '0'), sum);
    assert.deepEqual(Object.keys(JSON.parse(text)).at(-1), 'crc');
  }
});

test('J05: no byte of a sealed line can be another one', () => {
  const bytes = Buffer.from(sealed('{"index":0,"id":null,"url":"http://h/"}'));
  for (let at = 0; at < bytes.length; at++) {
    for (let flip = 1; flip < 256; flip++) {
      bytes[at] = (bytes[at] as number) ^ flip;
      assert.equal(isSealed(bytes, 0, bytes.length), false, `byte ${at} ^ ${flip}`);
      bytes[at] = (bytes[at] as number) ^ flip;
    }
  }
});

test('a whole line at the front is told from the beginning of one', () => {
  const line = Buffer.from(sealed('{"value":{"a":1,"crc":"12345678"},"b":2}'));
  assert.equal(sealedEnd(line), line.length);
  assert.equal(sealedEnd(Buffer.concat([line, Buffer.from('X{"index":')])), line.length);
  for (let cut = 0; cut < line.length; cut++) assert.equal(sealedEnd(line.subarray(0, cut)), null, `${cut}`);
  assert.equal(SEAL_BYTES, line.length - '{"value":{"a":1,"crc":"12345678"},"b":2'.length);
});

test('a line that was half taken back is told from a damaged one', () => {
  const line = '{"index":12,"id":null}';
  for (let offset = 500; offset < 530; offset++) {
    const { from, to } = markRange(offset);
    assert.ok(to - from >= MARK_BYTES / 2 && to <= MARK_BYTES);
    const sectors = [offset + from, offset + to - 1].map(at => Math.floor(at / 512));
    assert.equal(sectors[0], sectors[1], `${offset}: one sector`);
    const half = Buffer.from(line).fill(0x20, from, to);
    assert.ok(isTakenBack(half, 0, half.length), `${offset}`);
    // From here on, any further sector may be overwritten or not.
    for (const [more, upTo] of [
      [0, MARK_BYTES],
      [0, line.length],
      [MARK_BYTES, line.length],
    ] as const) {
      const further = Buffer.from(half).fill(0x20, more, upTo);
      assert.ok(isTakenBack(further, 0, further.length));
    }
  }
  for (let at = 0; at < MARK_BYTES; at++) {
    const flipped = Buffer.from(line).fill(0x20, at, at + 1);
    assert.equal(isTakenBack(flipped, 0, flipped.length), false);
  }
});
