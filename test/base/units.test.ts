import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  formatCount,
  formatDuration,
  formatShare,
  formatSize,
  parseDuration,
  parseSize,
} from '../../src/base/units.ts';

const DURATIONS = [
  ['250ms', 250],
  ['1s', 1000],
  ['1.5s', 1500],
  ['.5s', 500],
  ['2m', 120_000],
  ['2min', 120_000],
  ['1h', 3_600_000],
  ['10us', 0.01],
  ['10µs', 0.01],
  [' 1 s ', 1000],
  ['0', 0], // zero needs no unit
] as const;

test('durations are read as they are written', () => {
  for (const [text, ms] of DURATIONS) assert.equal(parseDuration(text, '--delay'), ms, text);
});

test('a bare number is refused with its two likely readings', () => {
  assert.throws(() => parseDuration('5', '--timeout'), {
    code: 'ERR_OPTION_INVALID',
    message: '--timeout: 5 has no unit. Write 5s or 5ms.',
  });
});

test('what is no duration is refused by name', () => {
  for (const text of ['', 'soon', '-1s', '1e3ms', '1s2', '1 day', 'NaN', '1.2.3s', '11y', '1S'])
    assert.throws(() => parseDuration(text, '--delay'), /^PacelineError: --delay: /, text);
  assert.throws(() => parseDuration('999999h', '--delay'), /longer than ten years/);
});

test('sizes are read as they are written', () => {
  const sizes = { '512': 512, '64kB': 64_000, '1MiB': 1_048_576, '1.5KiB': 1536, '1GB': 1e9, '7B': 7 };
  for (const [text, bytes] of Object.entries(sizes)) assert.equal(parseSize(text, '--max-body'), bytes, text);
  for (const text of ['', '-1', '1TB', 'kB', '99999999GB'])
    assert.throws(() => parseSize(text, '--max-body'), { code: 'ERR_OPTION_INVALID' }, text);
});

test('spans are shown with three digits and one unit', () => {
  const shown = [
    [0, '0 ms'],
    [0.0004, '< 1 µs'],
    [0.35, '350 µs'],
    [350, '350 ms'],
    [999.4, '999 ms'],
    [999.6, '1 s'],
    [1040, '1.04 s'],
    [61_500, '61.5 s'],
    [150_000, '2.50 min'],
    [3 * 3_600_000, '3 h'],
    [119 * 3_600_000, '119 h'],
    [87_660 * 3_600_000, '3653 days'],
  ] as const;
  for (const [ms, text] of shown) assert.equal(formatDuration(ms), text);
  assert.equal(formatSize(999), '999 B');
  assert.equal(formatSize(1_048_576), '1.05 MB');
  assert.equal(formatCount(1_000_000), '1\u202f000\u202f000');
});

test('a share is never all of it before it is, and never nothing before that', () => {
  const shown = [
    [0, '0 %'],
    [1e-9, '< 0.1 %'],
    [0.001, '0.1 %'],
    [0.0994, '9.9 %'],
    [0.0996, '10 %'],
    [0.874, '87 %'],
    [0.999_999, '99 %'],
    [1, '100 %'],
    [1.5, '150 %'],
  ] as const;
  for (const [share, text] of shown) assert.equal(formatShare(share), text);
});
