import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../src/base/random.ts';
import { DURATION_MS_MAX } from '../../src/base/units.ts';
import type { ResponseHeaders } from '../../src/model/attempt.ts';
import { parseServerQuota, type ServerQuota } from '../../src/model/server-quota.ts';

/** 30 January 2020, 14:14:16 UTC: the `Date` of a response of GitLab's. */
const NOW = 1_580_393_656_000;
const quotaOf = (headers: ResponseHeaders, nowEpochMs = NOW) => parseServerQuota(headers, nowEpochMs);
type Row = [string, ResponseHeaders, ServerQuota | undefined];
const rowsHold = (rows: readonly Row[]): void => {
  for (const [name, headers, expected] of rows)
    test(name, () => assert.deepEqual(quotaOf(headers), expected));
};

const source = 'RateLimit';
// The examples of draft-ietf-httpapi-ratelimit-headers-11, sections 3, 4, 7, 8.5 and B, and what they leave open.
rowsHold([
  [
    'draft-11: quota and window',
    { ratelimit: '"default";r=50;t=30' },
    { remaining: 50, resetMs: 30_000, source },
  ],
  [
    'draft-11: with its policy',
    { ratelimit: '"default";r=50;t=30', 'ratelimit-policy': '"default";q=100;w=60' },
    { remaining: 50, resetMs: 30_000, limit: 100, windowMs: 60_000, source },
  ],
  ['draft-11: used up', { ratelimit: '"problemPolicy";r=0;t=10' }, { remaining: 0, resetMs: 10_000, source }],
  [
    'draft-11: with a partition key',
    {
      ratelimit: '"peruser";r=3;t=60;pk=:QXBwLTk5OQ==:',
      'ratelimit-policy': '"peruser";q=100;w=60;pk=:cHsdsRa894==:',
    },
    { remaining: 3, resetMs: 60_000, limit: 100, windowMs: 60_000, source },
  ],
  [
    'draft-11: no window says not how long',
    { ratelimit: '"default";r=999;pk=:dHJpYWwxMjEzMjM=:' },
    undefined,
  ],
  [
    'draft-11: bytes are no requests',
    {
      ratelimit: '"size";r=300000;t=60, "calls";r=9;t=5',
      'ratelimit-policy': '"size";q=65535;qu="content-bytes";w=10',
    },
    { remaining: 9, resetMs: 5000, source },
  ],
  [
    'draft-11: nor are requests at once',
    { ratelimit: '"p";r=0;t=5', 'ratelimit-policy': '"p";q=5;qu="concurrent-requests"' },
    undefined,
  ],
  [
    'draft-11: the unit said aloud, as in its text and in its registry',
    {
      ratelimit: '"a";r=4;t=5,"b";r=5;t=5',
      'ratelimit-policy': '"a";q=9;qu="request","b";q=9;qu="requests"',
    },
    { remaining: 4, resetMs: 5000, limit: 9, source },
  ],
  [
    'draft-11: of several policies, the fewest remaining',
    {
      ratelimit: '"day";r=100;t=36000, "hour";r=900;t=60',
      'ratelimit-policy': '"hour";q=1000;w=3600,"day";q=5000;w=86400',
    },
    { remaining: 100, resetMs: 36_000_000, limit: 5000, windowMs: 86_400_000, source },
  ],
  [
    'draft-11: of equals, the longest',
    { ratelimit: 'a;r=1;t=5,b;r=1;t=9,c;r=1;t=7' },
    { remaining: 1, resetMs: 9000, source },
  ],
  [
    'draft-11: over several lines',
    { ratelimit: ['"a";r=5;t=1', '"b";r=4;t=2'] },
    { remaining: 4, resetMs: 2000, source },
  ],
  [
    'draft-11: other parameters are comments',
    { ratelimit: '"a";r=5;t=1;acme-x="y, z"' },
    { remaining: 5, resetMs: 1000, source },
  ],
  [
    'draft-11: a broken policy is no loss',
    { ratelimit: '"a";r=5;t=1', 'ratelimit-policy': 'a;;' },
    { remaining: 5, resetMs: 1000, source },
  ],
  [
    'draft-11: a window of nothing is none',
    { ratelimit: 'a;r=5;t=1', 'ratelimit-policy': 'a;q=9;w=0' },
    { remaining: 5, resetMs: 1000, limit: 9, source },
  ],
  [
    'draft-11: ten years at most',
    { ratelimit: 'a;r=0;t=999999999999999' },
    { remaining: 0, resetMs: DURATION_MS_MAX, source },
  ],
]);

