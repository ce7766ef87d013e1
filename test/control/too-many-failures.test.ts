import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PacelineError } from '../../src/base/errors.ts';
import { type FailureRules, parseErrorsMax, TooManyFailures } from '../../src/control/too-many-failures.ts';

const rules = (text: string | null, failEarly = false): FailureRules => ({
  failEarly,
  errorsMax: text === null ? null : parseErrorsMax(text, '--max-errors'),
});

/** Ends by index, `x` for not ok. @returns after how many it was over, and why; the count is null for at the end */
function judged(given: FailureRules, ends: string): [number | null, string | null] {
  const failures = new TooManyFailures(given);
  for (const [index, end] of [...ends].entries()) {
    const why = failures.add(end !== 'x', index);
    if (why !== null) return [index + 1, why];
  }
  return [null, failures.atEnd()];
}

test('when a run has failed, and in which words', () => {
  const cases: [given: FailureRules, ends: string, over: number | null, why: RegExp | null][] = [
    [rules(null), 'xxxx', null, null],
    [rules(null, true), '....', null, null],
    [
      rules(null, true),
      '..x.x',
      3,
      /^A request was not ok \(index 2\), and --fail-early ends the run at the first such one\.$/,
    ],
    [rules('0'), '..x', 3, /^1 of 3 requests were not ok, more than --max-errors 0 allows\.$/],
    [rules('2'), 'x.x..', null, null],
    [rules('2'), 'x.x.x', 5, /^3 of 5 requests/],
    // One of the first is no share of anything yet; at the end it is.
    [
      rules('5%'),
      'x'.repeat(10),
      null,
      /^10 of 10 requests were not ok, more than --max-errors 5% allows\.$/,
    ],
    [rules('50%'), 'x.', null, null],
    [rules('5%'), `${'x'.repeat(6)}${'.'.repeat(94)}`, 100, /^6 of 100 requests/],
    // Exactly as many as are allowed are allowed, to the last bit: 0.07 × 100 is more than 7 in a computer.
    [rules('7%'), `${'x'.repeat(7)}${'.'.repeat(93)}`, null, null],
    [rules('0%'), `${'.'.repeat(150)}x`, 151, /more than --max-errors 0% allows/],
    [rules('0.5%'), `${'.'.repeat(199)}x`, null, null],
    [rules('100%'), 'x'.repeat(200), null, null],
    [rules('3', true), '.x', 2, /--fail-early/],
    [rules('1%'), '', null, null],
  ];
  for (const [given, ends, over, why] of cases) {
    const [count, sentence] = judged(given, ends);
    const name = `${JSON.stringify(given)} ${ends.slice(0, 20)}`;
    assert.equal(count, over, name);
    if (why === null) assert.equal(sentence, null, name);
    else assert.match(sentence ?? '', why, name);
  }
});

test('a number of requests or a share of them; all else is refused with both forms', () => {
  for (const [text, read] of [
    ['0', { count: 0 }],
    ['10', { count: 10 }],
    ['5%', { percent: 5 }],
    ['0.25%', { percent: 0.25 }],
    ['100%', { percent: 100 }],
  ] as const)
    assert.deepEqual(parseErrorsMax(text, '--max-errors'), read);
  const form = 'expected a number of requests such as 10, or a share of them such as 5%';
  for (const [text, message] of [
    ['', `--max-errors: ${form}, got ''.`],
    ['-1', `--max-errors: ${form}, got '-1'.`],
    ['1.5', `--max-errors: ${form}, got '1.5'.`],
    ['0.05', `--max-errors: ${form}, got '0.05'.`],
    ['%', `--max-errors: ${form}, got '%'.`],
    ['5 %', `--max-errors: ${form}, got '5 %'.`],
    ['1e3', `--max-errors: ${form}, got '1e3'.`],
    ['9'.repeat(16), `--max-errors: ${form}, got '${'9'.repeat(16)}'.`],
    ['101%', '--max-errors 101%: at most 100%.'],
  ] as const) {
    assert.throws(
      () => parseErrorsMax(text, '--max-errors'),
      (error: unknown) => {
        assert.ok(error instanceof PacelineError && error.code === 'ERR_OPTION_INVALID');
        assert.equal(error.message, message);
        return true;
      },
    );
  }
});
