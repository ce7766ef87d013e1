// Ways to a server other than straight to its address: a proxy, a Unix socket, an authority of one's own.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parseProxy } from '../../src/engine/connection-plan.ts';
import { startConnectProxy } from '../support/connect-proxy.ts';
import { openTestLane } from '../support/exchange.ts';
import { startRawServer } from '../support/raw-server.ts';
import { CERTIFICATE, OTHER_AUTHORITY, startTlsServer } from '../support/tls-server.ts';
import { httpTransport, response, setUp } from './support.ts';

const OK = response('safe');

async function proxied(t: TestContext, answer?: (socket: net.Socket) => void, credentials = '') {
  const proxy = await startConnectProxy(answer);
  t.after(() => proxy.close());
  const connection = {
    caCert: CERTIFICATE,
    proxy: parseProxy('proxy', `http://${credentials}127.0.0.1:${proxy.port}`),
  };
  const transport = httpTransport(t, { connection });
  return { proxy, transport, lane: openTestLane(transport) };
}

test('an authority of one’s own is trusted, and it alone', async t => {
  const server = await startTlsServer(t, OK);
  const lane = openTestLane(httpTransport(t, { connection: { caCert: CERTIFICATE } }));
  for (let i = 0; i < 3; i++)
    assert.equal((await lane.run({ url: `${server.origin}/` })).body.toString(), 'safe');
  assert.equal(server.handshakeCount, 1);
  const other = openTestLane(httpTransport(t, { connection: { caCert: OTHER_AUTHORITY } }));
  const refused = await other.run({ url: `${server.origin}/` });
  assert.equal(refused.failure?.outcome, 'tls_error');
  assert.match(refused.failure?.error.message ?? '', /--cacert/);
});

test('an authority that cannot be read fails each request, and nothing else', async t => {
  const server = await startTlsServer(t, OK);
  const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
  const { proxy } = await proxied(t);
  for (const way of [null, parseProxy('proxy', `127.0.0.1:${proxy.port}`)]) {
    const lane = openTestLane(httpTransport(t, { connection: { caCert: broken, proxy: way } }));
    for (let i = 0; i < 2; i++)
      assert.equal((await lane.run({ url: `${server.origin}/` })).failure?.outcome, 'tls_error');
  }
});

test('https through a proxy: a tunnel, and in it only what is the server’s', async t => {
  const server = await startTlsServer(t, OK);
  const { proxy, lane } = await proxied(t, undefined, 'ann:s3cr%3At@');
  for (let i = 0; i < 2; i++)
    assert.equal((await lane.run({ url: `${server.origin}/a` })).body.toString(), 'safe');
  const authority = `localhost:${server.port}`;
  const basic = Buffer.from('ann:s3cr:t').toString('base64');
  assert.deepEqual(proxy.heads, [
    `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\nProxy-Authorization: Basic ${basic}\r\n\r\n`,
  ]);
  assert.equal(server.heads.length, 2);
  for (const head of server.heads) assert.doesNotMatch(head, /proxy-authorization/i);
});

test('http through a proxy: the whole URL, with the credentials of the proxy', async t => {
  const { proxy, lane } = await proxied(t, socket => socket.end(OK), 'ann:pw@');
  const headers = ['x-a', '1'];
  const told = await lane.run({ url: 'http://name.invalid/a?b=c', method: 'POST', body: 'hi', headers });
  assert.equal(told.body.toString(), 'safe');
  const head = proxy.heads[0] ?? '';
  assert.match(head, /^POST http:\/\/name\.invalid\/a\?b=c HTTP\/1\.1\r\nhost: name\.invalid\r\n/i);
  assert.match(head, /\r\nproxy-authorization: Basic YW5uOnB3\r\n/i);
  assert.match(head, /\r\nx-a: 1\r\n/i);
});

