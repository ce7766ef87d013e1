import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PacelineError } from '../../src/base/errors.ts';
import { seededRandom } from '../../src/base/random.ts';
import { type Check, CheckTally, factsOf, type OutcomeFacts, parseCheck } from '../../src/control/checks.ts';
import type { AttemptEnd } from '../../src/model/attempt.ts';
import type { Summary } from '../../src/model/record.ts';
import type { Settled } from '../../src/model/settled.ts';

const read = (text: string): Check => parseCheck(text, '--check');

const FACTS: OutcomeFacts = {
  outcome: 'ok',
  status: 200,
  attempts: 2,
  bytes: 1000,
  serviceMs: 1500,
  responseMs: 2500,
  queueingMs: 250,
};
const NOT_STARTED: OutcomeFacts = { outcome: 'invalid_input', status: null, attempts: 0 };

/** Check, whether it holds for a request that ended well, whether for one that never started, what it saw of both. */
const onOutcomes: [string, boolean, boolean, string, string][] = [
  ['status<400', true, false, 'status 200', 'no status'],
  ['status==200', true, false, 'status 200', 'no status'],
  ['status!=200', false, false, 'status 200', 'no status'],
  ['status!=404', true, false, 'status 200', 'no status'],
  ['status>=200', true, false, 'status 200', 'no status'],
  ['status>200', false, false, 'status 200', 'no status'],
  ['outcome==ok', true, false, 'outcome ok', 'outcome invalid_input'],
  ['outcome!=timeout', true, true, 'outcome ok', 'outcome invalid_input'],
  ['attempts<=1', false, true, 'attempts 2', 'attempts 0'],
  ['bytes>0', true, false, 'bytes 1 kB', 'no bytes'],
  ['bytes>=1kB', true, false, 'bytes 1000 B', 'no bytes'],
  ['bytes<1KiB', true, false, 'bytes 1 kB', 'no bytes'],
  ['service<2s', true, false, 'service 1.50 s', 'no service'],
  ['response<500ms', false, false, 'response 2.50 s', 'no response'],
  ['response<=2.5s', true, false, 'response 2500 ms', 'no response'],
  ['queueing < 0.2s', false, false, 'queueing 250 ms', 'no queueing'],
  ['  status \t<  400 ', true, false, 'status 200', 'no status'],
];
for (const [text, holds, holdsNotStarted, saw, sawNotStarted] of onOutcomes) {
  test(`--check '${text}' looks at each request`, () => {
    const check = read(text);
    assert.ok(check.scope === 'outcome');
    assert.equal(check.text, text);
    assert.deepEqual([check.holds(FACTS), check.saw(FACTS)], [holds, saw]);
    assert.deepEqual([check.holds(NOT_STARTED), check.saw(NOT_STARTED)], [holdsNotStarted, sawNotStarted]);
  });
}

const SUMMARY: Summary = {
  ended: 'complete',
  makespanMs: 30_000,
  requests: 1000,
  attempts: 1100,
  outcomes: { ok: 980, timeout: 7, http_error: 10, cancelled: 3 },
  statuses: { 200: 980, 404: 1, 429: 4, 500: 2, 503: 3 },
  bytes: 5000,
  inFlightMax: 10,
  queueingMs: { p50: 1, p95: 2, p99: 3, max: 4 },
  serviceMs: { p50: 100, p95: 1990, p99: 2100, max: 2200 },
  responseMs: { p50: 110, p95: 2000.4, p99: 2500, max: 5000 },
};
const EMPTY: Summary = {
  ...{ ended: 'complete', makespanMs: 0, requests: 0, attempts: 0, outcomes: {}, statuses: {}, bytes: 0 },
  inFlightMax: 0,
};
const judged = (text: string, summary: Summary) => {
  const check = read(text);
  assert.ok(check.scope === 'summary');
  const { holds, saw } = check.judge(summary);
  return [holds, saw];
};

