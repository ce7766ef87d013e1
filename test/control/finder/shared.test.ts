// Several runs that share one server and know nothing of each other: two get about the same, of three nobody is shut
// out. Who comes later has never seen the server without a line, so it takes some of the line for service.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { seededRandom } from '../../../src/base/random.ts';
import { openPaceFinder } from '../../../src/control/finder/open-pace-finder.ts';
import { runShared } from './shared-server.ts';

const MINUTES_MS = 300_000;
const LAWS = {
  'all alike': (draw: () => number) => 970 + 60 * draw(),
  'from half to one and a half': (draw: () => number) => 500 + 1000 * draw(),
  exponential: (draw: () => number) => -1000 * Math.log(1 - draw()),
};

function share(workers: number, starts: readonly number[], law: (draw: () => number) => number) {
  const source = seededRandom(7);
  const { served, line } = runShared({
    workers,
    serviceMs: () => law(() => source.next()),
    clients: starts.map(fromMs => ({ finder: openPaceFinder({ maxLimit: 1000 }), fromMs })),
    untilMs: MINUTES_MS,
  });
  const all = served.reduce((a, b) => a + b, 0);
  return {
    shares: served.map(one => one / all),
    line,
    use: all / ((workers * MINUTES_MS) / 2 / 1000),
  };
}

for (const [name, law] of Object.entries(LAWS))
  describe(`requests ${name}`, () => {
    for (const workers of [3, 8, 20, 60])
      for (const starts of [
        [0, 0],
        [0, 30_000],
        [0, 30_000, 60_000],
      ])
        test(`${starts.length} runs on ${workers} workers, begun at ${starts.join(', ')} ms`, () => {
          const { shares, line, use } = share(workers, starts, law);
          const said = `${shares.map(one => one.toFixed(2))}, ${line.toFixed(1)} in line, ${use.toFixed(2)} busy`;
          const isPair = starts.length === 2;
          assert.ok(Math.min(...shares) >= (isPair ? 0.27 : 0.07), said);
          assert.ok(Math.max(...shares) <= (isPair ? 0.73 : 0.7), said);
          assert.ok(use >= (workers > 3 ? 0.96 : 0.84), said); // of three, what chance draws weighs
          assert.ok(line <= 12 + (isPair ? 2 : 3.2) * workers, said);
        });
  });
