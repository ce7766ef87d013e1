import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../src/base/random.ts';
import { isoTime, parseIsoTime } from '../../src/model/iso-time.ts';

const LAST = 253_402_300_799_999;

test('any instant to the year 9999 is written as the platform writes it, and read as it was', () => {
  const random = seededRandom(1);
  for (let i = 0; i < 20_000; i++) {
    const ms = Math.floor(random.next() * LAST);
    assert.equal(isoTime(ms), new Date(ms).toISOString());
    assert.equal(parseIsoTime(isoTime(ms)), ms);
  }
});

test('the years around a leap day, and both ends', () => {
  for (const text of ['2000-02-29T23:59:59.999Z', '2100-02-28T00:00:00.000Z', '2024-12-31T12:00:00.000Z'])
    assert.equal(isoTime(Date.parse(text)), text);
  assert.equal(isoTime(-5), '1970-01-01T00:00:00.000Z');
  assert.equal(isoTime(LAST + 1), '9999-12-31T23:59:59.999Z');
  assert.equal(parseIsoTime('0001-01-01T00:00:00Z'), -62_135_596_800_000);
});

test('zones and decimals are read', () => {
  assert.equal(parseIsoTime('1970-01-01T01:30:00+01:30'), 0);
  assert.equal(parseIsoTime('1969-12-31T19:00:00.5-05:00'), 500);
  assert.equal(parseIsoTime('1970-01-01T00:00:00.000001Z'), 0.001);
});

test('whatever is no such instant is null', () => {
  for (const text of [
    '',
    'yesterday',
    '2026-11-23',
    '2026-13-01T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '2026-11-23T24:00:00Z',
  ])
    assert.equal(parseIsoTime(text), null);
  for (const text of [
    '2026-11-23T00:60:00Z',
    '2026-11-23T00:00:60Z',
    '2026-11-23T00:00:00',
    ' 2026-11-23T00:00:00Z',
  ])
    assert.equal(parseIsoTime(text), null);
});
