// Which answers are asked for again, when, and how often: over real sockets.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type FetchAllOptions, type FetchOutcome, fetchAll } from '../../src/index.ts';
import { type Answer, type RawServer, startRawServer } from '../support/raw-server.ts';
import { sized } from '../support/soak.ts';

const answered = (status: number, headers = ''): string =>
  `HTTP/1.1 ${status} X\r\nContent-Length: 0\r\n${headers}\r\n`;

async function ask(
  t: TestContext,
  answer: Answer,
  options: FetchAllOptions & { readonly count?: number },
): Promise<{ server: RawServer; outcomes: FetchOutcome[] }> {
  const server = await startRawServer(answer);
  t.after(() => server.close());
  const { count = 1, ...rest } = options;
  const urls = Array.from({ length: count }, (_, i) => `${server.origin}/${i}`);
  return { server, outcomes: await Array.fromAsync(fetchAll(urls, { order: 'input', ...rest })) };
}

test('C19: of all statuses, those of the documented table are asked for again, no other', async t => {
  const again = [408, 429, 500, 502, 503, 504];
  const others = [
    200, 204, 301, 304, 400, 401, 403, 404, 409, 410, 421, 425, 501, 505, 507, 511, 522, 524, 599,
  ];
  for (const status of [...again, ...others]) {
    const { server, outcomes } = await ask(t, socket => socket.write(answered(status)), {
      retries: 1,
      retryDelayMs: 0,
    });
    assert.equal(server.requests.length, again.includes(status) ? 2 : 1, `${status}`);
    assert.equal(outcomes[0]?.status, status);
    await server.close();
  }
});

const DATE = 'Date: Fri, 27 Nov 2026 10:00:00 GMT\r\n';
const waits: [said: string, waitMs: number | undefined, noted: string | undefined][] = [
  ['Retry-After: 0', 0, undefined],
  ['Retry-After: \t 0 \t', 0, undefined],
  [`${DATE}Retry-After: Fri, 27 Nov 2026 09:00:00 GMT`, 0, undefined],
  [`${DATE}Retry-After: Friday, 27-Nov-26 10:00:01 GMT`, 1000, undefined],
  [`${DATE}Retry-After: Fri Nov 27 10:00:01 2026`, 1000, undefined],
  ...['-1', '+1', '1.0', '\xb2', '', 'soon', '1, 2'].map((text): [string, undefined, string] => [
    `Retry-After: ${text}`,
    undefined,
    text,
  ]),
];
for (const [said, waitMs, noted] of waits) {
  const text = JSON.stringify(said.replace(DATE, ''));
  const title =
    noted === undefined ? `C01, C02: ${text} is ${waitMs} ms` : `C05: ${text} is noted, and the backoff used`;
  test(title, async t => {
    const { outcomes } = await ask(
      t,
      (socket, { index }) =>
        socket.write(Buffer.from(answered(index === 0 ? 503 : 200, `${said}\r\n`), 'latin1')),
      { retryDelayMs: 200, seed: 1 },
    );
    const [refused, again] = outcomes[0]?.tries ?? [];
    assert.deepEqual([refused?.retryAfterMs, refused?.retryAfterIgnored], [waitMs, noted]);
    assert.ok((again?.phasesMs.backoff ?? 0) >= (waitMs ?? 0));
    assert.ok((again?.phasesMs.backoff ?? 0) > 0, 'the backoff applies all the same');
  });
}

test('C06: a wait beyond the deadline, or the longest wait, ends the request at once, with the reason', async t => {
  const refuse: Answer = socket => socket.write(answered(503, 'Retry-After: 200\r\n'));
  for (const [options, noRetry] of [
    [{ timeoutMs: 10_000 }, 'deadline'],
    [{ retryDelayMsMax: 100_000 }, 'wait_too_long'],
  ] as const) {
    const { outcomes } = await ask(t, refuse, options);
    const [one] = outcomes;
    assert.deepEqual([one?.status, one?.attempts, one?.noRetry], [503, 1, noRetry]);
    assert.ok((one?.endedMs ?? 0) < 5000);
  }
});

test('C14: where everything fails, retries keep to their number and their budget, and come one by one', async t => {
  const count = sized(300, 1000);
  const { server, outcomes } = await ask(t, socket => socket.write(answered(503)), {
    ...{ count, concurrency: 200, retries: 5, retryBudget: 0.5 },
    ...{ retryDelayMs: 400, retryDelayMsMax: 400, seed: 1 },
  });
  assert.equal(outcomes.length, count);
  assert.ok(outcomes.every(({ attempts }) => attempts <= 6));
  assert.equal(server.requests.length, count + 10 + 0.5 * count);
  assert.ok(outcomes.some(({ noRetry }) => noRetry === 'budget'));
  const backoffs = outcomes.flatMap(({ tries }) => tries.flatMap(({ phasesMs }) => phasesMs.backoff ?? []));
  for (let fromMs = 0; fromMs < 400; fromMs += 40) {
    const share = backoffs.filter(ms => ms >= fromMs && ms < fromMs + 40).length / backoffs.length;
    assert.ok(share > 0.02 && share < 0.3, `${share} from ${fromMs} ms on`);
  }
});
