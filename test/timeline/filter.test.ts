// The filter language, word by word, against what the rows hold.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestLine, TryLine } from '../../src/model/record.ts';
import { Gathered } from '../../src/timeline/codec/gather.ts';
import { readFilter } from '../../src/timeline/large/filter.ts';
import { lineOf } from '../support/queue-model.ts';

function aTry(part: Partial<TryLine>): TryLine {
  return {
    lane: 0,
    outcome: 'ok',
    status: 200,
    startedMs: 0,
    endedMs: 10,
    phasesMs: { network: 1, ttfb: 9 },
    ...part,
  };
}

const refused = { code: 'ECONNREFUSED', message: 'nobody listens' } as const;
/** By index: fast, slow with a queue, failed and tried again, timed out without a status. */
const LINES: readonly RequestLine[] = [
  { ...lineOf(0, 0, [aTry({})]), url: 'http://h/items/1', id: 'first' },
  {
    ...lineOf(1, 0, [
      aTry({
        ...{ lane: 1, startedMs: 20, endedMs: 2020, phasesMs: { network: 2, queue: 1500, service: 498 } },
        server: { worker: '2', workers: 3, arrivedMs: 21, doubtMs: 0 },
      }),
    ]),
    ...{ url: 'http://h/items/2', method: 'POST', bytes: 70_000 },
  },
  {
    ...lineOf(2, 0, [
      aTry({
        lane: 2,
        outcome: 'network_error',
        status: null,
        error: refused,
        startedMs: 30,
        endedMs: 31,
        phasesMs: {},
      }),
      aTry({ lane: 2, status: 503, outcome: 'http_error', startedMs: 60, endedMs: 80 }),
    ]),
    url: 'http://h/other',
  },
  {
    ...lineOf(3, 0, [aTry({ lane: 3, outcome: 'timeout', status: null, startedMs: 90, endedMs: 5090 })]),
    url: 'http://h/x',
  },
];

/** The requests that match, each by its index and attempt. */
function matching(text: string): { found: string[]; problems: (string | null)[] } {
  const all = new Gathered();
  for (const line of LINES) all.add(line);
  const data = all.end();
  const { mask, terms } = readFilter(text, data, share => (share >= 0.99 ? 2_000_000 : 10_000));
  const found: string[] = [];
  for (let row = 0; row < data.rows; row++)
    if (mask === null || mask[row] === 1) found.push(`${data.request?.[row]}.${data.columns.number[row]}`);
  return { found: found.sort(), problems: terms.map(term => term.problem) };
}

const TABLE: readonly (readonly [string, readonly string[]])[] = [
  ['', ['0.1', '1.1', '2.1', '2.2', '3.1']],
  ['status:200', ['0.1', '1.1']],
  ['status:5xx', ['2.2']],
  ['status>=500', ['2.2']],
  ['status:none', ['2.1', '3.1']],
  ['outcome:timeout', ['3.1']],
  ['lane:3', ['2.1', '2.2']],
  ['lane>2', ['2.1', '2.2', '3.1']],
  ['worker:2', ['1.1']],
  ['worker:3', []],
  ['attempt>1', ['2.2']],
  ['request:2', ['1.1']],
  ['phase.queue>500ms', ['1.1']],
  ['latency>1s', ['1.1', '3.1']],
  ['latency>p99', ['3.1']],
  ['latency<=p50', ['0.1', '2.1']],
  ['url:/items/*', ['0.1', '1.1']],
  ['url:http*2', ['1.1']],
  ['method:post', ['1.1']],
  ['id:first', ['0.1']],
  ['bytes>64kB', ['1.1']],
  ['error:econn', ['2.1']],
  ['ECONN', ['2.1']],
  ['other', ['2.1', '2.2']],
  ['"nobody listens"', ['2.1']],
  ['is:failed', ['2.1', '2.2', '3.1']],
  ['-is:failed', ['0.1', '1.1']],
  ['is:retried', ['2.2']],
  ['is:critical', ['3.1']],
  ['t:55ms-100ms', ['1.1', '2.2', '3.1']],
  ['is:failed lane:3', ['2.1', '2.2']],
  ['is:failed -lane:3 latency>1s', ['3.1']],
];

for (const [text, expected] of TABLE) {
  test(`filter '${text}'`, () => {
    const { found, problems } = matching(text);
    assert.deepEqual(
      problems.filter(problem => problem !== null),
      [],
    );
    assert.deepEqual(found, expected);
  });
}

test('a word that cannot be understood says why, and the others still count', () => {
  const wrong: readonly (readonly [string, RegExp])[] = [
    ['nothing:1', /There is no 'nothing'\. Names: status/],
    ['phase.sleep>1s', /There is no phase 'sleep'\. Phases: permit/],
    ['latency>5', /'5' is not a duration such as 500ms/],
    ['lane:two', /'two' is not a whole number/],
    ['outcome:great', /There is no outcome 'great'/],
    ['t:1s', /t: expected two times/],
    ['is:nice', /Write is:failed/],
  ];
  for (const [text, says] of wrong) {
    const { found, problems } = matching(`${text} status:200`);
    assert.match(problems[0] ?? '', says);
    assert.equal(problems[1], null);
    assert.deepEqual(found, ['0.1', '1.1']);
  }
});
