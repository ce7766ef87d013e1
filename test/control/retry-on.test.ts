import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PacelineError } from '../../src/base/errors.ts';
import { seededRandom } from '../../src/base/random.ts';
import { parseRetryOn, RETRY_ON_DEFAULT, type RetryOn, retriesOn } from '../../src/control/retry-on.ts';
import type { AttemptEnd } from '../../src/model/attempt.ts';
import { OUTCOMES, type OutcomeKind, type TimeoutPhase } from '../../src/model/outcome.ts';
import { OUTCOME_CODES } from '../../src/model/outcome-codes.ts';

const read = (text: string): RetryOn => parseRetryOn(text, '--retry-on');
const statuses = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);
const on = (statuses: number[], { timeout = false, connection = false } = {}): RetryOn => ({
  statuses,
  timeout,
  connection,
});

const lists: [string, RetryOn, string][] = [
  ['default', RETRY_ON_DEFAULT, 'the default, by name'],
  ['503', on([503]), 'a list of its own leaves the default'],
  ['503,429,503', on([429, 503]), 'each once, rising'],
  ['202', on([202]), 'a status that is no failure: polling'],
  ['timeout,connection', on([], { timeout: true, connection: true }), 'no status at all'],
  ['4xx,!404,!400', on(statuses(401, 499).filter(status => status !== 404)), 'a class and exceptions'],
  [
    '!429',
    { ...RETRY_ON_DEFAULT, statuses: [408, 500, 502, 503, 504] },
    'begins with a negation: from the default',
  ],
  [
    '!timeout,404',
    { ...RETRY_ON_DEFAULT, statuses: [404, 408, 429, 500, 502, 503, 504], timeout: false },
    'and goes on',
  ],
  ['!503,503', RETRY_ON_DEFAULT, 'the later word wins'],
  ['503,!503', on([]), 'either way'],
  ['!default', on([]), 'the default taken from the default'],
  [
    '5xx,timeout,!default',
    on(statuses(500, 599).filter(s => ![500, 502, 503, 504].includes(s))),
    'or from a list',
  ],
  ['none', on([]), 'never'],
  ['default,none,404', on([404]), 'none takes away what stands before it'],
  [
    ' 5XX , Timeout ,! 501',
    on(
      [...statuses(500, 599)].filter(s => s !== 501),
      { timeout: true },
    ),
    'blanks, capitals',
  ],
  ['100,599', on([100, 599]), 'the smallest and the largest'],
  ['1xx', on(statuses(100, 199)), 'the lowest class'],
];
for (const [text, expected, why] of lists) {
  test(`--retry-on ${text}: ${why}`, () => assert.deepEqual(read(text), expected));
}

test('the default is the documented one, and plain data', () => {
  assert.deepEqual(read('408,429,500,502,503,504,timeout,connection'), RETRY_ON_DEFAULT);
  assert.deepEqual(JSON.parse(JSON.stringify(RETRY_ON_DEFAULT)), RETRY_ON_DEFAULT);
});

const refused: [string, RegExp][] = [
  ['', /^--retry-on: '' is not a status .* A word is missing/],
  ['503,', /A word is missing between two commas, or at an end/],
  ['503,,429', /A word is missing/],
  ['!', /A word is missing/],
  ['timeouts', /'timeouts' is not a status .* Did you mean timeout\?/],
  ['conn', /Did you mean connection\?/],
  ['network_error', /Did you mean connection\?/],
  ['ETIMEDOUT', /Did you mean timeout\?/],
  ['5x', /Did you mean 5xx\?/],
  ['50x', /Did you mean 5xx\?/],
  ['4*', /Did you mean 4xx\?/],
  ['6xx', /'6xx' is not/],
  ['99', /Statuses are 100 to 599\./],
  ['600', /Statuses are 100 to 599\./],
  ['0503', /Statuses are 100 to 599\./],
  ['-503', /Statuses are 100 to 599\./],
  ['５０３', /'５０３' is not/],
  ['!none', /To take all away, write none\./],
  ['!!503', /'!!503' is not/],
  ['503;429', /'503;429' is not/],
  ['503 429', /'503 429' is not/],
  ['constructor', /'constructor' is not .* before it\.$/],
  ['x'.repeat(100), /'x{40}…' is not/],
  ['503,'.repeat(25_000), /longer than 4096 characters/],
];
for (const [text, message] of refused) {
  test(`--retry-on refuses ${JSON.stringify(text.slice(0, 40))}`, () =>
    assert.throws(() => read(text), { code: 'ERR_OPTION_INVALID', message }));
}

type End = Pick<AttemptEnd, 'outcome' | 'status' | 'error'>;
const end = (
  outcome: OutcomeKind,
  code?: string,
  more: { status?: number; phase?: TimeoutPhase } = {},
): End => ({
  outcome,
  status: more.status ?? null,
  ...(code !== undefined && { error: { code, message: '', ...(more.phase && { phase: more.phase }) } }),
});
const EVERYTHING = read('1xx,2xx,3xx,4xx,5xx,timeout,connection');

