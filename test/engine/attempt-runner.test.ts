// One attempt over a transport that does as it is told: what ends it first is its cause, and what comes after
// changes nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Handler } from '../../src/engine/handler.ts';
import type { EarlyEnd, ExchangeEvents } from '../../src/engine/ports.ts';
import type { AttemptEnd } from '../../src/model/attempt.ts';
import { ATTEMPT_LIMITS } from '../../src/model/plan.ts';
import { startAttempt } from '../support/one-attempt.ts';

const LIMITS = { ...ATTEMPT_LIMITS, connectMs: 10, headersMs: 100, bodyMs: 20 };
const RESET: EarlyEnd = { outcome: 'network_error', error: { code: 'ECONNRESET', message: 'reset' } };
const STOP: EarlyEnd = { outcome: 'cancelled', error: { code: 'INTERRUPTED', message: '^C' } };
const BODY = new TextEncoder().encode('{"a":1}');

/** What the server does at which instant. */
type Script = readonly (readonly [number, (events: ExchangeEvents) => void])[];

const sent = (events: ExchangeEvents): void => events.onSent();
const headers = (events: ExchangeEvents): void => events.onHeaders(200, {});
const data = (events: ExchangeEvents): void => events.onData(BODY);
const end = (events: ExchangeEvents): void => events.onEnd(BODY.length);
const reset = (events: ExchangeEvents): void => events.onFailed(RESET, 3);
const WHOLE: Script = [
  [5, sent],
  [50, headers],
  [60, data],
  [61, end],
];

interface Given {
  readonly script: Script;
  readonly timeoutMs?: number;
  readonly handler?: Handler;
  readonly keepBodyBytesMax?: number;
  readonly cancelAtMs?: number;
  /** The transport does not answer an abort. */
  readonly deaf?: boolean;
}

async function run(given: Given): Promise<{ ends: AttemptEnd[]; aborts: number[] }> {
  const aborts: number[] = [];
  let over = false;
  const { keepBodyBytesMax = 0, handler, timeoutMs, cancelAtMs } = given;
  const { clock, ends, runner } = startAttempt({
    plan: { limits: LIMITS, keepBody: keepBodyBytesMax > 0, keepBodyBytesMax },
    handler,
    openLane: (events, clock) => ({
      send: () => {
        for (const [atMs, step] of given.script)
          clock.schedule(atMs, () => {
            if (!over) step(events);
          });
      },
      abort: () => {
        aborts.push(clock.now());
        if (given.deaf) return;
        over = true;
        clock.schedule(clock.now() + 2, () => events.onFailed(RESET, 0));
      },
    }),
    ...{ id: 'x', index: 4 },
    ...(timeoutMs !== undefined && { deadlineMs: timeoutMs }),
  });
  if (cancelAtMs !== undefined) clock.schedule(cancelAtMs, () => runner.cancel(STOP));
  do await new Promise(resolve => setImmediate(resolve));
  while (clock.step());
  return { ends, aborts };
}

test('a whole response: its phases, its bytes, no timer left to fire', async () => {
  const { ends, aborts } = await run({ script: WHOLE });
  assert.deepEqual(ends, [
    {
      lane: 0,
      outcome: 'ok',
      status: 200,
      startedMs: 0,
      endedMs: 61,
      phasesMs: { network: 5, ttfb: 45, download: 11 },
      bytes: 7,
    },
  ]);
  assert.deepEqual(aborts, []);
});

const TIMEOUTS: readonly [string, Given, string | null, number][] = [
  [
    'connected just in time',
    {
      script: [
        [9.9, sent],
        [50, headers],
        [50, end],
      ],
    },
    null,
    0,
  ],
  ['never connected', { script: [] }, 'connect', 10],
  [
    'headers at the last instant',
    {
      script: [
        [5, sent],
        [105, headers],
        [105, end],
      ],
    },
    null,
    0,
  ],
  ['never answered', { script: [[5, sent]] }, 'headers', 105],
  [
    'a body with pauses as long as allowed',
    {
      script: [
        [5, sent],
        [9, headers],
        [29, data],
        [49, data],
        [69, end],
      ],
    },
    null,
    0,
  ],
  [
    'a body that stops',
    {
      script: [
        [5, sent],
        [9, headers],
        [20, data],
      ],
    },
    'body',
    40,
  ],
  [
    'a body that never begins',
    {
      script: [
        [5, sent],
        [9, headers],
      ],
    },
    'body',
    29,
  ],
  ['the request, while connecting', { script: [], timeoutMs: 7 }, 'request', 7],
  ['the request, while waiting', { script: [[5, sent]], timeoutMs: 60 }, 'request', 60],
  [
    'the request, while reading',
    {
      script: [
        [5, sent],
        [9, headers],
        [25, data],
        [40, data],
      ],
      timeoutMs: 41,
    },
    'request',
    41,
  ],
];

