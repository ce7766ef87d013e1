// Requests through the library over real sockets: what an outcome tells, and that nothing of a run outlives it.
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { type TestContext, test } from 'node:test';
import { inspect } from 'node:util';
import { type FetchAllOptions, type FetchOutcome, type FetchRequest, fetchAll } from '../../src/index.ts';
import { type Answer, type RawServer, startRawServer } from '../support/raw-server.ts';

async function openServer(t: TestContext, answer: Answer): Promise<RawServer> {
  const server = await startRawServer(answer);
  t.after(() => server.close());
  return server;
}

const answerPath: Answer = (socket, { head }) => {
  const path = head.split(' ', 2)[1] ?? '';
  const status = path.startsWith('/missing') ? '404 Not Found' : '200 OK';
  socket.write(`HTTP/1.1 ${status}\r\ncontent-length: ${path.length}\r\nx-path: ${path}\r\n\r\n${path}`);
};
const neverAnswer: Answer = () => {};

async function collect(
  requests: Iterable<FetchRequest> | AsyncIterable<FetchRequest>,
  options?: FetchAllOptions,
): Promise<FetchOutcome[]> {
  const outcomes: FetchOutcome[] = [];
  for await (const outcome of fetchAll(requests, options)) outcomes.push(outcome);
  return outcomes;
}

test('an outcome tells what was asked, what came and how long it took', async t => {
  const server = await openServer(t, answerPath);
  const [found, missing] = await collect(
    [
      new URL('/a?b=1', server.origin),
      { url: `${server.origin}/missing`, id: 'two', method: 'PUT', body: 'x' },
    ],
    { order: 'input' },
  );
  assert.ok(found?.ok);
  assert.equal(found.index, 0);
  assert.equal(found.id, null);
  assert.equal(found.method, 'GET');
  assert.equal(found.url, `${server.origin}/a?b=1`);
  assert.equal(found.status, 200);
  assert.equal(found.headers['x-path'], '/a?b=1');
  assert.equal(found.text(), '/a?b=1');
  assert.equal(found.error, undefined);
  assert.ok(found.endedMs >= (found.tries[0]?.startedMs ?? Number.POSITIVE_INFINITY));
  assert.ok(missing && !missing.ok);
  assert.deepEqual(
    [missing.id, missing.method, missing.outcome, missing.status],
    ['two', 'PUT', 'http_error', 404],
  );
  assert.throws(() => missing.json(), SyntaxError);
});