test('I28, C19: a whole response goes by its status alone', () => {
  for (let status = 100; status <= 599; status++) {
    for (const [outcome, code] of [
      [status < 400 ? 'ok' : 'http_error'],
      ['handler_error', 'HANDLER_THREW'],
    ] as const) {
      const isNamed = [408, 429, 500, 502, 503, 504].includes(status);
      assert.equal(
        retriesOn(RETRY_ON_DEFAULT, end(outcome, code, { status })),
        isNamed,
        `${outcome} ${status}`,
      );
      assert.equal(retriesOn(EVERYTHING, end(outcome, code, { status })), true);
      assert.equal(retriesOn(read('timeout,connection'), end(outcome, code, { status })), false);
    }
  }
  assert.equal(
    retriesOn(EVERYTHING, end('handler_error', 'FUNCTION_THREW')),
    false,
    'no response, no status',
  );
});

/** Outcome, code, phase, and the word that names it; null for none. */
const ends: [OutcomeKind, string | undefined, TimeoutPhase | undefined, 'timeout' | 'connection' | null][] = [
  ['timeout', 'TIMEOUT_CONNECT', 'connect', 'timeout'],
  ['timeout', 'TIMEOUT_HEADERS', 'headers', 'timeout'],
  ['timeout', 'TIMEOUT_BODY', 'body', 'timeout'],
  ['timeout', 'TIMEOUT_REQUEST', 'request', null],
  ['timeout', 'TIMEOUT_REQUEST', undefined, null],
  ['timeout', 'TIMEOUT_HEADERS', 'request', null],
  ['timeout', 'TIMEOUT_HEADERS', 'run', null],
  ['network_error', 'ECONNRESET', undefined, 'connection'],
  ['network_error', 'CONNECTION_CLOSED', undefined, 'connection'],
  ['network_error', 'UNKNOWN', undefined, 'connection'],
  ['network_error', 'ENOTFOUND', undefined, null],
  ['network_error', 'PROXY_REFUSED', undefined, null],
  ['network_error', 'EAI_AGAIN', undefined, 'connection'],
  ['protocol_error', 'TRUNCATED', undefined, 'connection'],
  ['protocol_error', 'TRUNCATED_ENCODING', undefined, 'connection'],
  ['protocol_error', 'CONNECTION_CLOSED', undefined, 'connection'],
  ['protocol_error', 'BAD_RESPONSE', undefined, null],
  ['protocol_error', 'BAD_ENCODING', undefined, null],
  ['protocol_error', 'TOO_MANY_INFORMATIONAL', undefined, null],
  ['protocol_error', undefined, undefined, null],
  ['tls_error', 'CERT_HAS_EXPIRED', undefined, null],
  ['too_large', 'BODY_TOO_LARGE', undefined, null],
  ['invalid_input', 'INVALID_REQUEST', undefined, null],
  ['cancelled', 'INTERRUPTED', undefined, null],
  ['unknown', 'WORKER_LOST', undefined, null],
  ['unknown', 'TIMEOUT_HEADERS', 'headers', 'timeout'],
  ['unknown', 'TIMEOUT_REQUEST', 'request', null],
  ['unknown', 'ECONNRESET', undefined, 'connection'],
  ['unknown', 'TRUNCATED', undefined, 'connection'],
  ['unknown', 'ENOTFOUND', undefined, null],
  ['unknown', undefined, undefined, null],
];
for (const [outcome, code, phase, word] of ends) {
  test(`I28: ${outcome} ${code ?? 'without a code'}${phase ? ` (${phase})` : ''}: ${word ?? 'never'}`, () => {
    // A status may have come before the end; it is not what the end goes by.
    for (const status of [undefined, 503]) {
      const one = end(outcome, code, { ...(phase && { phase }), ...(status && { status }) });
      assert.equal(retriesOn(EVERYTHING, one), word !== null);
      assert.equal(retriesOn(read('timeout'), one), word === 'timeout');
      assert.equal(retriesOn(read('connection'), one), word === 'connection');
      assert.equal(retriesOn(read('503'), one), false);
    }
  });
}

test('I28: none retries nothing, whatever the outcome and the code', () => {
  for (const outcome of OUTCOMES)
    for (const code of [...Object.keys(OUTCOME_CODES), 'ECONNRESET'])
      assert.equal(retriesOn(read('none'), end(outcome, code, { status: 503 })), false, `${outcome} ${code}`);
});

test('no list makes it throw anything but ERR_OPTION_INVALID, and what it reads is in order', () => {
  const pieces = [
    '503',
    '5xx',
    'timeout',
    'connection',
    'default',
    'none',
    '!',
    ',',
    ' ',
    'x',
    '7',
    '\u0000',
    '😀',
  ];
  for (let seed = 0; seed < 20_000; seed++) {
    const random = seededRandom(seed);
    const length = 1 + Math.floor(random.next() * 8);
    const text = Array.from({ length }, () => pieces[Math.floor(random.next() * pieces.length)]).join('');
    try {
      const { statuses } = read(text);
      assert.ok(
        statuses.every((status, index) => index === 0 || status > (statuses[index - 1] as number)),
        `seed ${seed}: ${JSON.stringify(text)}`,
      );
    } catch (error) {
      const isOurs = error instanceof PacelineError && error.code === 'ERR_OPTION_INVALID';
      assert.ok(isOurs, `seed ${seed}: ${JSON.stringify(text)} threw ${error}`);
    }
  }
});
