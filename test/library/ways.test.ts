// Connections that are not made in the usual way, from the library's door to the wire, wherever attempts run; and
// what a connect timeout says of how far it came.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type FetchAllOptions, fetchAll } from '../../src/library/fetch-all.ts';
import { startConnectProxy } from '../support/connect-proxy.ts';
import { startRawServer } from '../support/raw-server.ts';
import { CERTIFICATE, startTlsServer } from '../support/tls-server.ts';
import { response } from '../transports/support.ts';

const CONNECT_TIMEOUT = 'No connection within the connect timeout (--connect-timeout).';

async function only(url: string, options: FetchAllOptions) {
  const outcomes = await Array.fromAsync(fetchAll([url], options));
  const [outcome] = outcomes;
  assert.ok(outcome && outcomes.length === 1);
  return outcome;
}

async function silentServer(t: TestContext): Promise<number> {
  const server = await startRawServer(() => {});
  t.after(() => server.close());
  return server.port;
}

for (const strategy of ['semaphore', 'threads', 'processes'] as const) {
  test(`a proxy and an authority reach the connections of ${strategy}`, async t => {
    const server = await startTlsServer(t, response('safe'));
    const proxy = await startConnectProxy();
    t.after(() => proxy.close());
    const way = { proxy: `ann:pw@127.0.0.1:${proxy.port}`, caCert: CERTIFICATE };
    const outcome = await only(`${server.origin}/`, { strategy, workers: 1, ...way });
    assert.deepEqual([outcome.outcome, outcome.text()], ['ok', 'safe']);
    assert.equal(proxy.heads.length, 1);
  });
}

test('D11: TCP accepted, no ServerHello: a connect timeout that names TLS', async t => {
  const url = `https://127.0.0.1:${await silentServer(t)}/`;
  const { outcome, error } = await only(url, { connectTimeoutMs: 100 });
  assert.deepEqual([outcome, error?.code, error?.phase], ['timeout', 'TIMEOUT_CONNECT', 'connect']);
  const says = 'The server was reached, and its TLS handshake did not end.';
  assert.equal(error?.message, `${CONNECT_TIMEOUT} ${says}`);
});

test('a proxy that hangs: a connect timeout that names it', async t => {
  const proxy = await startConnectProxy(() => {});
  t.after(() => proxy.close());
  const options = { connectTimeoutMs: 100, proxy: `127.0.0.1:${proxy.port}` };
  const { error } = await only('https://name.invalid/', options);
  assert.equal(error?.code, 'TIMEOUT_CONNECT');
  const says = 'The proxy was reached, and did not open the tunnel.';
  assert.equal(error.message, `${CONNECT_TIMEOUT} ${says}`);
});

test('a tunnel in which nobody speaks TLS: a connect timeout that names TLS', async t => {
  const proxy = await startConnectProxy();
  t.after(() => proxy.close());
  const options = { connectTimeoutMs: 100, proxy: `127.0.0.1:${proxy.port}` };
  const { error } = await only(`https://127.0.0.1:${await silentServer(t)}/`, options);
  assert.match(error?.message ?? '', /its TLS handshake did not end\.$/);
});

test('a certificate that cannot be read is refused before anything is sent', async () => {
  const caCert = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
  await assert.rejects(only('https://name.invalid/', { caCert }), {
    code: 'ERR_OPTION_INVALID',
    message: '`caCert` holds a certificate that cannot be read.',
  });
});
