import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../src/base/random.ts';
import { DURATION_MS_MAX } from '../../src/base/units.ts';
import type { HeaderValue } from '../../src/model/header-values.ts';
import { parseRetryAfter } from '../../src/model/retry-after.ts';
import { inEveryTimeZone } from '../support/time-zones.ts';

/** The instant at which urllib3's tests stand. */
const NOW = Date.UTC(2019, 5, 3, 11);
const wait = (waitMs: number) => ({ kind: 'wait', waitMs });
const malformed = (text: string) => ({ kind: 'malformed', text });

// Rows of urllib3's test/test_retry.py, which keeps them under the names in the first column.
const URLLIB3: [string, string, number | null][] = [
  ['test_parse_retry_after', '0', 0],
  ['test_parse_retry_after', '1000', 1000],
  ['test_parse_retry_after', '\t42 ', 42],
  ['test_parse_retry_after_invalid', '-1', null],
  ['test_parse_retry_after_invalid', '+1', null],
  ['test_parse_retry_after_invalid', '1.0', null],
  ['test_parse_retry_after_invalid', '²', null],
  ['test_respect_retry_after_header_sleep', '3600', 3600],
  ['test_respect_retry_after_header_sleep', 'Mon, 3 Jun 2019 12:00:00 UTC', 3600],
  ['test_respect_retry_after_header_sleep', 'Mon, 3 Jun 2019 11:00:00 UTC', 0],
  ['test_respect_retry_after_header_sleep', 'Mon, 03 Jun 2019 11:30:12 GMT', 1812],
  ['test_respect_retry_after_header_sleep', 'Monday, 03-Jun-19 11:30:12 GMT', 1812],
  ['test_respect_retry_after_header_sleep', 'Mon Jun  3 11:30:12 2019', 1812],
];
test("C01, C02, C05, I31: urllib3's vectors, under the clocks of three places", () => {
  inEveryTimeZone(zone => {
    for (const [name, text, seconds] of URLLIB3) {
      const expected = seconds === null ? malformed(text) : wait(seconds * 1000);
      assert.deepEqual(parseRetryAfter(text, NOW), expected, `${name} '${text}' under TZ=${zone}`);
    }
  });
});

const rows: [string, HeaderValue, ReturnType<typeof parseRetryAfter>][] = [
  ['C01: none', undefined, undefined],
  ['C01: a list of none', [], undefined],
  ['C01: zeros in front', '007', { kind: 'wait', waitMs: 7000 }],
  ['C02: a date that is long past', 'Sun, 06 Nov 1994 08:49:37 GMT', { kind: 'wait', waitMs: 0 }],
  ['C06: more than any budget', '9999999999', { kind: 'wait', waitMs: DURATION_MS_MAX }],
  ['C06: 400 digits', '9'.repeat(400), { kind: 'wait', waitMs: DURATION_MS_MAX }],
  [
    'C06: a date beyond ten years',
    'Fri, 31 Dec 9999 23:59:59 GMT',
    { kind: 'wait', waitMs: DURATION_MS_MAX },
  ],
  ['I31: the same twice counts once', ['5', ' 5\t'], { kind: 'wait', waitMs: 5000 }],
  ['I31: two that differ', ['5', '10'], { kind: 'malformed', text: '5 | 10' }],
  ['I31: one that is empty differs too', ['5', ''], { kind: 'malformed', text: '5 | ' }],
  [
    'I31: many that differ are quoted in part',
    Array.from({ length: 5000 }, (_, i) => `${i}`),
    {
      kind: 'malformed',
      text: '0 | 1 | 2 | 3',
    },
  ],
];
for (const [name, value, expected] of rows) {
  test(name, () => assert.deepEqual(parseRetryAfter(value, NOW), expected));
}

for (const text of [
  ...['', ' ', 'soon', '5s', '5 s', '0x10', '1e3', '٣', '１', '5,5', '5, 10', '1_000', 'Infinity', 'NaN'],
  ...['Mon, 03 Jun 2019 11:30:12', 'Mon, 03 Jun 2019 11:30:12 PST', '2019-06-03T11:30:12Z', '5\r\nx: y'],
]) {
  test(`C05: ${JSON.stringify(text)} is malformed, and quoted`, () =>
    assert.deepEqual(parseRetryAfter(text, NOW), malformed(text.trim())));
}

test('C05: only spaces and tabs are white space around a value', () => {
  for (const text of ['\u00a05', '5\u00a0', '\n5', '5\r', '\u20285'])
    assert.equal(parseRetryAfter(text, NOW)?.kind, 'malformed', JSON.stringify(text));
});

test('C05: a long malformed value is kept in part', () => {
  assert.deepEqual(parseRetryAfter('x'.repeat(100_000), NOW), malformed(`${'x'.repeat(64)}…`));
  assert.deepEqual(parseRetryAfter('x'.repeat(64), NOW), malformed('x'.repeat(64)));
});

test('C05: a long run of blanks is passed over once, wherever it stands', () => {
  // Read again from each of its blanks, this run would take minutes.
  const blanks = ' \t'.repeat(200_000);
  assert.deepEqual(parseRetryAfter(`${blanks}5${blanks}`, NOW), wait(5000));
  assert.equal(parseRetryAfter(`5${blanks}x`, NOW)?.kind, 'malformed');
  assert.equal(parseRetryAfter([`5${blanks}x`, `${blanks}5`], NOW)?.kind, 'malformed');
});

test('I31: a date is seen from the instant handed in', () => {
  const date = 'Mon, 03 Jun 2019 11:30:12 GMT';
  assert.deepEqual(parseRetryAfter(date, NOW + 812_000), wait(1_000_000));
  assert.deepEqual(parseRetryAfter(date, Number.NaN), malformed(date));
});

test('whatever comes, a wait is finite and within ten years', () => {
  const alphabet = [...'0123456789 \t-+.,eGMTJun:', '²', '\u0000'];
  for (let seed = 0; seed < 20_000; seed++) {
    const random = seededRandom(seed);
    const draw = (): string =>
      Array.from(
        { length: Math.floor(random.next() * 12) },
        () => alphabet[Math.floor(random.next() * alphabet.length)],
      ).join('');
    const value = random.next() < 0.5 ? draw() : Array.from({ length: random.next() * 4 }, draw);
    const read = parseRetryAfter(value, NOW);
    const isSound =
      read === undefined || read.kind === 'malformed' || (read.waitMs >= 0 && read.waitMs <= DURATION_MS_MAX);
    assert.ok(isSound, `seed ${seed}: ${JSON.stringify(value)} gave ${JSON.stringify(read)}`);
  }
});
