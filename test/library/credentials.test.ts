// What one request brings with it stays with it: credentials on a connection that others use too, cookies that servers
// set, and headers with names that mean something to JavaScript.
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

const whole = (headers: string, status = 200): string =>
  `HTTP/1.1 ${status} X\r\n${headers}Content-Length: 0\r\n\r\n`;

const collect = (requests: Iterable<FetchRequest>, options?: FetchAllOptions): Promise<FetchOutcome[]> =>
  Array.fromAsync(fetchAll(requests, { order: 'input', ...options }));

for (const strategy of STRATEGIES) {
  test(`O15: ${strategy}: on one connection each request has its own credentials, and none has another's`, async t => {
    const server = await openServer(t, socket => socket.write(whole('')));
    const [, host = ''] = server.origin.split('//');
    const given: [request: FetchRequest, credentials: string][] = [];
    for (let i = 0; i < 12; i++) {
      const basic = `Basic ${btoa(`user${i}:pass${i}`)}`;
      given.push(
        [
          { url: `${server.origin}/`, headers: { authorization: `Bearer ${i}`, cookie: `a=${i}` } },
          `Bearer ${i} a=${i}`,
        ],
        [{ url: `http://user${i}:pass${i}@${host}/` }, `${basic} `],
        [`${server.origin}/`, ' '],
      );
    }
    const outcomes = await collect(
      given.map(([request]) => request),
      { strategy, concurrency: 1, workers: 1 },
    );
    assert.ok(outcomes.every(({ ok }) => ok));
    assert.equal(server.connectionCount, 1);
    assert.deepEqual(
      server.requests.map(({ head }) =>
        ['authorization', 'cookie']
          .map(name => new RegExp(`^${name}: (.*)\r$`, 'im').exec(head)?.[1] ?? '')
          .join(' '),
      ),
      given.map(([, credentials]) => credentials),
    );
  });
}

test('O06, O09, O10: where a Location may lead, and what goes there', async t => {
  const led: Record<string, string> = {
    '/file': 'file:///etc/passwd',
    '/data': 'data:text/plain,x',
    '/script': 'javascript:alert(1)',
    '/nowhere': '///c',
    '/userinfo': 'http://me:s3cret@HOST/end',
    '/kept': '/end',
  };
  const server = await openServer(t, (socket, { head }) => {
    const [, path = ''] = head.split(' ');
    const location = led[path]?.replace('HOST', server.origin.slice(7));
    socket.write(location === undefined ? whole('') : whole(`Location: ${location}\r\n`, 308));
  });
  const requests = Object.keys(led).map(path => ({ url: server.origin + path, method: 'PUT', body: 'b' }));
  const outcomes = await collect(requests, { concurrency: 1, redirects: 3, retries: 0 });
  assert.deepEqual(
    outcomes.map(({ outcome, error, attempts }) => [outcome, error?.code, attempts]),
    [
      ...Array.from({ length: 4 }, () => ['protocol_error', 'BAD_REDIRECT', 1]),
      ...Array.from({ length: 2 }, () => ['ok', undefined, 2]),
    ],
  );
  const ends = server.requests.filter(({ head }) => head.startsWith('PUT /end '));
  assert.deepEqual(
    ends.map(({ body }) => body.toString()),
    ['b', 'b'],
  );
  for (const { head } of ends) assert.doesNotMatch(head, /s3cret|authorization|referer/i);
  assert.equal(JSON.stringify(outcomes).includes('s3cret'), false);
});

test('O12, S24: a cookie that a server sets is never sent back, to it or to others', async t => {
  const other = await openServer(t, socket => socket.write(whole('Set-Cookie: b=2; Domain=127.0.0.1\r\n')));
  const server = await openServer(t, (socket, { head }) =>
    socket.write(
      head.includes(' /away ')
        ? whole(`Set-Cookie: a=1; Path=/\r\nLocation: ${other.origin}/\r\n`, 302)
        : whole('Set-Cookie: a=1; Path=/\r\n', head.includes(' /again ') ? 503 : 200),
    ),
  );
  const paths = ['/', '/', '/away', '/again', '/'];
  await collect(
    paths.map(path => server.origin + path),
    { concurrency: 1, redirects: 3, retryDelayMs: 1 },
  );
  const heads = [...server.requests, ...other.requests].map(({ head }) => head);
  assert.equal(heads.length, paths.length + 1 + 2);
  for (const head of heads) assert.doesNotMatch(head, /^cookie/im);
});

for (const strategy of STRATEGIES) {
  test(`O13: ${strategy}: a flood of cookies is bounded, and odd names of headers are plain names`, async t => {
    const odd = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '__defineGetter__'];
    const server = await openServer(t, (socket, { head }) => {
      const cookies = head.includes(' /flood ') ? 3000 : 10;
      const flood = Array.from({ length: cookies }, (_, i) => `Set-Cookie: c${i}=${'x'.repeat(20)}\r\n`);
      const names = odd.map(name => `${name}: polluted\r\nSet-Cookie: ${name}=polluted\r\n`);
      const control = head.includes(' /control ') ? 'Set-Cookie: a=\x01b\r\n' : '';
      socket.write(whole(flood.join('') + names.join('') + control));
    });
    const paths = ['/flood', '/control', '/some'];
    const [flood, control, some] = await collect(
      paths.map(path => server.origin + path),
      { retries: 0, strategy },
    );
    assert.deepEqual([flood?.outcome, flood?.error?.code], ['too_large', 'HEADERS_TOO_LARGE']);
    assert.deepEqual([control?.outcome, control?.error?.code], ['protocol_error', 'BAD_RESPONSE']);
    assert.deepEqual([some?.outcome, some?.headers['set-cookie']?.length], ['ok', 15]);
    for (const name of odd) {
      const field = Object.getOwnPropertyDescriptor(some?.headers, name.toLowerCase());
      assert.equal(field?.value, 'polluted', name);
    }
    assert.equal(Object.getPrototypeOf(some?.headers), Object.prototype);
    assert.equal(Object.keys(Object.prototype).length, 0);
  });
}
