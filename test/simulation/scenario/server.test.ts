// The parts of a modelled server, each by hand: draws, workers and their line, shared workers, and the meter.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { classOf, draw, drawServiceMs } from '../../../src/simulation/scenario/draws.ts';
import { QueueWatch } from '../../../src/simulation/scenario/queue-watch.ts';
import { RateLimiter } from '../../../src/simulation/scenario/rate-limiter.ts';
import type { ScenarioServer } from '../../../src/simulation/scenario/scenario.ts';
import { openStation } from '../../../src/simulation/scenario/station.ts';
import { VirtualClock } from '../../../src/simulation/virtual-clock.ts';
import { scenarioWith } from '../../support/bench-scenarios.ts';

function served(server: object, jobs: readonly (readonly [atMs: number, workMs: number])[]) {
  const clock = new VirtualClock();
  const watch = new QueueWatch();
  const plan: ScenarioServer = scenarioWith({ server }).server;
  const station = openStation(clock, plan, watch);
  const ends: (number | 'refused')[] = [];
  jobs.forEach(([atMs, workMs], index) => {
    clock.schedule(atMs, () => {
      const taken = station.offer({ workMs, onDone: () => (ends[index] = clock.now()) });
      if (!taken) ends[index] = 'refused';
    });
  });
  while (clock.step());
  watch.note(clock.now(), 0);
  return { ends: ends.map(end => (end === 'refused' ? end : Math.round(end))), watch };
}

describe('draws', () => {
  test('are the same for ever', () => {
    assert.equal(draw(1, 11, 17, 1), 0.32255126058589667);
    assert.equal(draw(7, 55, 300, 2), 0.09215837914962322);
    const of = (service: Parameters<typeof drawServiceMs>[0]) => drawServiceMs(service, 1, 11, 17).toFixed(6);
    assert.equal(of({ dist: 'det', meanMs: 1000 }), '1000.000000');
    assert.equal(of({ dist: 'uniform', meanMs: 1000, spread: 0.5 }), '822.551261');
    assert.equal(of({ dist: 'exp', meanMs: 1000 }), '1131.493208');
    assert.equal(of({ dist: 'lognormal', meanMs: 1000, sigma: 1 }), '2618.781995');
    assert.equal(of({ dist: 'bimodal', meanMs: 1000, pSlow: 0.1, ratio: 10 }), '574.997677');
  });

  test('have the mean they are given by', () => {
    for (const service of [
      { dist: 'uniform', meanMs: 100, spread: 0.5 },
      { dist: 'exp', meanMs: 100 },
      { dist: 'lognormal', meanMs: 100, sigma: 0.8 },
      { dist: 'bimodal', meanMs: 100, pSlow: 0.1, ratio: 10 },
    ] as const) {
      let sumMs = 0;
      for (let number = 0; number < 20_000; number++) sumMs += drawServiceMs(service, 3, 11, number);
      assert.ok(Math.abs(sumMs / 20_000 - 100) < 4, `${service.dist} ${sumMs / 20_000}`);
    }
  });

  test('classes come in turn, in blocks, or by chance in their shares', () => {
    const service = { dist: 'det', mean: 1 };
    const classes = [
      { key: 'a', weight: 3, service },
      { key: 'b', weight: 1, service },
    ];
    const keys = (order: string) => {
      const scenario = scenarioWith({ n: 400, service: undefined, classes, order });
      return Array.from({ length: 400 }, (_, index) => classOf(scenario, 1, index).key).join('');
    };
    assert.equal(keys('interleave').slice(0, 8), 'aaabaaab');
    assert.match(keys('blocks'), /^a{300}b{100}$/);
    const byChance = [...keys('random')].filter(key => key === 'b').length;
    assert.ok(byChance > 70 && byChance < 130, `${byChance}`);
  });
});

