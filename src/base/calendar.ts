// The Gregorian calendar as arithmetic on days since 1970-01-01, in UTC, for any year. JavaScript's own `Date` takes
// the years 0 to 99 for 1900 to 1999 and reads some forms in the zone of the machine.

export const DAY_MS = 86_400_000;
/** From 1 March of the year 0, the first day of the calendar that is counted in. */
const DAYS_TO_1970 = 719_468;
const DAYS_IN_400_YEARS = 146_097;

/** @param month 1 to 12 */
export function daysIn(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
}

/** Days from 1970-01-01 to this day. @param month 1 to 12 @param day from 1 */
export function daysBefore(year: number, month: number, day: number): number {
  // In a year that begins in March the leap day is the last one, and months before it have the lengths of a pattern.
  const marchYear = month <= 2 ? year - 1 : year;
  const marchMonth = (month + 9) % 12;
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  return marchYear * 365 + leapDays + daysToMonth(marchMonth) + day - 1 - DAYS_TO_1970;
}

/** The day that is so many days after 1970-01-01: the other way round. */
export function dayAt(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  const count = days + DAYS_TO_1970;
  const era = Math.floor(count / DAYS_IN_400_YEARS);
  const inEra = count - era * DAYS_IN_400_YEARS;
  const leaps = Math.floor(inEra / 1460) - Math.floor(inEra / 36_524) + Math.floor(inEra / 146_096);
  const yearInEra = Math.floor((inEra - leaps) / 365);
  const inYear = inEra - (yearInEra * 365 + Math.floor(yearInEra / 4) - Math.floor(yearInEra / 100));
  const marchMonth = Math.floor((5 * inYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = era * 400 + yearInEra + (month <= 2 ? 1 : 0);
  return { year, month, day: inYear - daysToMonth(marchMonth) + 1 };
}

/** @param marchMonth 0 for March */
function daysToMonth(marchMonth: number): number {
  return Math.floor((153 * marchMonth + 2) / 5);
}