test('an outcome shows itself, without its body, to `console.log` and to `JSON.stringify`', async t => {
  const server = await openServer(t, answerPath);
  const [outcome] = await collect([`${server.origin}/seen`]);
  assert.match(inspect(outcome), /^FetchOutcome \{.*outcome: 'ok',\s+status: 200/s);
  const plain = JSON.parse(JSON.stringify(outcome)) as Record<string, unknown>;
  assert.deepEqual(
    [plain.index, plain.url, plain.outcome, plain.status, plain.attempts, plain.bytes],
    [0, `${server.origin}/seen`, 'ok', 200, 1, 5],
  );
});

test('wrong options and a handler that cannot be loaded are refused by the first step; nothing is sent', async t => {
  const server = await openServer(t, answerPath);
  const refused: readonly [FetchAllOptions, string][] = [
    [{ concurrent: 3 } as object, 'ERR_OPTION_UNKNOWN'],
    [{ concurrency: 0 }, 'ERR_OPTION_INVALID'],
    [{ strategy: 'fibers' as 'async' }, 'ERR_OPTION_INVALID'],
    [{ order: 'random' as 'input' }, 'ERR_OPTION_INVALID'],
    [{ timeoutMs: '3s' as unknown as number }, 'ERR_OPTION_INVALID'],
    [{ handler: '/nowhere/at/all.mjs' }, 'ERR_HANDLER_LOAD'],
    [{ handler: './handler.mjs' }, 'ERR_OPTION_INVALID'],
    [{ handler: new URL('https://example.org/handler.mjs') }, 'ERR_OPTION_INVALID'],
  ];
  for (const [options, code] of refused) await assert.rejects(collect([server.origin], options), { code });
  await assert.rejects(collect(server.origin), { code: 'ERR_OPTION_INVALID', message: /Put it in an array/ });
  assert.equal(server.requests.length, 0);
});

test('leaving the loop closes every connection before it goes on', async t => {
  const server = await openServer(t, answerPath);
  let read = 0;
  const endless = (function* () {
    for (;;) yield `${server.origin}/${read++}`;
  })();
  for await (const { index } of fetchAll(endless, { concurrency: 4 })) if (index >= 20) break;
  await server.allClosed();
  const seen = server.requests.length;
  assert.ok(seen >= 21 && read <= seen + 12, `${read} read, ${seen} sent`);
});

test('leaving before the first step opens nothing; leaving while it opens sends nothing', async t => {
  const server = await openServer(t, answerPath);
  const unread = fetchAll([server.origin]);
  assert.deepEqual(await unread.return(), { done: true, value: undefined });
  assert.deepEqual(await unread.next(), { done: true, value: undefined });

  const opening = fetchAll([server.origin]);
  const first = opening.next();
  await opening.return();
  assert.deepEqual(await first, { done: true, value: undefined });
  assert.equal(server.connectionCount, 0);
});

test('aborted on its way: what is in flight and what was read is cancelled, and the loop ends', async t => {
  const controller = new AbortController();
  const server = await openServer(t, (_socket, { index }) => {
    if (index === 2) controller.abort(new Error('enough'));
  });
  const urls = Array.from({ length: 100 }, (_, i) => `${server.origin}/${i}`);
  const outcomes = await collect(urls, { concurrency: 3, signal: controller.signal });
  assert.equal(outcomes.length, 9); // three in flight, six read ahead
  for (const { outcome, error } of outcomes) {
    assert.equal(outcome, 'cancelled');
    assert.equal(error?.message, 'The run was aborted: enough');
  }
  await server.allClosed();
  assert.equal(server.requests.length, 3);
});

test('a signal that is already aborted: nothing is sent; after a run no listener is left', async t => {
  const server = await openServer(t, answerPath);
  assert.deepEqual(await collect([server.origin], { signal: AbortSignal.abort() }), []);
  assert.equal(server.connectionCount, 0);

  const { signal } = new AbortController();
  const listeners: number[] = [];
  for await (const _ of fetchAll([server.origin], { signal }))
    listeners.push(getEventListeners(signal, 'abort').length);
  assert.deepEqual(listeners, [1]);
  assert.equal(getEventListeners(signal, 'abort').length, 0);
});

test('a time-out for one request alone', async t => {
  const server = await openServer(t, neverAnswer);
  const [outcome] = await collect([{ url: server.origin, timeoutMs: 20 }]);
  assert.equal(outcome?.outcome, 'timeout');
  assert.equal(outcome.error?.phase, 'request');
  await server.allClosed();
});

test('steps asked for ahead, all at once, each bring another outcome', async t => {
  const server = await openServer(t, answerPath);
  const outcomes = fetchAll([`${server.origin}/0`, `${server.origin}/1`, `${server.origin}/2`]);
  const steps = await Promise.all([outcomes.next(), outcomes.next(), outcomes.next(), outcomes.next()]);
  assert.deepEqual(steps.map(({ value }) => value?.text()).toSorted(), ['/0', '/1', '/2', undefined]);
  assert.equal(steps[3]?.done, true);
});

test('A05: a handler may return, throw or reject as it likes: each request has its outcome', async t => {
  const server = await openServer(t, answerPath);
  const handler = new URL('../support/odd-handler.ts', import.meta.url);
  const urls = ['value', 'throws', 'null', 'rejects', 'value'].map(name => `${server.origin}/${name}`);
  const outcomes = await collect(urls, { handler, order: 'input', concurrency: 1 });
  assert.deepEqual(
    outcomes.map(({ outcome, value, error }) => [outcome, value, error?.message]),
    [
      ['ok', { length: 6 }, undefined],
      ['handler_error', undefined, 'The handler threw: thrown at once'],
      ['handler_error', undefined, 'The handler threw: null'],
      ['handler_error', undefined, 'The handler threw: undefined'],
      ['ok', { length: 6 }, undefined],
    ],
  );
});

test('input order holds although the first is answered last', async t => {
  let first: Parameters<Answer>[0] | undefined;
  const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';
  const server = await openServer(t, (socket, { head, index }) => {
    if (head.startsWith('GET /0 ')) first = socket;
    else socket.write(answer);
    if (index === 5) first?.write(answer);
  });
  const urls = [0, 1, 2, 3, 4, 5].map(index => `${server.origin}/${index}`);
  const outcomes = await collect(urls, { order: 'input', concurrency: 2 });
  assert.deepEqual(
    outcomes.map(({ index }) => index),
    [0, 1, 2, 3, 4, 5],
  );
  assert.ok((outcomes[0]?.endedMs ?? 0) >= (outcomes[4]?.endedMs ?? Number.POSITIVE_INFINITY));
});

test('the ends of a run are options: the loop goes on to its end, without an exception', async t => {
  const answer: Answer = (socket, request) => {
    if (!request.head.startsWith('GET /held')) answerPath(socket, request);
  };
  const server = await openServer(t, answer);
  const urls = (...paths: string[]): string[] => paths.map(path => `${server.origin}/${path}`);
  const ends = async (paths: string[], options: FetchAllOptions): Promise<string[]> => {
    const outcomes = await collect(urls(...paths), {
      order: 'input',
      retries: 0,
      concurrency: 1,
      ...options,
    });
    return outcomes.map(({ outcome, error }) => (error ? `${outcome} ${error.code}` : outcome));
  };
  const failed = ['ok', 'http_error', 'cancelled RUN_FAILED', 'cancelled RUN_FAILED'];
  const paths = ['a', 'missing', 'b', 'c'];
  assert.deepEqual(await ends(paths, { failEarly: true }), failed);
  assert.deepEqual(await ends(paths, { maxErrors: 0 }), failed);
  assert.deepEqual(await ends(paths, { maxErrors: 1 }), ['ok', 'http_error', 'ok', 'ok']);
  assert.deepEqual(
    await ends(paths, { maxErrors: '10%' }),
    ['ok', 'http_error', 'ok', 'ok'],
    'too few to judge',
  );
  assert.deepEqual(await ends(paths, { maxErrors: Number.POSITIVE_INFINITY }), [
    'ok',
    'http_error',
    'ok',
    'ok',
  ]);
  for (const strategy of ['semaphore', 'threads'] as const) {
    const late = await ends(['held', 'a', 'b'], { strategy, maxDurationMs: 200 });
    assert.deepEqual(late, Array(3).fill('cancelled RUN_DEADLINE'), strategy);
  }
  await server.allClosed();
  for (const options of [
    ...[{ maxDurationMs: 0 }, { maxDurationMs: Number.NaN }, { maxDurationMs: 1e15 }, { maxErrors: -1 }],
    ...[{ maxErrors: 0.05 }, { maxErrors: '5'.repeat(20) }, { failEarly: 1 }, { maxErrors: null }],
  ])
    await assert.rejects(
      collect([], options as FetchAllOptions),
      { code: 'ERR_OPTION_INVALID' },
      JSON.stringify(options),
    );
});
