// Retries, redirects, limits and what servers ask for, over real sockets and in every strategy.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type FetchAllOptions, type FetchOutcome, type FetchRequest, fetchAll } from '../../src/index.ts';
import { type Answer, type RawServer, startRawServer } from '../support/raw-server.ts';

const STRATEGIES = ['semaphore', 'threads', 'processes'] as const;

async function openServer(t: TestContext, answer: Answer): Promise<RawServer> {
  const server = await startRawServer(answer);
  t.after(() => server.close());
  return server;
}

async function collect(requests: Iterable<FetchRequest>, options?: FetchAllOptions): Promise<FetchOutcome[]> {
  const outcomes: FetchOutcome[] = [];
  for await (const outcome of fetchAll(requests, { order: 'input', ...options })) outcomes.push(outcome);
  return outcomes;
}

const answered = (status: number, headers = '', body = 'x'): string =>
  `HTTP/1.1 ${status} X\r\nContent-Length: ${body.length}\r\n${headers}\r\n${body}`;
const pathOf = (head: string): string => head.split(' ')[1] ?? '';
const methodOf = (head: string): string => head.split(' ')[0] ?? '';

for (const strategy of STRATEGIES) {
  test(`A11, I32, C12: ${strategy}: a 503 is sent again until it is a 200, with the same bytes`, async t => {
    const server = await openServer(t, (socket, { index }) => socket.write(answered(index < 2 ? 503 : 200)));
    const [one] = await collect(
      [{ url: server.origin, method: 'PUT', headers: { 'x-a': '1' }, body: 'the body' }],
      { strategy, retryDelayMs: 1 },
    );
    assert.equal(one?.status, 200);
    assert.equal(one?.attempts, 3);
    const [first, ...others] = server.requests.map(({ head, body }) => head + body.toString());
    assert.deepEqual(others, [first, first]);
  });

  test(`C01: ${strategy}: a wait that the server asks for is kept in full`, async t => {
    const seenMs: number[] = [];
    const server = await openServer(t, (socket, { index }) => {
      seenMs.push(performance.now());
      socket.write(index === 0 ? answered(429, 'Retry-After: 1\r\n') : answered(200));
    });
    const [one] = await collect([server.origin], { strategy, retryDelayMs: 0 });
    assert.equal(one?.attempts, 2);
    assert.ok((seenMs[1] ?? 0) - (seenMs[0] ?? 0) >= 1000, `${seenMs}`);
  });

  test(`C10, I29, S29: ${strategy}: a POST that was reset is unknown and not sent again, a GET is`, async t => {
    const server = await openServer(t, socket => socket.resetAndDestroy());
    const [post, keyed, get] = await collect(
      [
        { url: `${server.origin}/post`, method: 'POST', body: 'x' },
        { url: `${server.origin}/keyed`, method: 'POST', body: 'x', headers: { 'idempotency-key': '"k"' } },
        `${server.origin}/get`,
      ],
      { strategy, retryDelayMs: 1, concurrency: 1, workers: 1 },
    );
    assert.deepEqual([post?.outcome, post?.attempts], ['unknown', 1]);
    assert.equal(keyed?.attempts, 3);
    assert.deepEqual([get?.outcome, get?.attempts], ['network_error', 3]);
    assert.equal(server.requests.filter(({ head }) => pathOf(head) === '/post').length, 1);
  });

  test(`O01, I44: ${strategy}: what the user set stays behind at another origin, and for good`, async t => {
    const away = await openServer(t, (socket, { head }) =>
      socket.write(answered(302, `Location: ${home.origin}/back${pathOf(head)}\r\n`)),
    );
    const home: RawServer = await openServer(t, (socket, { head }) => {
      const path = pathOf(head);
      if (path === '/there') socket.write(answered(302, 'Location: /next\r\n'));
      else if (path === '/next') socket.write(answered(307, `Location: ${away.origin}/away\r\n`));
      else socket.write(answered(200, '', 'home'));
    });
    const headers = { authorization: 'Bearer s3cret', cookie: 'a=s3cret', 'x-api-key': 's3cret' };
    const [one] = await collect([{ url: `${home.origin}/there`, headers }], { strategy, redirects: 5 });
    assert.deepEqual([one?.status, one?.attempts, one?.text()], [200, 4, 'home']);
    const withSecret = [...home.requests, ...away.requests].filter(({ head }) => head.includes('s3cret'));
    assert.deepEqual(
      withSecret.map(({ head }) => pathOf(head)),
      ['/there', '/next'],
    );
  });
}

