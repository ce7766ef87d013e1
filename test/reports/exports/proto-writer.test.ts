import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProtoWriter } from '../../../src/reports/exports/proto-writer.ts';

function written(write: (writer: ProtoWriter) => void): Buffer {
  const pieces: Uint8Array[] = [];
  const writer = new ProtoWriter(piece => pieces.push(piece));
  write(writer);
  writer.flush();
  return Buffer.concat(pieces);
}

const hex = (write: (writer: ProtoWriter) => void): string => written(write).toString('hex');

test("numbers as the format's own examples have them, up to the largest whole ones", () => {
  assert.equal(
    hex(writer => writer.number(1, 150)),
    '089601',
  );
  const cases: readonly (readonly [number, string])[] = [
    ...([
      [0, '00'],
      [127, '7f'],
      [128, '8001'],
      [16_383, 'ff7f'],
      [16_384, '808001'],
    ] as const),
    ...([
      [2 ** 32, '8080808010'],
      [2 ** 53 - 1, 'ffffffffffffff0f'],
    ] as const),
  ];
  for (const [value, bytes] of cases)
    assert.equal(
      hex(writer => writer.number(2, value)),
      `10${bytes}`,
    );
  assert.equal(
    hex(writer => writer.number(100, 1)),
    'a00601',
  );
});

test('eight bytes, the lowest first', () => {
  assert.equal(
    hex(writer => writer.fixed64(1, 2 ** 40 + 5)),
    '090500000000010000',
  );
  assert.equal(
    hex(writer => writer.double(1, -0.5)),
    '09000000000000e0bf',
  );
});

test('text, and messages in messages, of every length around a border', () => {
  assert.equal(
    hex(writer => writer.text(2, 'testing')),
    '120774657374696e67',
  );
  for (const length of [0, 1, 127, 128, 129, 16_383, 16_384, 70_000, 300_000]) {
    const text = '\u20ac'.repeat(length);
    const inner = Buffer.from(text);
    const bytes = written(writer => {
      writer.open(1).text(1, text).number(2, 7).close();
    });
    const field = Buffer.concat([Buffer.from([0x0a]), varint(inner.length), inner, Buffer.from([0x10, 7])]);
    assert.ok(bytes.equals(Buffer.concat([Buffer.from([0x0a]), varint(field.length), field])), `${length}`);
  }
});

test('half a surrogate pair is written as the sign for an unknown character', () => {
  assert.equal(
    hex(writer => writer.text(1, 'a\ud800b')),
    '0a0561efbfbd62',
  );
});

test('pieces are handed on between messages, and nothing is lost', () => {
  const pieces: number[] = [];
  const writer = new ProtoWriter(piece => pieces.push(piece.length));
  for (let i = 0; i < 10_000; i++) writer.open(1).text(1, 'x'.repeat(100)).close();
  writer.flush();
  assert.ok(pieces.length > 10);
  assert.equal(
    pieces.reduce((sum, length) => sum + length, 0),
    10_000 * 104,
  );
});

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}