describe('where requests are served', () => {
  test('first come first served, and the line is measured', () => {
    const { ends, watch } = served({ workers: 2 }, [
      [0, 100],
      [0, 300],
      [0, 100],
      [0, 100],
    ]);
    assert.deepEqual(ends, [100, 300, 200, 300]);
    assert.equal(watch.mean().toFixed(4), ((2 * 100 + 1 * 100) / 300).toFixed(4));
    assert.equal(watch.most, 2);
    assert.equal(watch.quantile(0.5), 1);
  });

  test('a full line refuses', () => {
    const jobs = [0, 0, 0].map(at => [at, 100] as const);
    assert.deepEqual(served({ workers: 1, queue: 1 }, jobs).ends, [100, 200, 'refused']);
    assert.deepEqual(served({ workers: 1, queue: 0 }, jobs).ends, [100, 'refused', 'refused']);
    assert.deepEqual(served({ mode: 'ps', workers: 1, queue: 1 }, jobs).ends, [200, 200, 'refused']);
  });
});

describe('where workers change', () => {
  test('workers come and go, and nobody is interrupted', () => {
    const jobs = [0, 0, 0, 0].map(at => [at, 100] as const);
    assert.deepEqual(
      served(
        {
          workers: [
            [0, 1],
            [0.05, 3],
          ],
        },
        jobs,
      ).ends,
      [100, 150, 150, 200],
    );
    assert.deepEqual(
      served(
        {
          workers: [
            [0, 3],
            [0.05, 1],
          ],
        },
        jobs,
      ).ends,
      [100, 100, 100, 200],
    );
  });
});

describe('where they share', () => {
  test('shared evenly among all that are there', () => {
    assert.deepEqual(
      served({ mode: 'ps', workers: 1 }, [
        [0, 100],
        [0, 200],
      ]).ends,
      [200, 300],
    );
    assert.deepEqual(
      served({ mode: 'ps', workers: 2 }, [
        [0, 100],
        [0, 200],
      ]).ends,
      [100, 200],
    );
    assert.deepEqual(
      served({ mode: 'ps', workers: 1 }, [
        [0, 100],
        [50, 100],
      ]).ends,
      [150, 200],
    );
    assert.deepEqual(
      served(
        {
          mode: 'ps',
          workers: [
            [0, 1],
            [0.1, 2],
          ],
        },
        [
          [0, 100],
          [0, 100],
        ],
      ).ends,
      [150, 150],
    );
  });

  test('slow at first while it warms up', () => {
    const { ends } = served({ workers: 1, warmup: { factor: 5, tau: 1 } }, [
      [0, 100],
      [100_000, 100],
    ]);
    assert.deepEqual(ends, [500, 100_100]);
  });
});

describe('the meter', () => {
  const meter = (rateLimit: object): RateLimiter => {
    const { rateLimit: limit } = scenarioWith({ rateLimit });
    assert.ok(limit);
    return new RateLimiter(limit);
  };

  test('a bucket fills evenly', () => {
    const bucket = meter({ type: 'bucket', rate: 10, burst: 2, retryAfter: 'exact', headers: true });
    assert.deepEqual([bucket.take(0), bucket.take(0)], [0, 0]);
    assert.equal(Math.round(bucket.take(0)), 100);
    assert.equal(Math.round(bucket.take(40)), 60);
    assert.equal(bucket.take(101), 0);
    assert.deepEqual(bucket.quota(101)?.remaining, 0);
    assert.equal(bucket.asked(60), 60);
  });

  test('a window begins anew at its end', () => {
    const window = meter({ type: 'window', limit: 2, window: 5, retryAfter: 'ceil', headers: true });
    assert.deepEqual([window.take(4000), window.take(4100)], [0, 0]);
    assert.equal(window.take(4200), 800);
    assert.deepEqual(window.quota(4200), { limit: 2, remaining: 0, resetMs: 800 });
    assert.equal(window.take(5000), 0);
    assert.equal(window.quota(5000)?.remaining, 1);
    assert.equal(window.asked(800), 1000);
    assert.equal(meter({ type: 'window', limit: 2, window: 5 }).asked(800), null);
  });
});