test('303 after a POST is a GET without its body; without -L it is the answer', async t => {
  const server = await openServer(t, (socket, { head }) =>
    socket.write(pathOf(head) === '/' ? answered(303, 'Location: /done\r\n') : answered(200, '', 'done')),
  );
  const post = { url: `${server.origin}/`, method: 'POST', body: 'x=1' };
  const [stays] = await collect([post]);
  assert.deepEqual([stays?.status, stays?.attempts], [303, 1]);
  const [goes] = await collect([post], { redirects: 1 });
  assert.deepEqual([goes?.status, goes?.text()], [200, 'done']);
  const last = server.requests.at(-1);
  assert.equal(methodOf(last?.head ?? ''), 'GET');
  assert.doesNotMatch(last?.head ?? '', /content-/i);
});

test('O05: a circle of redirects ends, and so does a chain that is too long', async t => {
  const server = await openServer(t, (socket, { head }) => {
    const path = pathOf(head);
    const next = path === '/circle' ? '/circle2' : path === '/circle2' ? '/circle' : `${path}x`;
    socket.write(answered(302, `Location: ${next}\r\n`));
  });
  const [circle, long] = await collect([`${server.origin}/circle`, `${server.origin}/long`], {
    redirects: 4,
  });
  for (const one of [circle, long])
    assert.deepEqual([one?.outcome, one?.error?.code], ['protocol_error', 'TOO_MANY_REDIRECTS']);
  assert.equal(circle?.attempts, 2);
  assert.equal(long?.attempts, 5);
});

test('I21: hops are starts: they keep to the rate', async t => {
  const server = await openServer(t, (socket, { head }) =>
    socket.write(pathOf(head).length < 4 ? answered(302, `Location: ${pathOf(head)}x\r\n`) : answered(200)),
  );
  const [one] = await collect([`${server.origin}/`], { redirects: 9, rate: '20/s' });
  const startsMs = one?.tries.map(({ startedMs }) => startedMs) ?? [];
  assert.equal(startsMs.length, 4);
  // Each is on the grid of 50 ms, or less than one step late.
  assert.ok((startsMs[3] ?? 0) - (startsMs[0] ?? 0) > 100, `${startsMs}`);
});

test('one host that refuses does not slow another, and gets no request while it asked for none', async t => {
  const early: number[] = [];
  let refusedMs = 0;
  const refusing = await openServer(t, (socket, { index }) => {
    if (index === 0) refusedMs = performance.now();
    else early.push(performance.now() - refusedMs);
    socket.write(index === 0 ? answered(429, 'Retry-After: 1\r\n') : answered(200));
  });
  const other = await openServer(t, socket => socket.write(answered(200)));
  const urls = Array.from({ length: 40 }, (_, i) => `${i % 2 === 0 ? refusing.origin : other.origin}/${i}`);
  const outcomes = await collect(urls, { concurrency: 1, order: 'ended' });
  assert.ok(outcomes.every(({ ok }) => ok));
  assert.ok(
    early.every(ms => ms >= 999),
    `${early.slice(0, 3)}`,
  );
  const others = outcomes.slice(0, 20).filter(({ url }) => url.startsWith(other.origin));
  assert.equal(others.length, 20);
});

test('a host that asks for an hour is left alone: one attempt, and everything else is told why', async t => {
  const server = await openServer(t, socket => socket.write(answered(503, 'Retry-After: 3600\r\n')));
  const outcomes = await collect(
    Array.from({ length: 20 }, () => server.origin),
    { concurrency: 1 },
  );
  assert.equal(server.requests.length, 1);
  assert.equal(outcomes[0]?.status, 503);
  assert.ok(outcomes.slice(1).every(({ error }) => error?.code === 'HOST_CLOSED'));
});

test('limits and rates change while a run goes on', async t => {
  const server = await openServer(t, socket => socket.write(answered(200)));
  const urls = Array.from({ length: 60 }, (_, i) => `${server.origin}/${i}`);
  const outcomes = fetchAll(urls, { concurrency: 1, rate: '1/min' });
  const startsMs: number[] = [];
  for await (const { tries } of outcomes) {
    startsMs.push(tries[0]?.startedMs ?? Number.NaN);
    if (startsMs.length === 1) outcomes.change({ rate: null, concurrency: 8 });
    if (startsMs.length === 30) outcomes.change({ hostRate: '100/s', perHost: 1 });
  }
  assert.equal(startsMs.length, 60);
  const last = startsMs.sort((a, b) => a - b).slice(-10);
  assert.ok((last[9] ?? 0) - (last[0] ?? 0) > 80, `${last}`);
  assert.throws(() => outcomes.change({ concurrency: 0 }), { code: 'ERR_OPTION_INVALID' });
  assert.throws(() => outcomes.change({ speed: 9 } as never), { code: 'ERR_OPTION_UNKNOWN' });
});
