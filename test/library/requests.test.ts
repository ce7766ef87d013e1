// What may be handed to the library as a request: bodies in their forms, and what is refused because it cannot be sent.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
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

async function collect(
  requests: Iterable<FetchRequest> | AsyncIterable<FetchRequest>,
  options?: FetchAllOptions,
): Promise<FetchOutcome[]> {
  const outcomes: FetchOutcome[] = [];
  for await (const outcome of fetchAll(requests, options)) outcomes.push(outcome);
  return outcomes;
}

test('bodies of bytes, text and JSON arrive as they are', async t => {
  const server = await openServer(t, answerPath);
  const url = server.origin;
  await collect(
    [
      { url, body: new Uint8Array([1, 2, 255]) },
      { url, body: 'grün' },
      { url, json: { a: 1 } },
    ],
    {
      strategy: 'sequential',
    },
  );
  assert.deepEqual(
    server.requests.map(({ head, body }) => [head.split(' ', 1)[0], body]),
    [
      ['POST', Buffer.from([1, 2, 255])],
      ['POST', Buffer.from('grün')],
      ['POST', Buffer.from('{"a":1}')],
    ],
  );
  assert.match(server.requests[2]?.head ?? '', /content-type: application\/json/i);
});

test('what cannot be sent is an outcome with its reason; the rest is sent', async t => {
  const server = await openServer(t, answerPath);
  const odd = [null, 7, { url: 'nowhere' }, 'ftp://example.org/', { url: server.origin, method: 'GET IT' }];
  const outcomes = await collect([...(odd as FetchRequest[]), server.origin], { order: 'input' });
  assert.deepEqual(
    outcomes.map(({ outcome }) => outcome),
    [...odd.map(() => 'invalid_input'), 'ok'],
  );
  for (const [index, { error, url, status, tries }] of outcomes.slice(0, odd.length).entries()) {
    assert.match(error?.message ?? '', new RegExp(`^Request ${index}: .`));
    assert.match(error?.code ?? '', /^ERR_INPUT_/);
    assert.equal(typeof url, 'string');
    assert.equal(status, null);
    assert.equal(tries.length, 0);
  }
  assert.equal(server.requests.length, 1);
});

test('C12: a body that cannot be sent twice alike is refused with the reason, never sent empty', async t => {
  const server = await openServer(t, answerPath);
  const bytes = new TextEncoder().encode('abc');
  const odd: unknown[] = [
    ...[
      ReadableStream.from([bytes]),
      [bytes].values(),
      new FormData(),
      new Blob(['abc']),
      new ArrayBuffer(3),
    ],
    ...[new URLSearchParams({ a: '1' }), new Uint16Array([258]), 7, false, { a: 1 }, () => 'abc'],
  ];
  const url = server.origin;
  const requests = odd.map(body => ({ url, method: 'PUT', body })) as FetchRequest[];
  for (const { outcome, error } of await collect(requests)) {
    assert.deepEqual([outcome, error?.code], ['invalid_input', 'ERR_INPUT_FIELD']);
    assert.match(error?.message ?? '', /body: expected text or a Uint8Array, which can be sent again/);
  }
  const two = await collect([
    { url, body: bytes, json: 1 } as FetchRequest,
    { url, body: 'a', json: 1 } as never,
  ]);
  for (const { error } of two) assert.match(error?.message ?? '', /json and body: one body, please/);
  assert.equal(server.requests.length, 0);
  const none = [
    { url, body: null },
    { url, body: undefined },
  ] as unknown as FetchRequest[];
  assert.ok((await collect(none)).every(({ ok, method }) => ok && method === 'GET'));
});

test('a time-out for one request that is none is refused', async t => {
  const server = await openServer(t, answerPath);
  for (const timeoutMs of [0, -1, Number.NaN, '3s', 5n]) {
    const [outcome] = await collect([{ url: server.origin, timeoutMs } as unknown as FetchRequest]);
    assert.match(outcome?.error?.message ?? '', /^Request 0: timeoutMs: expected milliseconds above 0/);
  }
  const [ok] = await collect([{ url: server.origin, timeoutMs: Number.POSITIVE_INFINITY }]);
  assert.ok(ok?.ok);
});
