// Instants of the day as ISO 8601 text and back: what a record's `started` says, and what formats of others want.
import { DAY_MS, dayAt, daysBefore, daysIn } from '../base/calendar.ts';

const ISO = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))$/;
/** The last instant with a year of four digits. */
const EPOCH_MS_MAX = 253_402_300_799_999;

/** Milliseconds since 1970, with the decimals that are there; null for whatever is no such text. Never throws. */
export function parseIsoTime(text: string): number | null {
  const found = ISO.exec(text);
  if (found === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1, 7).map(Number);
  const zone = (Number(found[9] ?? 0) * 60 + Number(found[10] ?? 0)) * (found[8] === '-' ? -1 : 1);
  const isPossible =
    month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month) && hour <= 23 && minute <= 59;
  if (!isPossible || second > 59) return null;
  const wholeMs = daysBefore(year, month, day) * DAY_MS + ((hour * 60 + minute - zone) * 60 + second) * 1000;
  return wholeMs + Number(`0.${found[7] ?? '0'}`) * 1000;
}

/** `2026-11-23T00:00:00.000Z`; an instant before 1970 or after the year 9999 is the first or last one that there is. */
export function isoTime(epochMs: number): string {
  const ms = Math.min(EPOCH_MS_MAX, Math.max(0, Math.floor(epochMs)));
  const { year, month, day } = dayAt(Math.floor(ms / DAY_MS));
  const inDay = ms % DAY_MS;
  const [hour, minute] = [Math.floor(inDay / 3_600_000), Math.floor(inDay / 60_000) % 60];
  const second = Math.floor(inDay / 1000) % 60;
  const date = `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`;
  return `${date}T${digits(hour, 2)}:${digits(minute, 2)}:${digits(second, 2)}.${digits(inDay % 1000, 3)}Z`;
}

function digits(value: number, count: number): string {
  return String(value).padStart(count, '0');
}
