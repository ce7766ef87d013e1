// The checksum against the values of the standard, against a plain reckoning bit by bit, and cut in two.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from '../../src/base/crc32.ts';
import { seededRandom } from '../../src/base/random.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const whole = (bytes: Uint8Array): number => crc32(bytes, 0, bytes.length) >>> 0;

/** As the standard words it: a bit at a time. */
function plain(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return ~sum >>> 0;
}

test('known values: the check of the standard, nothing, and a byte', () => {
  assert.equal(whole(bytesOf('123456789')), 0xcbf43926);
  assert.equal(whole(bytesOf('')), 0);
  assert.equal(whole(bytesOf('a')), 0xe8b7be43);
});

test('any length at any place is what the plain reckoning gives, whole or in two parts', () => {
  const random = seededRandom(32);
  for (let round = 0; round < 500; round++) {
    const bytes = Uint8Array.from({ length: Math.floor(random.next() * 70) }, () => random.next() * 256);
    const cut = Math.floor(random.next() * (bytes.length + 1));
    const expected = plain(bytes);
    assert.equal(whole(bytes), expected);
    const first = crc32(bytes, 0, cut);
    assert.equal(crc32(bytes, cut, bytes.length, first) >>> 0, expected, `cut at ${cut}`);
    assert.equal(crc32(bytes, cut, bytes.length) >>> 0, plain(bytes.subarray(cut)), `from ${cut}`);
  }
});