for (const [name, given, phase, atMs] of TIMEOUTS) {
  test(`timeout: ${name} → ${phase ?? 'none'}`, async () => {
    const { ends, aborts } = await run(given);
    assert.equal(ends.length, 1);
    assert.equal(ends[0]?.outcome, phase === null ? 'ok' : 'timeout');
    assert.equal(ends[0]?.error?.phase, phase ?? undefined);
    assert.deepEqual(aborts, phase === null ? [] : [atMs]);
    if (phase !== null) assert.equal(ends[0]?.endedMs, atMs + 2); // over when the socket is gone
  });
}

test('the first cause wins: a timeout, then the reset that its abort brings', async () => {
  const { ends } = await run({ script: [[5, sent]], cancelAtMs: 106 });
  assert.equal(ends[0]?.error?.code, 'TIMEOUT_HEADERS');
});

test('a cancel, then a whole response all the same: it stays cancelled', async () => {
  const { ends } = await run({ script: WHOLE, cancelAtMs: 55, deaf: true });
  assert.deepEqual([ends.length, ends[0]?.outcome, ends[0]?.error?.code], [1, 'cancelled', 'INTERRUPTED']);
});

test('a response at the same instant as the cancel, before it: it counts', async () => {
  const { ends, aborts } = await run({ script: WHOLE, cancelAtMs: 61 });
  assert.deepEqual([ends.length, ends[0]?.outcome, aborts.length], [1, 'ok', 0]);
});

test('a connection that breaks says so, with what had come', async () => {
  const { ends } = await run({
    script: [
      [5, sent],
      [50, headers],
      [55, reset],
    ],
  });
  assert.deepEqual([ends[0]?.outcome, ends[0]?.status, ends[0]?.bytes], ['network_error', 200, 3]);
});

test('a status of 400 or more is http_error, one below is ok', async () => {
  for (const [status, outcome] of [
    [399, 'ok'],
    [400, 'http_error'],
    [503, 'http_error'],
  ] as const) {
    const answered: Script = [
      [5, sent],
      [6, events => events.onHeaders(status, {})],
      [7, end],
    ];
    const { ends } = await run({ script: answered });
    assert.equal(ends[0]?.outcome, outcome);
  }
});

test('a body is kept up to its bound, copied from what the transport lends', async () => {
  assert.deepEqual((await run({ script: WHOLE, keepBodyBytesMax: 7 })).ends[0]?.body, BODY);
  assert.equal((await run({ script: WHOLE, keepBodyBytesMax: 6 })).ends[0]?.body, undefined);
  const lent = new Uint8Array([1, 2]);
  const twice: Script = [
    [5, sent],
    [6, headers],
    [7, events => events.onData(lent)],
    [8, events => events.onData(lent.fill(9))],
    [9, end],
  ];
  assert.deepEqual(
    (await run({ script: twice, keepBodyBytesMax: 9 })).ends[0]?.body,
    new Uint8Array([1, 2, 9, 9]),
  );
});

test('a handler sees the response; what it returns or resolves to is the value', async () => {
  const now = await run({
    script: WHOLE,
    handler: (response, { index, id }) => [response.json(), index, id],
  });
  assert.deepEqual(now.ends[0]?.value, [{ a: 1 }, 4, 'x']);
  const later = await run({ script: WHOLE, handler: async response => response.text().length });
  assert.equal(later.ends[0]?.value, 7);
});

test('A05: a handler that throws, whatever it throws, ends the attempt as handler_error', async () => {
  const thrown = [new Error('no'), null, undefined, 'text', { message: 7 }, Object.create(null)];
  for (const one of thrown) {
    const throwing: Handler = () => {
      throw one;
    };
    for (const handler of [throwing, () => Promise.reject(one)]) {
      const { ends } = await run({ script: WHOLE, handler });
      assert.deepEqual([ends.length, ends[0]?.outcome, ends[0]?.status], [1, 'handler_error', 200]);
      assert.match(ends[0]?.error?.message ?? '', /^The handler threw: ./);
    }
  }
});

test('a handler is told to stop by its signal; the time it took is not the server’s', async () => {
  const handler: Handler = (_, { signal }) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  const { ends, aborts } = await run({ script: WHOLE, handler, timeoutMs: 500 });
  assert.deepEqual([ends[0]?.outcome, ends[0]?.error?.phase, aborts], ['timeout', 'request', []]);
  assert.deepEqual(ends[0]?.phasesMs, { network: 5, ttfb: 45, download: 11, handler: 439 });
});
