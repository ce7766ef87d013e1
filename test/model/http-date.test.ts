import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../src/base/random.ts';
import { formatHttpDate, parseHttpDate } from '../../src/model/http-date.ts';
import { inEveryTimeZone } from '../support/time-zones.ts';

const NOW = Date.UTC(2026, 10, 27);
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const LONG = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number): string => String(value).padStart(2, '0');

test('I31: the three forms of RFC 9110 mean one instant, in every time zone', () => {
  inEveryTimeZone(zone => {
    for (const text of [
      'Sun, 06 Nov 1994 08:49:37 GMT',
      'Sunday, 06-Nov-94 08:49:37 GMT',
      'Sun Nov  6 08:49:37 1994',
    ]) {
      assert.equal(parseHttpDate(text, NOW), 784_111_777_000, `${text} under TZ=${zone}`);
    }
  });
});

test('agrees with Date.UTC on 5000 instants of the years 1 to 9999, in the forms that have four digits', () => {
  const random = seededRandom(20261127);
  for (let i = 0; i < 5000; i++) {
    const year = 1 + Math.floor(random.next() * 9999);
    const wanted = new Date(0);
    wanted.setUTCFullYear(year, Math.floor(random.next() * 12), 1 + Math.floor(random.next() * 31));
    wanted.setUTCHours(random.next() * 24, random.next() * 60, random.next() * 60);
    if (wanted.getUTCFullYear() > 9999) continue;
    const imf = fixdate(wanted);
    assert.equal(parseHttpDate(imf, NOW), wanted.getTime(), imf);
    const [, weekday, day, month, fullYear, time] = /^(...), (..) (...) (....) (.{8}) GMT$/.exec(imf) ?? [];
    const asctime = `${weekday} ${month} ${day?.replace(/^0/, ' ')} ${time} ${fullYear}`;
    assert.equal(parseHttpDate(asctime, NOW), wanted.getTime(), asctime);
  }
});

const years: [string, string, number, string][] = [
  ['26', '2026-11-27', 2026, 'this year'],
  ['00', '2026-11-27', 2000, 'not a century ahead'],
  ['75', '2026-11-27', 2075, '49 years ahead are ahead'],
  ['77', '2026-11-27', 1977, '51 years ahead are behind'],
  ['99', '2026-11-27', 1999, 'the year of the old servers'],
  ['01', '2099-12-31', 2101, 'over the turn of a century'],
  ['99', '2000-01-01', 1999, 'just after one'],
  ['49', '1950-01-01', 1949, 'a clock that stands before 1970'],
];
for (const [digits, now, year, why] of years) {
  test(`year ${digits} read in ${now} is ${year}: ${why}`, () => {
    const epochMs = parseHttpDate(`Monday, 01-Jun-${digits} 00:00:00 GMT`, Date.parse(now));
    assert.equal(epochMs, Date.UTC(year, 5, 1));
  });
}

test('a year of two digits is never more than 50 years ahead and never further back than it must be', () => {
  const dayMs = 86_400_000;
  for (let seed = 0; seed < 2000; seed++) {
    const random = seededRandom(seed);
    const nowMs = Math.floor(random.next() * 200 * 365) * dayMs;
    const text = `Monday, 15-Jul-${two(Math.floor(random.next() * 100))} 12:00:00 GMT`;
    const epochMs = parseHttpDate(text, nowMs) as number;
    const fiftyMs = 50 * 365.25 * dayMs;
    assert.ok(epochMs <= nowMs + fiftyMs + dayMs, `seed ${seed}: ${text} is too far ahead`);
    assert.ok(epochMs > nowMs - fiftyMs - dayMs, `seed ${seed}: ${text} is too far back`);
  }
});

test('fifty years are fifty mean years, to the millisecond', () => {
  const newYearMs = Date.UTC(2000, 0, 1);
  const fiftyYearsMs = 50 * 365.2425 * 86_400_000;
  const read = (nowMs: number) => parseHttpDate('Monday, 01-Jan-00 00:00:00 GMT', nowMs);
  assert.equal(read(newYearMs - fiftyYearsMs), newYearMs);
  assert.equal(read(newYearMs - fiftyYearsMs - 1), Date.UTC(1900, 0, 1));
});

test('the 29th of February that a century lacks is looked for in the one before', () => {
  assert.equal(parseHttpDate('Monday, 29-Feb-00 00:00:00 GMT', Date.UTC(2090, 0)), Date.UTC(2000, 1, 29));
  assert.equal(parseHttpDate('Monday, 29-Feb-01 00:00:00 GMT', NOW), null);
});

const taken: [string, number, string][] = [
  ['Mon, 3 Jun 2019 12:00:00 UTC', Date.UTC(2019, 5, 3, 12), 'one digit and UTC, as urllib3 reads them'],
  ['Tue, 03 Jun 2019 12:00:00 GMT', Date.UTC(2019, 5, 3, 12), 'it was a Monday'],
  ['Sat, 31 Dec 2016 23:59:60 GMT', Date.UTC(2016, 11, 31, 23, 59, 59), 'a leap second'],
  ['Thu, 29 Feb 2024 00:00:00 GMT', Date.UTC(2024, 1, 29), 'a leap day'],
  ['Tue, 29 Feb 2000 00:00:00 GMT', Date.UTC(2000, 1, 29), 'the leap day of a fourth century'],
  ['Sat Nov 16 08:49:37 1994', Date.UTC(1994, 10, 16, 8, 49, 37), 'asctime with two digits'],
  ['Mon, 01 Jan 0050 00:00:00 GMT', -60_589_296_000_000, 'not 1950'],
];
for (const [text, epochMs, why] of taken) {
  test(`'${text}': ${why}`, () => assert.equal(parseHttpDate(text, NOW), epochMs));
}