test('one list of headers, two ways: the credentials of the proxy stay with the proxy', async t => {
  const server = await startTlsServer(t, OK);
  const { lane, proxy } = await proxied(t, undefined, 'ann:pw@');
  for (const headers of [['x-a', '1'], []]) {
    for (const url of ['http://name.invalid/', `${server.origin}/`, 'http://name.invalid/'])
      assert.equal((await lane.run({ url, headers })).end, 'whole');
  }
  const plain = proxy.heads.filter(head => head.startsWith('GET '));
  assert.equal(plain.length, 4);
  for (const head of plain) assert.match(head, /\r\nproxy-authorization: Basic YW5uOnB3\r\n/i);
  assert.equal(server.heads.length, 2);
  for (const head of server.heads) assert.doesNotMatch(head, /proxy-authorization/i);
  assert.match(server.heads[0] ?? '', /x-a: 1/i);
});

test('a header for the proxy that the user gave is sent as it is, and once', async t => {
  const { lane, proxy } = await proxied(t, undefined, 'ann:pw@');
  await lane.run({ url: 'http://name.invalid/', headers: ['proxy-authorization', 'Custom x'] });
  assert.deepEqual(proxy.heads[0]?.match(/proxy-authorization: .*/gi), ['proxy-authorization: Custom x']);
});

const ANSWERS: [what: string, bytes: string, outcome: string, code: string, says: RegExp][] = [
  [
    'wants credentials',
    'HTTP/1.1 407 No\r\nProxy-Authenticate: Basic\r\n\r\n',
    'network_error',
    'PROXY_REFUSED',
    /407.*wants credentials/,
  ],
  [
    'does not reach the server',
    'HTTP/1.0 502 Bad Gateway\r\n\r\n',
    'network_error',
    'PROXY_REFUSED',
    /status 502\.$/,
  ],
  ['answers garbage', '\x05\x00garbage', 'protocol_error', 'BAD_PROXY_RESPONSE', /not proper HTTP/],
  [
    'says HTTP and then nonsense',
    'HTTP/1.1 OK\r\n\r\n',
    'protocol_error',
    'BAD_PROXY_RESPONSE',
    /not proper/,
  ],
  [
    'never ends its head',
    `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(20_000)}`,
    'protocol_error',
    'BAD_PROXY_RESPONSE',
    /not/,
  ],
  [
    'speaks into the tunnel',
    'HTTP/1.1 200 OK\r\n\r\nstray',
    'tls_error',
    'ERR_SSL_WRONG_VERSION_NUMBER',
    /TLS/,
  ],
];
for (const [what, bytes, outcome, code, says] of ANSWERS) {
  test(`a proxy that ${what}`, async t => {
    const { lane, proxy, transport } = await proxied(t, socket => socket.write(bytes), 'ann:s3cr3t@');
    for (let i = 0; i < 2; i++) {
      const { failure, sent } = await lane.run({ url: 'https://name.invalid/' });
      assert.equal(sent, false);
      assert.deepEqual([failure?.outcome, failure?.error.code], [outcome, code]);
      assert.match(failure?.error.message ?? '', says);
      assert.ok(!JSON.stringify(failure).includes('s3cr3t'));
    }
    assert.equal(proxy.heads.length, 2);
    await transport.close();
  });
}

test('a proxy that closes, resets, or is not there', async t => {
  const cases: [answer: (socket: net.Socket) => void, code: string, says: RegExp][] = [
    [socket => socket.end(), 'BAD_PROXY_RESPONSE', /closed the connection without an answer/],
    [socket => socket.end('HTTP/1.1 2'), 'BAD_PROXY_RESPONSE', /without an answer/],
    [socket => socket.resetAndDestroy(), 'ECONNRESET', /by way of the proxy/],
  ];
  for (const [answer, code, says] of cases) {
    const { lane } = await proxied(t, answer);
    const { failure } = await lane.run({ url: 'https://name.invalid/' });
    assert.equal(failure?.error.code, code);
    assert.match(failure?.error.message ?? '', says);
  }
  const { lane, proxy } = await proxied(t);
  await proxy.close();
  for (const url of ['https://name.invalid/', 'http://name.invalid/']) {
    const { failure } = await lane.run({ url });
    assert.equal(failure?.error.code, 'ECONNREFUSED');
    assert.match(failure?.error.message ?? '', /proxy/);
  }
});