/** Check, whether it holds for the run above, what it saw there; and of a run that had no request. */
const onSummaries: [string, boolean, string, boolean, string][] = [
  ['p50<2s', true, '110 ms', false, 'not measured'],
  ['p95<2s', false, '2000.4 ms', false, 'not measured'],
  ['p95<=2000.4ms', true, '2000.4 ms', false, 'not measured'],
  ['p95(response)<3s', true, '2 s', false, 'not measured'],
  ['p95(service)<2s', true, '1990 ms', false, 'not measured'],
  ['p99 ( queueing ) > 3ms', false, '3 ms', false, 'not measured'],
  ['p99!=1s', true, '2.50 s', false, 'not measured'],
  ['max<4s', false, '5 s', false, 'not measured'],
  ['errors<1%', false, '1.7% (17 of 1000)', false, 'not measured'],
  ['errors==1.7%', true, '1.7% (17 of 1000)', false, 'not measured'],
  ['errors<=100 %', true, '1.7% (17 of 1000)', false, 'not measured'],
  ['errors<=3', false, '17 of 1000', true, '0 of 0'],
  ['errors==17', true, '17 of 1000', false, '0 of 0'],
  ['outcome(timeout)==0', false, '7 of 1000', true, '0 of 0'],
  ['outcome(timeout)==0.7%', true, '0.7% (7 of 1000)', false, 'not measured'],
  ['outcome( tls_error )==0', true, '0 of 1000', true, '0 of 0'],
  ['status(429)==4', true, '4 of 1000', false, '0 of 0'],
  ['status(418)==0', true, '0 of 1000', true, '0 of 0'],
  ['status(5xx)<=5', true, '5 of 1000', true, '0 of 0'],
  ['status(4xx)<5', false, '5 of 1000', true, '0 of 0'],
  ['rate>100/s', false, '33.33/s', false, 'not measured'],
  ['rate>=2000/min', true, '33.33/s', false, 'not measured'],
  ['rate>33', true, '33.33/s', false, 'not measured'],
  ['rate>0/s', true, '33.33/s', false, 'not measured'],
  ['requests==1000', true, '1000', false, '0'],
  ['requests>1000', false, '1000', false, '0'],
  ['duration<1m', true, '30 s', true, '0 ms'],
  ['duration<30s', false, '30000 ms', true, '0 ms'],
];
for (const [text, holds, saw, holdsEmpty, sawEmpty] of onSummaries) {
  test(`--check '${text}' looks at the summary`, () => {
    assert.deepEqual(judged(text, SUMMARY), [holds, saw]);
    assert.deepEqual(judged(text, EMPTY), [holdsEmpty, sawEmpty]);
  });
}

test('a share is compared to the last bit', () => {
  for (let errors = 0; errors <= 100; errors++) {
    const summary = { ...EMPTY, requests: 100, outcomes: { timeout: errors, ok: 100 - errors } };
    assert.equal(judged(`errors==${errors}%`, summary)[0], true);
    assert.equal(judged(`errors<${errors}%`, summary)[0], false);
  }
});

