import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../src/base/random.ts';
import { decideFate, plainWishes, readWishes } from '../../src/slow-server/overrides.ts';
import { arrivalRandom } from '../../src/workload/service-time.ts';

const USUAL = plainWishes({ kind: 'constant', ms: 1000 });

test('everything at once, as the documentation writes it', () => {
  const query = 'delay=150ms:10,2s:5&status=503:5,429:1&size=4kB&close=1&reset=1&drip=10kB/s';
  assert.deepEqual(readWishes(query, USUAL), {
    serviceTime: {
      kind: 'mix',
      mix: {
        parts: [
          { percent: 10, value: { kind: 'constant', ms: 150 } },
          { percent: 5, value: { kind: 'constant', ms: 2000 } },
        ],
        rest: USUAL.serviceTime,
      },
    },
    status: {
      parts: [
        { percent: 5, value: 503 },
        { percent: 1, value: 429 },
      ],
      rest: 200,
    },
    closePercent: 1,
    resetPercent: 1,
    bodyBytes: 4000,
    dripBytesPerSecond: 10_000,
  });
});

test('names that are none of ours mean nothing', () => {
  assert.deepEqual(readWishes('n=17&delayed=1s&__proto__=2', USUAL), USUAL);
});

test('a percent sign may come bare or encoded', () => {
  const uniform = { kind: 'uniform', ms: 1000, spreadPercent: 20 };
  assert.deepEqual(readWishes('delay=1s~20%', USUAL).serviceTime, uniform);
  assert.deepEqual(readWishes('delay=1s~20%25', USUAL).serviceTime, uniform);
});

const bad: [string, RegExp][] = [
  ['delay=1000', /^delay: 1000 has no unit/],
  ['delay=61s', /^delay: 61s is longer than the 60 s allowed here/],
  ['delay=1e9ms', /^delay: expected a duration/],
  ['delay=1s&delay=2s', /^delay: given 2 times/],
  ['status=99', /^status: expected a status from 200 to 599, got '99'/],
  ['status=600', /^status/],
  ['status=101', /^status/],
  ['status=503:200', /^status: expected a percentage/],
  ['close=maybe', /^close: expected a percentage from 0 to 100, got 'maybe'/],
  ['reset=101', /^reset/],
  ['size=10GB', /^size: 10GB is more than the 64 MB allowed here/],
  ['size=-1', /^size: expected a size/],
  ['drip=10B', /^drip: expected bytes per second/],
  ['drip=0B/s', /^drip: expected bytes per second/],
  ['size=64MB&drip=1B/s', /^drip: the body would take .* more than 10 min/],
];
for (const [query, message] of bad) {
  test(`W13, S09: refuses ${query}`, () =>
    assert.throws(() => readWishes(query, USUAL), { code: 'ERR_OPTION_INVALID', message }));
}

test('shares of faults come out as asked, and a new delay moves none of them', () => {
  const root = seededRandom(3);
  const fates = (query: string) => {
    const wishes = readWishes(query, USUAL);
    return Array.from({ length: 20_000 }, (_, i) => decideFate(wishes, arrivalRandom(root, i)));
  };
  const faults = 'status=503:5,429:1&close=10&reset=2';
  const slow = fates(faults);
  const share = (holds: (fate: (typeof slow)[0]) => boolean): number =>
    (slow.filter(holds).length / slow.length) * 100;
  assert.ok(Math.abs(share(fate => fate.status === 503) - 5) < 0.6);
  assert.ok(Math.abs(share(fate => fate.status === 429) - 1) < 0.3);
  assert.ok(Math.abs(share(fate => fate.fault === 'close') - 9.8) < 0.9);
  assert.ok(Math.abs(share(fate => fate.fault === 'reset') - 2) < 0.4);
  const quick = fates(`delay=exp(1s):50&${faults}`);
  const ends = (all: typeof slow) => all.map(fate => `${fate.status} ${fate.fault}`);
  assert.deepEqual(ends(quick), ends(slow));
});

test('a draw from a long tail is cut at the cap', () => {
  const wishes = readWishes('delay=lognormal(59s,5)', USUAL);
  const spans = Array.from({ length: 100 }, (_, i) => decideFate(wishes, seededRandom(i)).serviceMs);
  assert.equal(Math.max(...spans), 60_000);
});
