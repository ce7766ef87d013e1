// A rate is a promise both ways, over real sockets and real timers: no window of it holds more starts than it says
// (I20), and what it allows is delivered (I22). Each start is the end of a window that is judged.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startCountingServer } from '../../bench/limits/counting-server.ts';
import { deliveredShare, floodAfterQuiet, most } from '../../bench/limits/windows.ts';
import { parseRate } from '../../src/control/gcra.ts';
import { type FetchAllOptions, fetchAll } from '../../src/index.ts';
import { isSoak, sized } from '../support/soak.ts';

/**
 * Alone on a machine 99 % is delivered. Beside other work each halt of a process costs what was due in it; a pace that
 * loses to its timers delivers a fifth of 5000/s.
 */
const SHARE_MIN = isSoak ? 0.99 : 0.3;
/** What arrives at a server is not spaced as it was sent: it may see this much more than the rate. */
const AT_SERVER_MAX = isSoak ? 1.1 : 1.5;

interface Row {
  readonly rate: string;
  readonly starts: number;
  readonly options?: FetchAllOptions;
}

const rows: readonly Row[] = [
  { rate: '10/200ms', starts: sized(61, 3000) },
  { rate: '50/s', starts: sized(101, 5000) },
  { rate: '100/s', starts: sized(251, 10_000) },
  { rate: '500/s', starts: sized(1101, 50_000) },
  { rate: '1000/s', starts: sized(2201, 100_000) },
  { rate: '1000/s', starts: sized(1501, 100_000), options: { strategy: 'threads', workers: 8 } },
  { rate: '500/s', starts: sized(801, 50_000), options: { strategy: 'processes', workers: 4 } },
  { rate: '5000/s', starts: sized(6001, 700_000) },
];

const placeOf = ({ strategy = 'semaphore', workers }: FetchAllOptions = {}): string =>
  workers === undefined ? strategy : `${workers} ${strategy}`;

for (const { rate: text, starts, options } of rows) {
  test(`B09, I20, I22: ${text}, ${placeOf(options)}: no window over the rate, and all of it`, async t => {
    const rate = parseRate(text, 'rate');
    const server = await startCountingServer();
    t.after(() => server.stop());
    const url = `${server.origins[0]}/`;
    const startsMs = new Float64Array(starts);
    let count = 0;
    const requests = (function* () {
      for (let i = 0; i < starts; i++) yield url;
    })();
    for await (const { tries } of fetchAll(requests, {
      concurrency: 200,
      ...options,
      rate: text,
      retries: 0,
    }))
      for (const { startedMs } of tries) startsMs[count++] = startedMs;
    assert.equal(count, starts);
    const { arrivals } = await server.take();
    const worst = most(startsMs, rate.windowMs) / rate.count;
    const atServer =
      most(
        Float64Array.from(arrivals, ({ atMs }) => atMs),
        rate.windowMs,
      ) / rate.count;
    const share = deliveredShare(startsMs, rate);
    const what = `worst ${worst.toFixed(3)}, at the server ${atServer.toFixed(3)}, share ${share.toFixed(4)}`;
    t.diagnostic(what);
    assert.ok(worst <= 1, what);
    assert.ok(atServer <= AT_SERVER_MAX, what);
    assert.ok(share >= SHARE_MIN && share <= 1.001, what);
  });
}

for (const burst of [1, 5]) {
  test(`B01: one start, three quarters of a window of quiet, then a flood, burst ${burst}: no window over`, async t => {
    const rate = { count: 20, windowMs: 400 };
    const server = await startCountingServer();
    t.after(() => server.stop());
    for (let round = 0; round < sized(1, 50); round++) {
      const urls = Array.from({ length: 61 }, (_, i) => `${server.origins[0]}/ok/${round}/${i}`);
      const source = floodAfterQuiet(urls, 0.75 * rate.windowMs);
      const options = { rate: '20/400ms', burst, concurrency: Number.POSITIVE_INFINITY, retries: 0 };
      const startsMs = await Array.fromAsync(
        fetchAll(source, options),
        ({ tries }) => tries[0]?.startedMs ?? 0,
      );
      assert.equal(startsMs.length, 61);
      const worst = most(startsMs, rate.windowMs);
      assert.ok(worst <= rate.count + burst - 1, `round ${round}: ${worst} starts in a window`);
    }
  });
}