const refused: [string, string][] = [
  ['', 'nothing'],
  ['tomorrow', 'a word'],
  ['1994-11-06T08:49:37Z', 'ISO 8601'],
  ['Sun, 06 Nov 1994 08:49:37', 'no zone'],
  ['Sun, 06 Nov 1994 08:49:37 PST', 'another zone'],
  ['Sun, 06 Nov 1994 08:49:37 +0000', 'a zone as mail has it'],
  ['Xyz, 06 Nov 1994 08:49:37 GMT', 'no weekday'],
  ['06 Nov 1994 08:49:37 GMT', 'no weekday at all'],
  ['sun, 06 nov 1994 08:49:37 gmt', 'HTTP dates are case-sensitive'],
  ['Sun, 00 Nov 1994 08:49:37 GMT', 'day 0'],
  ['Sun, 31 Nov 1994 08:49:37 GMT', 'November has 30'],
  ['Thu, 29 Feb 2100 00:00:00 GMT', '2100 is no leap year'],
  ['Wed, 29 Feb 2023 00:00:00 GMT', 'nor is 2023'],
  ['Sun, 06 Foo 1994 08:49:37 GMT', 'no month'],
  ['Sun, 06 Nov 1994 24:00:00 GMT', 'hour 24'],
  ['Sun, 06 Nov 1994 08:60:00 GMT', 'minute 60'],
  ['Sun, 06 Nov 1994 08:49:61 GMT', 'second 61'],
  ['Sun, 06 Nov 94 08:49:37 GMT', 'two digits where four belong'],
  ['Sunday, 06-Nov-1994 08:49:37 GMT', 'four where two belong'],
  ['Sun, 06-Nov-94 08:49:37 GMT', 'a short weekday in the long form'],
  ['Sun Nov 6 08:49:37 1994', 'one space where two belong'],
  ['Sun Nov  6 08:49:37 1994 GMT', 'asctime has no zone'],
  [' Sun, 06 Nov 1994 08:49:37 GMT', 'white space belongs to the caller'],
  ['Sun, 06 Nov 1994 08:49:37 GMT\n', 'a line that ends'],
  ['Sun, ٠٦ Nov 1994 08:49:37 GMT', 'digits of another script'],
  ['Sun, 06 Nov 1994 08:49:37 GMT'.padEnd(100_000), 'far too long'],
];
for (const [text, why] of refused) {
  test(`null for '${text.slice(0, 40)}': ${why}`, () => assert.equal(parseHttpDate(text, NOW), null));
}

test('a caller without a clock gets null, not NaN', () => {
  for (const now of [Number.NaN, Number.POSITIVE_INFINITY])
    assert.equal(parseHttpDate('Sunday, 06-Nov-94 08:49:37 GMT', now), null);
});

test('whatever is done to a date, the answer is null or an instant', () => {
  const alphabet = [...':, -0123456789GMTUCSunovJadefr\u0000\u00b2é', '😀'];
  for (let seed = 0; seed < 20_000; seed++) {
    const random = seededRandom(seed);
    const weekday = Math.floor(random.next() * 7);
    const forms = [
      `${WEEKDAYS[weekday]}, 06 Nov 1994 08:49:37 GMT`,
      `${LONG[weekday]}, 06-Nov-94 08:49:37 GMT`,
      `${WEEKDAYS[weekday]} ${MONTHS[weekday]}  6 08:49:37 1994`,
    ];
    let text = forms[seed % 3] as string;
    for (let edit = 0; edit < 1 + random.next() * 3; edit++) {
      const at = Math.floor(random.next() * (text.length + 1));
      const put = alphabet[Math.floor(random.next() * alphabet.length)];
      text = text.slice(0, at) + put + text.slice(at + Math.floor(random.next() * 2));
    }
    const epochMs = parseHttpDate(text, NOW);
    assert.ok(epochMs === null || Number.isSafeInteger(epochMs), `seed ${seed}: ${text}`);
  }
});

/** As `Date.toUTCString`, which writes years below 1000 with fewer digits on some engines. */
function fixdate(date: Date): string {
  const day = `${WEEKDAYS[date.getUTCDay()]}, ${two(date.getUTCDate())} ${MONTHS[date.getUTCMonth()]}`;
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
  return `${day} ${String(date.getUTCFullYear()).padStart(4, '0')} ${time} GMT`;
}

test('is written as Date writes it, on 5000 instants of the years 1970 to 9999', () => {
  const random = seededRandom(7);
  for (let i = 0; i < 5000; i++) {
    const epochMs = Math.floor(random.next() ** 2 * 253_402_300_799_999);
    assert.equal(formatHttpDate(epochMs), new Date(epochMs).toUTCString());
  }
});