test('a server behind a tunnel that breaks, is not TLS, or is not to be trusted', async t => {
  const plain = await startRawServer(() => {}, {
    onConnection: socket => socket.end('HTTP/1.1 400 No\r\n\r\n'),
  });
  t.after(() => plain.close());
  const { lane } = await proxied(t);
  const told = await lane.run({ url: `https://127.0.0.1:${plain.port}/` });
  assert.equal(told.failure?.outcome, 'tls_error');
  const server = await startTlsServer(t, OK);
  const { proxy } = await proxied(t);
  const untrusting = { proxy: parseProxy('proxy', `127.0.0.1:${proxy.port}`) };
  const refused = await openTestLane(httpTransport(t, { connection: untrusting })).run({
    url: `${server.origin}/`,
  });
  assert.equal(refused.failure?.error.code, 'DEPTH_ZERO_SELF_SIGNED_CERT');
});

test('aborted while the proxy keeps silent: what it waited for is known, and nothing is left', async t => {
  const { lane, proxy, transport } = await proxied(t, () => {});
  const running = lane.run({ url: 'https://name.invalid/' });
  await proxy.asked;
  assert.match(lane.waitsFor(), /proxy was reached, and did not open the tunnel/);
  lane.abort();
  assert.equal((await running).failure?.outcome, 'cancelled');
  await transport.close();
});

test('a Unix socket takes all requests, whatever host they name', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'paceline-socket-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'plain.sock');
  const server = net.createServer(socket => {
    socket.on('error', () => {});
    socket.on('data', chunk => {
      heads.push(chunk.toString());
      socket.write(OK);
    });
  });
  const heads: string[] = [];
  await new Promise<void>(resolve => server.listen(path, resolve));
  const transport = httpTransport(t, { connection: { unixSocket: path } });
  t.after(() => server.close());
  const lane = openTestLane(transport);
  for (const host of ['name.invalid', '127.0.0.1:1'])
    assert.equal((await lane.run({ url: `http://${host}/x` })).body.toString(), 'safe');
  assert.match(heads[0] ?? '', /^GET \/x HTTP\/1\.1\r\nhost: name\.invalid\r\n/i);
  assert.match(heads[1] ?? '', /^GET \/x HTTP\/1\.1\r\nhost: 127\.0\.0\.1:1\r\n/i);
});

test('TLS over a Unix socket is for the host in the URL', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'paceline-socket-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'tls.sock');
  await startTlsServer(t, OK, path);
  const connection = { unixSocket: path, caCert: CERTIFICATE };
  const lane = openTestLane(httpTransport(t, { connection }));
  assert.equal((await lane.run({ url: 'https://localhost/' })).body.toString(), 'safe');
  const other = await lane.run({ url: 'https://name.invalid/' });
  assert.equal(other.failure?.error.code, 'ERR_TLS_CERT_ALTNAME_INVALID');
});

test('a Unix socket that is not there', async t => {
  const lane = openTestLane(httpTransport(t, { connection: { unixSocket: '/nowhere/x.sock' } }));
  const { failure } = await lane.run({ url: 'http://a/' });
  assert.deepEqual([failure?.outcome, failure?.error.code], ['network_error', 'ENOENT']);
  assert.match(failure?.error.message ?? '', /no such socket \(--unix-socket\)/);
});

test('D11: a server that takes the connection and says nothing of TLS', async t => {
  const silent = Promise.withResolvers<void>();
  const { server, lane } = await setUp(t, () => {}, {
    onConnection: socket => socket.once('data', () => silent.resolve()), // our ClientHello
  });
  const running = lane.run({ url: `https://127.0.0.1:${server.port}/` });
  await silent.promise;
  assert.match(lane.waitsFor(), /its TLS handshake did not end/);
  lane.abort();
  const told = await running;
  assert.deepEqual([told.sent, told.failure?.outcome], [false, 'cancelled']);
  assert.equal(lane.waitsFor(), '');
  await server.allClosed();
});