/** Text, what the message says, and where its mark stands. */
const refused: [string, RegExp, number][] = [
  ['', /a check begins with what is measured, such as status<400 or p95<2s\./, 0],
  ['<400', /a check begins with what is measured/, 0],
  ['  404', /a check begins with what is measured/, 2],
  ['status', /a comparison is expected here: < <= > >= == or !=\./, 6],
  ['status 400', /a comparison is expected here/, 7],
  ['status=400', /to compare, write ==\./, 6],
  ['status=<400', /to compare, write ==\./, 6],
  ['status<', /a value is missing after <\./, 7],
  ['status<  ', /a value is missing after <\./, 9],
  ['statsu<400', /there is nothing named 'statsu'\. Did you mean status\?/, 0],
  [' P95<2s', /there is nothing named 'P95'\. Did you mean p95\?/, 1],
  ['latency<2s', /nothing named 'latency'\. Known are status, .*, duration\./, 0],
  ['constructor<2s', /nothing named 'constructor'/, 0],
  ['status<4xx', /expected a status from 100 to 599, got '4xx'\./, 7],
  ['status<40', /expected a status from 100 to 599/, 7],
  ['status<600', /expected a status from 100 to 599/, 7],
  ['outcome==okay', /there is no outcome 'okay'\. Known are ok, .*, unknown\./, 9],
  ['outcome==time_out', /there is no outcome 'time_out'\. Did you mean timeout\?/, 9],
  ['outcome<ok', /an outcome is compared with == or !=, not with <\./, 8],
  ['attempts<=1.5', /expected a whole number such as 0 or 20, got '1\.5'\./, 10],
  ['attempts<=-1', /expected a whole number/, 10],
  ['bytes>1 furlong', /expected a size such as 512, 64kB or 1MiB, got '1 furlong'\./, 6],
  ['service<2', /--check: 2 has no unit\. Write 2s or 2ms\./, 8],
  ['service<fast', /expected a duration such as 250ms, 1s or 2m, got 'fast'\./, 8],
  ['service(p95)<2s', /service takes nothing in parentheses\./, 8],
  ['p95<2', /2 has no unit\. Write 2s or 2ms\./, 4],
  ['p95<100y', /expected a duration/, 4],
  ['p95(servce)<2s', /there is no span 'servce'\. Did you mean service\?/, 4],
  ['p95()<2s', /there is no span ''\. Known are response, service, queueing\./, 4],
  ['p95(constructor)<2s', /there is no span 'constructor'/, 4],
  ['p95(service<2s', /this parenthesis is not closed\./, 3],
  ['p90<2s', /nothing named 'p90'\. Did you mean p50\?/, 0],
  ['errors<101%', /a share is at most 100%\./, 7],
  ['errors<1.5', /expected a whole number or a share such as 1%, got '1\.5'\./, 7],
  ['errors<%', /expected a whole number or a share/, 7],
  ['errors(5xx)<1', /errors takes nothing in parentheses\./, 7],
  ['requests(ok)<1', /requests takes nothing in parentheses\./, 9],
  ['status(6xx)==0', /expected a status from 100 to 599, got '6xx'\./, 7],
  ['outcome(time)==0', /there is no outcome 'time'/, 8],
  ['rate>fast', /expected a rate such as 10\/s, 100\/min or 5\/15s, got 'fast'\./, 5],
  ['rate>1/0s', /no rate that can be kept/, 5],
  ['requests==1234567890123456', /expected a whole number/, 10],
  ['requests==many', /expected a whole number/, 10],
  ['status<400 && p95<2s', /expected a status from 100 to 599, got '400 && p95<2s'\./, 7],
];
for (const [text, message, column] of refused) {
  test(`--check refuses '${text}' and marks the place`, () => {
    assert.throws(
      () => read(text),
      (error: unknown) => {
        assert.ok(error instanceof PacelineError && error.code === 'ERR_OPTION_INVALID');
        const [problem = '', shown, mark] = error.message.split('\n');
        assert.match(problem, message);
        assert.match(problem, /^--check: /);
        assert.deepEqual([shown, mark], [`  ${text}`, `  ${' '.repeat(column)}^`]);
        return true;
      },
    );
  });
}

test('no mark is set under a text whose columns nobody can count', () => {
  for (const text of ['stät<400', 'status<4\u001b[2J', '状態<1', 'p95\n<2s'])
    assert.throws(
      () => read(text),
      (error: Error) => !error.message.includes('^'),
      text,
    );
  assert.throws(() => read('p95<5µ'), /\n {2}p95<5µ\n {6}\^$/);
});

test('a text of any length is refused before it is read', () => {
  for (const text of [
    '('.repeat(100_000),
    ' '.repeat(100_000),
    `p95<${'9'.repeat(100_000)}s`,
    'a'.repeat(201),
  ])
    assert.throws(() => read(text), {
      code: 'ERR_OPTION_INVALID',
      message: /has at most 200 characters, this one has/,
    });
  assert.equal(read(`status<${' '.repeat(190)}400`).scope, 'outcome');
});

