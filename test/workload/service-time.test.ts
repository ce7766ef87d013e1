import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { seededRandom } from '../../src/base/random.ts';
import {
  arrivalRandom,
  drawServiceTime,
  formatServiceTime,
  meanServiceTime,
  parseServiceTime,
  type ServiceTime,
} from '../../src/workload/service-time.ts';

const alike = { split: () => seededRandom(0), nth: () => seededRandom(0) };

const parse = (text: string): ServiceTime => parseServiceTime(text, { name: '--delay' });

function draws(time: ServiceTime, count = 100_000): number[] {
  const random = seededRandom(42);
  return Array.from({ length: count }, () => drawServiceTime(time, random)).sort((a, b) => a - b);
}

const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.floor(sorted.length * share)] as number;

function near(actual: number, expected: number, percent: number): void {
  assert.ok(
    Math.abs(actual / expected - 1) * 100 < percent,
    `${actual} is not within ${percent} % of ${expected}`,
  );
}

describe('reading', () => {
  const rows: [string, ServiceTime, string][] = [
    ['1s', { kind: 'constant', ms: 1000 }, '1 s'],
    ['150ms', { kind: 'constant', ms: 150 }, '150 ms'],
    ['0', { kind: 'constant', ms: 0 }, '0 ms'],
    ['1s~20%', { kind: 'uniform', ms: 1000, spreadPercent: 20 }, '1 s ± 20 %'],
    ['exp(200ms)', { kind: 'exponential', meanMs: 200 }, 'exp(200 ms)'],
    ['lognormal(200ms,0.5)', { kind: 'lognormal', medianMs: 200, sigma: 0.5 }, 'lognormal(200 ms, 0.5)'],
    ['lognormal(200ms, 0)', { kind: 'lognormal', medianMs: 200, sigma: 0 }, 'lognormal(200 ms, 0)'],
    [
      'exp(10ms):10,2s:5',
      {
        kind: 'mix',
        mix: {
          parts: [
            { percent: 10, value: { kind: 'exponential', meanMs: 10 } },
            { percent: 5, value: { kind: 'constant', ms: 2000 } },
          ],
          rest: { kind: 'constant', ms: 1000 },
        },
      },
      '10 % exp(10 ms), 5 % 2 s, else 1 s',
    ],
  ];
  for (const [text, time, shown] of rows) {
    test(text, () => {
      assert.deepEqual(parse(text), time);
      assert.equal(formatServiceTime(time), shown);
    });
  }

  const bad: [string, RegExp][] = [
    ['1', /--delay: 1 has no unit\. Write 1s or 1ms\./],
    ['fast', /--delay: expected a duration/],
    ['1s~20', /--delay: expected a spread from 0% to 100% in '1s~20', such as 1s~20%\./],
    ['1s~101%', /expected a spread/],
    ['exp(200)', /200 has no unit/],
    ['exp(1s,2)', /expected exp\(200ms\) or lognormal\(200ms,0\.5\), got 'exp\(1s,2\)'/],
    ['lognormal(200ms)', /expected exp\(200ms\) or lognormal/],
    ['lognormal(200ms,9)', /expected a sigma from 0 to 5/],
    ['lognormal(200ms,x)', /expected a sigma/],
    ['gamma(1s)', /expected exp/],
    ['1s:50,2s:60', /add up to 110/],
    ['-1s', /expected a duration/],
  ];
  for (const [text, message] of bad) {
    test(`refuses ${text}`, () => assert.throws(() => parse(text), { code: 'ERR_OPTION_INVALID', message }));
  }

  test('a span over the bound is refused, in every form', () => {
    const rules = { name: 'delay', msMax: 60_000 };
    for (const text of ['61s', '2m~1%', 'exp(61s)', 'lognormal(61s,1)', '61s:1']) {
      assert.throws(() => parseServiceTime(text, rules), {
        message: /^delay: .* longer than the 60 s allowed here/,
      });
    }
  });
});

describe('drawing', () => {
  test('uniform stays inside its spread and fills it', () => {
    const values = draws(parse('1s~20%'));
    near(mean(values), 1000, 1);
    assert.ok((values[0] as number) >= 800 && (values.at(-1) as number) < 1200);
    near(quantile(values, 0.25), 900, 1);
  });

  test('exponential has its mean and its quantiles', () => {
    const values = draws(parse('exp(200ms)'));
    near(mean(values), 200, 2);
    near(quantile(values, 0.5), 200 * Math.LN2, 2);
    near(quantile(values, 0.95), 200 * Math.log(20), 3);
  });

  test('log-normal has its median, its mean and its spread', () => {
    const time = parse('lognormal(200ms,0.5)');
    const values = draws(time);
    near(quantile(values, 0.5), 200, 2);
    near(mean(values), meanServiceTime(time), 2);
    near(quantile(values, 0.8413), 200 * Math.exp(0.5), 2);
  });

  test('a mix has the mean that it says', () => {
    const time = parse('150ms:10,exp(2s):5');
    near(meanServiceTime(time), 15 + 100 + 850, 0.001);
    near(mean(draws(time)), meanServiceTime(time), 2);
  });

  test('a draw is never negative nor endless, even at the edges of chance', () => {
    for (const edge of [0, 1 - 2 ** -32]) {
      for (const text of ['1s~100%', 'exp(1s)', 'lognormal(1s,5)']) {
        const ms = drawServiceTime(parse(text), { ...alike, next: () => edge });
        assert.ok(ms >= 0 && Number.isFinite(ms), `${text} at ${edge}: ${ms}`);
      }
    }
  });

  test('the draws of an arrival follow from seed and number, whatever was drawn before', () => {
    const time = parse('exp(1s)');
    const forwards = [0, 1, 2, 3].map(i => drawServiceTime(time, arrivalRandom(seededRandom(7), i)));
    const root = seededRandom(7);
    root.next();
    const backwards = [3, 2, 1, 0].map(i => drawServiceTime(time, arrivalRandom(root, i))).reverse();
    assert.deepEqual(forwards, backwards);
    assert.equal(new Set(forwards).size, 4);
  });

  test('neighbouring arrivals are as good as independent', () => {
    const root = seededRandom(7);
    const values = Array.from({ length: 20_000 }, (_, i) => arrivalRandom(root, i).next());
    near(mean(values), 0.5, 2);
    const products = values.slice(1).map((value, i) => (value - 0.5) * ((values[i] as number) - 0.5));
    assert.ok(Math.abs(mean(products)) < 0.003, `covariance ${mean(products)}`);
  });
});
