// What is told of a loop is spread over columns, and no time is lost or made when columns are merged.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BusyShares, type Shares } from '../../src/base/busy-shares.ts';
import { seededRandom } from '../../src/base/random.ts';

const total = ({ everyMs, busy }: Shares): number =>
  busy.reduce<number>((sum, share) => sum + (share ?? 0) * everyMs, 0);

test('a span is spread over the columns that it covers, by the time it has in each', () => {
  const shares = new BusyShares(20, 8);
  shares.add(0, 20, 5);
  shares.add(30, 70, 20);
  assert.deepEqual(shares.shares(), { everyMs: 20, busy: [0.25, 0.5, 0.5, 0.5] });
  shares.add(70, 80, 10);
  assert.deepEqual(shares.shares().busy, [0.25, 0.5, 0.5, 0.75]);
});

test('what nothing was told of is null, and no column stands behind the last that something was', () => {
  const shares = new BusyShares(20, 8);
  assert.deepEqual(shares.shares(), { everyMs: 20, busy: [] });
  shares.add(45, 50, 0);
  assert.deepEqual(shares.shares().busy, [null, null, 0]);
});

test('more than all of a time, less than nothing, and spans without length change nothing', () => {
  const shares = new BusyShares(20, 8);
  shares.add(-20, 20, 40);
  shares.add(20, 40, -1);
  shares.add(40, 60, 21);
  shares.add(60, 60, 5);
  shares.add(70, 65, 5);
  shares.add(Number.NaN, 65, 5);
  assert.deepEqual(shares.shares().busy, [1, 0, 1]);
});

test('neighbours become one when there are too many, and the columns twice as long', () => {
  const shares = new BusyShares(20, 4);
  for (const [column, busyMs] of [20, 0, 10, 10].entries()) shares.add(column * 20, column * 20 + 20, busyMs);
  shares.add(80, 90, 10);
  assert.deepEqual(shares.shares(), { everyMs: 40, busy: [0.5, 0.5, 1] });
  shares.add(160, 161, 0);
  assert.deepEqual(shares.shares(), { everyMs: 80, busy: [0.5, 1, 0] });
});

test('ten days take as many columns as ten seconds, and lose none of the time that it was busy', () => {
  const random = seededRandom(7);
  const shares = new BusyShares(20);
  let atMs = 0;
  let busyMs = 0;
  while (atMs < 10 * 86_400_000) {
    const spanMs = atMs < 60_000 ? 20 + random.next() * 5 : random.next() * 600_000;
    const ownMs = random.next() * spanMs;
    shares.add(atMs, atMs + spanMs, ownMs);
    atMs += spanMs;
    busyMs += ownMs;
  }
  const told = shares.shares();
  assert.ok(told.busy.length > 256 && told.busy.length <= 512, `${told.busy.length}`);
  assert.ok(Math.abs(total(told) - busyMs) < 0.002 * busyMs + told.everyMs, `${total(told)} for ${busyMs}`);
});
