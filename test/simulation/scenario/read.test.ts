// Files of scenarios: what is taken, and that everything else is refused by file, scenario and field.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readScenarios } from '../../../src/simulation/scenario/read.ts';
import { benchScenarios } from '../../support/bench-scenarios.ts';

const GOOD = { id: 'a', n: 9, server: { workers: 3 }, service: { dist: 'det', mean: 1 } };
const read = (value: unknown) => readScenarios(JSON.stringify(value), 'f.json');

function refused(value: unknown): string {
  try {
    read(value);
  } catch (error) {
    assert.equal((error as { code?: string }).code, 'ERR_INPUT_SCENARIO');
    return (error as Error).message;
  }
  return 'taken';
}

describe('what is taken', () => {
  test('one object or a list, in seconds', () => {
    const [one] = read(GOOD);
    assert.deepEqual(read([GOOD]), [one]);
    assert.deepEqual(one, {
      ...{ id: 'a', family: 'other', requests: 9, order: 'random', rttMs: 2, jitterMs: 0 },
      server: {
        ...{ mode: 'fifo', workers: [{ atMs: 0, workers: 3 }], queue: Infinity, reject: '503' },
        ...{ retryAfterMs: null, warmUp: null },
      },
      classes: [{ key: '', weight: 1, service: { dist: 'det', meanMs: 1000 } }],
      faults: { share500: 0, cost500: 1, share503: 0, shareReset: 0, shareHang: 0 },
      ...{ rateLimit: null, competitors: [], timeoutMs: Infinity },
    });
  });

  test('every field of the form', () => {
    const [one] = read({
      ...GOOD,
      server: {
        ...{
          mode: 'ps',
          workers: [
            [0, 1],
            [5, 8],
          ],
          queue: 4,
          reject: 'refused',
          retryAfter: 2,
        },
        warmup: { factor: 5, tau: 3 },
      },
      errors: { p500: 0.1, cost500: 0.5, p503: 0.2, pReset: 0.3, pHang: 0.4 },
      rateLimit: { type: 'window', limit: 60, window: 5, retryAfter: 'ceil', headers: true },
      competitor: { concurrency: 4, from: 10, to: 40, service: { dist: 'exp', mean: 2 } },
      timeout: 6,
    });
    assert.deepEqual(one?.server.workers, [
      { atMs: 0, workers: 1 },
      { atMs: 5000, workers: 8 },
    ]);
    assert.deepEqual(one?.server.warmUp, { factor: 5, tauMs: 3000 });
    assert.equal(one?.server.retryAfterMs, 2000);
    assert.deepEqual(one?.rateLimit, {
      ...{ kind: 'window', perSecond: 0, most: 60, windowMs: 5000, retryAfter: 'ceil', headers: true },
    });
    assert.deepEqual(one?.competitors, [
      { concurrency: 4, fromMs: 10_000, toMs: 40_000, service: { dist: 'exp', meanMs: 2000 } },
    ]);
    assert.equal(one?.faults.shareHang, 0.4);
    assert.equal(one?.timeoutMs, 6000);
  });

  test('the forty of the bench', () => {
    const all = benchScenarios();
    assert.equal(all.length, 40);
    assert.equal(new Set(all.map(({ id }) => id)).size, 40);
  });
});

describe('what is refused', () => {
  test('by file, scenario and field', () => {
    const rows: readonly (readonly [unknown, string])[] = [
      [{ ...GOOD, server: { workers: 0 } }, 'f.json, scenario 1: server.workers: expected a whole number'],
      [[GOOD, { ...GOOD, id: 'b', n: 1.5 }], 'f.json, scenario 2: n: expected a whole number'],
      [{ ...GOOD, n: 1e9 }, 'scenario 1: n: expected a whole number from 1 to 100000, got 1000000000'],
      [{ ...GOOD, workers: 3 }, 'scenario 1: workers: there is no such field'],
      [{ ...GOOD, server: { workers: 3, Queue: 1 } }, 'server.Queue: there is no such field'],
      [{ ...GOOD, service: { dist: 'exp', mean: 1, sigma: 2 } }, 'service.sigma: there is no such field'],
      [{ ...GOOD, service: { dist: 'normal', mean: 1 } }, 'service.dist: expected "det" or "uniform"'],
      [{ ...GOOD, service: { dist: 'det', mean: -1 } }, 'service.mean: expected a number from 0.000001'],
      [{ ...GOOD, service: undefined }, 'service: expected an object, got nothing'],
      [{ ...GOOD, errors: { p500: 2 } }, 'errors.p500: expected a number from 0 to 1, got 2'],
      [{ ...GOOD, server: { workers: [[5, 3]] } }, 'server.workers: expected'],
      [
        {
          ...GOOD,
          server: {
            workers: [
              [0, 3],
              [5, 2],
              [5, 4],
            ],
          },
        },
        'server.workers: expected',
      ],
      [{ ...GOOD, rateLimit: { type: 'leaky' } }, 'rateLimit.type: expected "bucket" or "window"'],
      [{ ...GOOD, competitor: { concurrency: 1e9 } }, 'competitor.concurrency: expected'],
      [{ ...GOOD, net: 5 }, 'scenario 1: net: expected an object, got 5'],
      [[GOOD, GOOD], 'f.json, scenario 2: id: expected another one than that of each before, got "a"'],
      [[], 'f.json: expected 1 to 1000 scenarios, got 0'],
      [[null], 'scenario 1: expected an object, got null'],
      [{ ...GOOD, id: '' }, 'id: expected a text of 1 to 80 characters, got ""'],
    ];
    for (const [value, words] of rows) {
      const message = refused(value);
      assert.ok(message.includes(words), `${message}\n  has not: ${words}`);
    }
  });

  test('text that is no JSON, and long values are not repeated', () => {
    assert.throws(() => readScenarios('{', 'f.json'), {
      code: 'ERR_INPUT_SCENARIO',
      message: /f\.json: expected JSON/,
    });
    assert.ok(refused({ ...GOOD, id: 'x'.repeat(100_000) }).length < 300);
    assert.ok(refused({ ...GOOD, ['y'.repeat(100_000)]: 1 }).length < 300);
  });
});