rowsHold([
  [
    'draft-07: one Dictionary',
    { ratelimit: 'limit=100, remaining=50, reset=5' },
    { remaining: 50, resetMs: 5000, limit: 100, source },
  ],
  [
    'draft-07: with its policies',
    { ratelimit: 'limit=10, remaining=9, reset=1', 'ratelimit-policy': '1000;w=3600, 10;w=1' },
    { remaining: 9, resetMs: 1000, limit: 10, windowMs: 1000, source },
  ],
  [
    'draft-07: over several lines',
    { ratelimit: ['limit=9', 'remaining=8, reset=7'] },
    { remaining: 8, resetMs: 7000, limit: 9, source },
  ],
  ['draft-07: no limit', { ratelimit: 'remaining=8, reset=7' }, { remaining: 8, resetMs: 7000, source }],
  ['draft-07: no reset', { ratelimit: 'limit=100, remaining=50' }, undefined],
]);

const three = { 'ratelimit-limit': '100', 'ratelimit-remaining': '50', 'ratelimit-reset': '5' };
const threeQuota = { remaining: 50, resetMs: 5000, limit: 100, source: 'RateLimit-Remaining' } as const;
rowsHold([
  ['draft-06: three headers', three, threeQuota],
  [
    'draft-06: a limit with its policies',
    { ...three, 'ratelimit-limit': '100, 100;w=60, 5000;w=3600' },
    { ...threeQuota, windowMs: 60_000 },
  ],
  [
    'draft-06: policies of their own',
    { ...three, 'ratelimit-policy': '100;w=60;comment="x"' },
    { ...threeQuota, windowMs: 60_000 },
  ],
  ['draft-06: the same twice', { ...three, 'ratelimit-remaining': ['50', '50 '] }, threeQuota],
  ['draft-06: two that differ', { ...three, 'ratelimit-remaining': ['50', '51'] }, undefined],
  ['draft-06: a list where one number belongs', { ...three, 'ratelimit-remaining': '50, 51' }, undefined],
  ['draft-06: no reset', { 'ratelimit-remaining': '50' }, undefined],
  [
    "GitLab's: these names, and a point in time (gitlab-org/gitlab#199738)",
    { 'ratelimit-limit': '600', 'ratelimit-remaining': '595', 'ratelimit-reset': '1580393717' },
    { remaining: 595, resetMs: 61_000, limit: 600, source: 'RateLimit-Remaining' },
  ],
]);

const custom = (reset: string, more: ResponseHeaders = {}): ResponseHeaders => ({
  'x-ratelimit-limit': '60',
  'x-ratelimit-remaining': '7',
  'x-ratelimit-reset': reset,
  ...more,
});
const customQuota = (resetMs: number) =>
  ({ remaining: 7, resetMs, limit: 60, source: 'X-RateLimit-Remaining' }) as const;
rowsHold([
  ['X-RateLimit: seconds from now', custom('30'), customQuota(30_000)],
  ['X-RateLimit: a month of seconds is still from now', custom('2678400'), customQuota(2_678_400_000)],
  ['X-RateLimit: seconds since 1970, as GitHub has it', custom('1580393700'), customQuota(44_000)],
  ['X-RateLimit: with decimals', custom('1580393656.25'), customQuota(250)],
  ['X-RateLimit: milliseconds since 1970', custom('1580393657500'), customQuota(1500)],
  ['X-RateLimit: a reset that is past', custom('1580393600'), customQuota(0)],
  ['X-RateLimit: nor is the year 6978', custom('158039365750000'), undefined],
  ['X-RateLimit: microseconds since 1970 are not understood', custom('1580393657500000'), undefined],
  [
    'X-RateLimit: parts of a request do not count',
    custom('1', { 'x-ratelimit-remaining': '7.9' }),
    customQuota(1000),
  ],
  [
    'X-RateLimit: a limit that is no number is left out',
    custom('1', { 'x-ratelimit-limit': 'many' }),
    { remaining: 7, resetMs: 1000, source: 'X-RateLimit-Remaining' },
  ],
  ['X-RateLimit: two that differ', custom('1', { 'x-ratelimit-remaining': ['7', '8'] }), undefined],
  [
    'X-Rate-Limit: the other spelling',
    { 'x-rate-limit-limit': '15', 'x-rate-limit-remaining': '14', 'x-rate-limit-reset': '1580393657' },
    { remaining: 14, resetMs: 1000, limit: 15, source: 'X-RateLimit-Remaining' },
  ],
]);

