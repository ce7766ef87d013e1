// The instant that an HTTP date means: the three forms of RFC 9110 §5.6.7, always in UTC. JavaScript's own reader
// takes far more than these, and reads a date without a zone (the asctime form) in the zone of the machine.
import { DAY_MS, daysBefore, daysIn } from '../base/calendar.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** From that of 1970-01-01 on. */
const WEEKDAYS = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'];
const MONTH = `(${MONTHS.join('|')})`;
const WEEKDAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const WEEKDAY_LONG = '(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day';
const TIME = '(\\d\\d):(\\d\\d):(\\d\\d)';

/**
 * `Sun, 06 Nov 1994 08:49:37 GMT`. Beyond the letter of the RFC, a day of one digit and `UTC` are taken: servers
 * send them, urllib3 reads them, and they cannot mean anything else.
 */
const IMF_FIXDATE = new RegExp(`^${WEEKDAY}, (\\d{1,2}) ${MONTH} (\\d{4}) ${TIME} (?:GMT|UTC)$`);
/** `Sunday, 06-Nov-94 08:49:37 GMT` */
const RFC_850 = new RegExp(`^${WEEKDAY_LONG}, (\\d\\d)-${MONTH}-(\\d\\d) ${TIME} GMT$`);
/** `Sun Nov  6 08:49:37 1994` */
const ASCTIME = new RegExp(`^${WEEKDAY} ${MONTH} (\\d\\d| \\d) ${TIME} (\\d{4})$`);

/** The longest form, `Wednesday, 06-Nov-94 08:49:37 GMT`, has 33. */
const CHARS_MAX = 33;
/** The mean year of the Gregorian calendar. */
const YEAR_MS = 365.2425 * DAY_MS;
const FIFTY_YEARS_MS = 50 * YEAR_MS;

/**
 * Milliseconds since 1970-01-01T00:00:00Z, or null for whatever is no HTTP date. Never throws.
 *
 * Strict in the ranges of day, hour, minute and second; the weekday must be one, but need not be the right one. A
 * leap second (`:60`) is the second before it. A year of two digits is the latest that is not more than fifty years
 * after `nowEpochMs`, as the RFC asks.
 * @param text without white space around it
 */
export function parseHttpDate(text: string, nowEpochMs: number): number | null {
  if (text.length > CHARS_MAX || !Number.isFinite(nowEpochMs)) return null;
  const fixdate = IMF_FIXDATE.exec(text);
  if (fixdate) {
    const [, day, month, year, ...time] = fixdate;
    return epochMsOf(Number(year), month, day, time);
  }
  const rfc850 = RFC_850.exec(text);
  if (rfc850) {
    const [, day, month, shortYear, ...time] = rfc850;
    return nearPastOrFuture(Number(shortYear), nowEpochMs, year => epochMsOf(year, month, day, time));
  }
  const asctime = ASCTIME.exec(text);
  if (asctime) {
    const [, month, day, hour, minute, second, year] = asctime;
    return epochMsOf(Number(year), month, day, [hour, minute, second]);
  }
  return null;
}

/** The first form, of an instant from 1970 on: `Sun, 06 Nov 1994 08:49:37 GMT`. Parts of a second are left out. */
export function formatHttpDate(epochMs: number): string {
  const days = Math.floor(epochMs / DAY_MS);
  let year = 1970 + Math.floor(days / 366);
  while (daysBefore(year + 1, 1, 1) <= days) year++;
  let month = 1;
  while (month < 12 && daysBefore(year, month + 1, 1) <= days) month++;
  const day = days - daysBefore(year, month, 1) + 1;
  const second = Math.floor((epochMs - days * DAY_MS) / 1000);
  const time = [Math.floor(second / 3600), Math.floor(second / 60) % 60, second % 60].map(twoDigits);
  return `${WEEKDAYS[days % 7]}, ${twoDigits(day)} ${MONTHS[month - 1]} ${year} ${time.join(':')} GMT`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** Tries the years that end in `shortYear`, from the latest on: the first one not too far ahead counts. */
function nearPastOrFuture(
  shortYear: number,
  nowEpochMs: number,
  inYear: (year: number) => number | null,
): number | null {
  const latestMs = nowEpochMs + FIFTY_YEARS_MS;
  // One more than the mean year says, for a year that begins a little earlier than its mean.
  const yearMax = 1971 + Math.floor(latestMs / YEAR_MS);
  const year = yearMax - ((((yearMax - shortYear) % 100) + 100) % 100);
  const epochMs = inYear(year);
  // A 29th of February that one century lacks may stand in the century before.
  return epochMs === null || epochMs > latestMs ? inYear(year - 100) : epochMs;
}

function epochMsOf(
  year: number,
  monthName: string | undefined,
  dayText: string | undefined,
  time: readonly (string | undefined)[],
): number | null {
  const month = MONTHS.indexOf(monthName ?? '') + 1;
  const day = Number(dayText);
  const [hour = Number.NaN, minute = Number.NaN, second = Number.NaN] = time.map(Number);
  const isPossible = day >= 1 && day <= daysIn(year, month) && hour <= 23 && minute <= 59 && second <= 60;
  if (!isPossible) return null;
  return (
    daysBefore(year, month, day) * DAY_MS + hour * 3_600_000 + minute * 60_000 + Math.min(second, 59) * 1000
  );
}
