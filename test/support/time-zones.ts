// Runs a test's lines under the clocks of other places. Node reads TZ again whenever it is assigned.
import assert from 'node:assert/strict';

/** Names for TZ, and how far each was from UTC on 3 June 2019, in minutes as `getTimezoneOffset` counts. */
const ZONES: readonly (readonly [string, number])[] = [
  ['UTC', 0],
  ['Asia/Tokyo', -540],
  ['America/New_York', 240],
];

/** Calls `body` once in each zone, and is sure that the zone was the machine's. */
export function inEveryTimeZone(body: (zone: string) => void): void {
  const before = process.env.TZ;
  try {
    for (const [zone, offsetMinutes] of ZONES) {
      process.env.TZ = zone;
      assert.equal(new Date(2019, 5, 3).getTimezoneOffset(), offsetMinutes, `TZ=${zone} was not taken`);
      body(zone);
    }
  } finally {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  }
}