const attempt = (more: Partial<AttemptEnd>): AttemptEnd => ({
  ...{ lane: 0, outcome: 'ok', status: 200, startedMs: 100, endedMs: 150, phasesMs: {}, bytes: 7, ...more },
});
const settled = (index: number, tries: AttemptEnd[]): Settled<null> => ({
  ...{
    index,
    request: null,
    outcome: tries.at(-1)?.outcome ?? 'cancelled',
    createdMs: 40,
    endedMs: 160,
    tries,
  },
});

test('facts are those of the last attempt; the waits for a permit add up', () => {
  const first = attempt({ outcome: 'http_error', status: 503, phasesMs: { permit: 60 }, bytes: 1 });
  const second = attempt({ phasesMs: { permit: 5 }, startedMs: 120 });
  assert.deepEqual(factsOf(settled(3, [first, second])), {
    ...{ outcome: 'ok', status: 200, attempts: 2, bytes: 7, serviceMs: 30, responseMs: 120, queueingMs: 65 },
  });
  assert.deepEqual(factsOf(settled(3, [])), { outcome: 'cancelled', status: null, attempts: 0 });
  assert.equal('queueingMs' in factsOf(settled(3, [attempt({})])), false);
});

test('the tally counts, names the first and keeps the order of the checks', () => {
  const tally = new CheckTally([read('requests==4'), read('status<400'), read('bytes>0'), read('p95<2s')]);
  const held = [
    settled(0, [attempt({})]),
    settled(7, [attempt({ outcome: 'http_error', status: 503 })]),
    settled(5, []),
    settled(6, [attempt({ outcome: 'http_error', status: 404, bytes: 0 })]),
  ].map(one => tally.add(one));
  assert.deepEqual(held, [true, false, false, false]);
  assert.deepEqual(tally.verdicts({ ...SUMMARY, requests: 4 }), [
    { text: 'requests==4', holds: true, saw: '4' },
    { text: 'status<400', holds: false, saw: '3 of 4 do not, first index 7, status 503' },
    { text: 'bytes>0', holds: false, saw: '2 of 4 do not, first index 5, no bytes' },
    { text: 'p95<2s', holds: false, saw: '2000.4 ms' },
  ]);
});

test('a tally whose every request holds says of how many', () => {
  const tally = new CheckTally([read('status<400')]);
  tally.add(settled(0, [attempt({})]));
  assert.deepEqual(tally.verdicts(SUMMARY), [{ text: 'status<400', holds: true, saw: 'all 1' }]);
});

test('no text makes it throw anything but ERR_OPTION_INVALID, and what it reads can be judged', () => {
  const metrics = [
    'status',
    'outcome',
    'p95',
    'max',
    'errors',
    'rate',
    'duration',
    'bytes',
    'requests',
    'status(5xx)',
  ];
  const operators = ['<', '<=', '>', '>=', '==', '!=', ' = ', ''];
  const values = ['400', '2s', '1%', '10/s', '0', 'ok', '5kB', '-1', '99%', '1e9', ''];
  const noise = [...new Array(60).fill(''), ' ', '(', ')', '(service)', '\u0000', '😀', '.', '='];
  let understood = 0;
  for (let seed = 0; seed < 20_000; seed++) {
    const random = seededRandom(seed);
    const text = [noise, metrics, noise, operators, noise, values, noise]
      .map(pieces => pieces[Math.floor(random.next() * pieces.length)])
      .join('');
    try {
      const tally = new CheckTally([read(text)]);
      tally.add(settled(0, []));
      for (const summary of [SUMMARY, EMPTY]) assert.equal(tally.verdicts(summary).length, 1);
      understood++;
    } catch (error) {
      const isOurs = error instanceof PacelineError && error.code === 'ERR_OPTION_INVALID';
      assert.ok(isOurs, `seed ${seed}: ${JSON.stringify(text)} threw ${error}`);
    }
  }
  assert.ok(understood > 1000, `only ${understood} texts were understood`);
});