for (const reset of [
  '',
  '-1',
  '+1',
  'soon',
  '1e3',
  '0x1f',
  '1.',
  '.5',
  '1,5',
  '²',
  '9'.repeat(400),
  'x'.repeat(100_000),
]) {
  test(`X-RateLimit-Reset: ${JSON.stringify(reset.slice(0, 20))} is malformed`, () =>
    assert.equal(quotaOf(custom(reset)), undefined));
}

for (const item of [
  ...[
    '"a";t=5',
    '"a";r=-1;t=5',
    '"a";r=1.5;t=5',
    '"a";r="1";t=5',
    '"a";r=1;t=-5',
    '"a";r=1;t=x',
    '5;r=1;t=5',
  ],
  ...[
    '"a";r=1;t=5,',
    '"a;r=1;t=5',
    '"a";r=1, t=5',
    'remaining=-1, reset=5',
    'remaining=1;reset=5',
    '"a";r=1;t=5, b',
    '"a";r=1;t=5, b;r=9;t=-5',
  ],
]) {
  test(`RateLimit: ${item} is malformed, and the next form counts`, () => {
    assert.equal(quotaOf({ ratelimit: item }), undefined);
    assert.deepEqual(quotaOf({ ...three, ratelimit: item }), threeQuota);
  });
}

test('the newest form counts, whichever else there is', () => {
  const headers = { ...custom('1'), ...three, ratelimit: 'a;r=1;t=1' };
  assert.equal(quotaOf(headers)?.source, 'RateLimit');
  assert.equal(quotaOf({ ...headers, ratelimit: undefined })?.source, 'RateLimit-Remaining');
});

test('nothing said is nothing known', () => {
  for (const headers of [
    {},
    { ratelimit: '' },
    { ratelimit: [] },
    { 'x-ratelimit-limit': '60', 'x-ratelimit-reset': '1' },
  ])
    assert.equal(quotaOf(headers), undefined);
});

test('fields longer than any honest one are not read', () => {
  const item = '"a";r=1;t=1';
  const blanks = ' '.repeat(100_000);
  for (const ratelimit of [
    `${item}${blanks}`,
    `${item},${blanks}${item}`,
    `"${'\\"'.repeat(50_000)}";r=1;t=1`,
    `${item}${';x'.repeat(50_000)}`,
    new Array<string>(10_000).fill(item),
    new Array<string>(65).fill(item),
    `limit=1,${blanks}remaining=1, reset=1`,
  ]) {
    assert.equal(quotaOf({ ratelimit }), undefined);
    assert.deepEqual(quotaOf({ ...three, ratelimit, 'ratelimit-policy': ratelimit }), threeQuota);
  }
  const { limit: _, ...withoutLimit } = threeQuota;
  assert.deepEqual(quotaOf({ ...three, 'ratelimit-limit': `100,${blanks}100;w=60` }), withoutLimit);
});

test('a clock that says nothing hides points in time alone', () => {
  assert.equal(quotaOf(custom('1580393700'), Number.NaN), undefined);
  assert.deepEqual(quotaOf(custom('30'), Number.NaN), customQuota(30_000));
});

test('whatever comes, the numbers are whole, finite and within bounds', () => {
  const pieces = ['"a"', 'a', ';r=', ';t=', ';q=', ';w=', ';r=1;t=9', ', ', '-', '.5', ' '].concat(
    ...['1', '7', '9'.repeat(15), 'limit=', 'remaining=', 'reset=', 'remaining=1, reset=1'],
  );
  const names = Object.keys({
    ...three,
    ...custom('1'),
    ratelimit: 1,
    'ratelimit-policy': 1,
    'x-rate-limit-remaining': 1,
  });
  let understood = 0;
  for (let seed = 0; seed < 30_000; seed++) {
    const random = seededRandom(seed);
    const pick = (list: readonly string[]): string => list[Math.floor(random.next() * list.length)] as string;
    const value = (): string =>
      Array.from({ length: 1 + random.next() ** 3 * 5 }, () => pick(pieces)).join('');
    const headers = Object.fromEntries(
      names.map(name => [name, random.next() < 0.3 ? [value(), value()] : value()]),
    );
    const quota = quotaOf(headers);
    if (quota === undefined) continue;
    understood++;
    const isSound =
      Number.isSafeInteger(quota.remaining) &&
      quota.remaining >= 0 &&
      quota.resetMs >= 0 &&
      quota.resetMs <= DURATION_MS_MAX;
    assert.ok(isSound, `seed ${seed}: ${JSON.stringify(headers)} gave ${JSON.stringify(quota)}`);
  }
  assert.ok(understood > 1000, `only ${understood} of the drawn headers were understood`);
});
