import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type net from 'node:net';
import { test } from 'node:test';
import tls from 'node:tls';
import { openTestLane } from '../support/exchange.ts';
import { httpTransport, response, setUp } from './support.ts';

test('D01: nothing listens', async t => {
  const { server, lane } = await setUp(t, () => {});
  await server.close();
  const told = await lane.run({ url: `${server.origin}/` });
  assert.equal(told.sent, false);
  assert.equal(told.failure?.outcome, 'network_error');
  assert.equal(told.failure?.error.code, 'ECONNREFUSED');
});

test('D02: accepted, then silence; after abort the socket is gone before it is told', async t => {
  const { server, transport, lane } = await setUp(t, () => {});
  const told = await lane.run({ url: `${server.origin}/` }, () => queueMicrotask(lane.abort));
  assert.equal(told.sent, true);
  assert.equal(told.failure?.outcome, 'cancelled');
  await server.allClosed();
  await transport.close();
});

test('A03: abort at each stage ends the exchange once, and the lane goes on', async t => {
  const { server, lane } = await setUp(t, (socket, { head }) => {
    if (head.startsWith('GET /whole')) socket.write(response('whole'));
    else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nab'); // E18: the rest never comes
  });
  for (const stage of ['sent', 'headers', 'data']) {
    for (const later of [false, true]) {
      const told = await lane.run({ url: `${server.origin}/drip` }, at => {
        if (at !== stage) return;
        if (later) setImmediate(lane.abort);
        else lane.abort();
      });
      assert.equal(told.failure?.outcome, 'cancelled', stage);
      assert.equal((await lane.run({ url: `${server.origin}/whole` })).body.toString(), 'whole');
    }
  }
});

test('abort before the connection stands, and while a kept one waits its turn', async t => {
  const { server, lane } = await setUp(t, socket => socket.write(response('x')));
  const connecting = lane.run({ url: `${server.origin}/1` });
  lane.abort();
  assert.equal((await connecting).failure?.outcome, 'cancelled');
  assert.equal((await lane.run({ url: `${server.origin}/2` })).end, 'whole');
  const waiting = lane.run({ url: `${server.origin}/3` });
  lane.abort();
  lane.abort();
  const told = await waiting;
  assert.equal(told.failure?.outcome, 'cancelled');
  assert.equal(told.sent, false);
  lane.abort(); // nothing runs
  assert.equal((await lane.run({ url: `${server.origin}/4` })).end, 'whole');
  assert.deepEqual(
    server.requests.map(({ head }) => head.split(' ')[1]),
    ['/2', '/4'],
  );
});

test('abort while the connection before it still closes: it is never sent', async t => {
  const { server, lane } = await setUp(t, socket => {
    socket.write('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
  });
  for (const soon of [queueMicrotask, process.nextTick]) {
    assert.equal((await lane.run({ url: `${server.origin}/sent` })).end, 'whole');
    const told = lane.run({ url: `${server.origin}/never` });
    soon(lane.abort);
    assert.equal((await told).failure?.outcome, 'cancelled');
  }
  const sent = server.requests.filter(({ head }) => head.startsWith('GET /never'));
  assert.deepEqual(sent, []);
});

test('abort while a name is looked up', async t => {
  const lane = openTestLane(httpTransport(t));
  const told = lane.run({ url: 'http://paceline.invalid/' });
  lane.abort();
  assert.equal((await told).failure?.outcome, 'cancelled');
});

test('M15: a server that closes after each kept response costs no GET', async t => {
  const { server, lane } = await setUp(t, socket => {
    socket.write(response('x'));
    setImmediate(() => socket.end());
  });
  for (let i = 0; i < 300; i++) {
    const told = await lane.run({ url: `${server.origin}/${i}` });
    assert.equal(told.end, 'whole', `request ${i}: ${JSON.stringify(told.failure)}`);
  }
  assert.ok(server.connectionCount >= 300);
});

for (const how of ['end', 'resetAndDestroy'] as const) {
  test(`a kept connection that dies under a request (${how}): GET goes out again, POST does not`, async t => {
    const { server, lane } = await setUp(t, (socket, { onConnection }) => {
      if (onConnection === 0) socket.write(response('x'));
      else socket[how](); // the second request on a connection is never answered
    });
    await lane.run({ url: `${server.origin}/0` });
    for (const method of ['GET', 'DELETE', 'PUT', 'OPTIONS', 'TRACE']) {
      const told = await lane.run({ url: `${server.origin}/`, method });
      assert.equal(told.end, 'whole', method);
    }
    for (const method of ['POST', 'PATCH']) {
      const told = await lane.run({ url: `${server.origin}/`, method, body: 'x' });
      assert.equal(told.failure?.outcome, 'network_error', method);
      assert.equal((await lane.run({ url: `${server.origin}/0` })).end, 'whole');
    }
  });
}

test('a fresh connection that dies without an answer is not tried again', async t => {
  const { server, lane } = await setUp(t, socket => socket.end());
  const told = await lane.run({ url: `${server.origin}/` });
  assert.equal(told.failure?.error.code, 'CONNECTION_CLOSED');
  assert.equal(server.requests.length, 1);
});

test('a request goes out again once, not more', async t => {
  const { server, lane } = await setUp(t, (socket, { index }) => {
    if (index === 0) socket.write(response('x'));
    else socket.end();
  });
  await lane.run({ url: `${server.origin}/` });
  const told = await lane.run({ url: `${server.origin}/` });
  assert.equal(told.failure?.error.code, 'CONNECTION_CLOSED');
  assert.equal(server.requests.length, 3);
});

test('S21: what cannot be sent fails without an exception, and harms no connection', async t => {
  const { server, lane } = await setUp(t, socket => socket.write(response('x')));
  await lane.run({ url: `${server.origin}/` });
  const bad = [
    { headers: ['x\r\ny', '1'] },
    { headers: ['x', 'a\nb: c'] },
    { headers: ['expect', '100-continue'] },
    { headers: ['content-length', '7'], method: 'POST', body: 'abc' },
    { headers: ['transfer-encoding', 'chunked'] },
    { method: 'G T' },
    { url: `${server.origin}/a b` },
    { url: 'ftp://127.0.0.1/' },
    { url: 'nonsense' },
  ];
  for (const request of bad) {
    const told = await lane.run({ url: `${server.origin}/`, ...request });
    assert.equal(told.failure?.outcome, 'invalid_input', JSON.stringify([request, told.failure]));
    assert.equal(told.sent, false);
  }
  assert.equal((await lane.run({ url: `${server.origin}/` })).end, 'whole');
  assert.equal(server.connectionCount, 1);
});

test('D05: a name that does not exist', async t => {
  const lane = openTestLane(httpTransport(t));
  const told = await lane.run({ url: 'http://paceline.invalid/' });
  assert.equal(told.failure?.outcome, 'network_error');
  assert.match(told.failure?.error.code ?? '', /^(ENOTFOUND|EAI_AGAIN)$/);
});

const fixture = (name: string) => readFileSync(new URL(`../support/tls/${name}`, import.meta.url));

test('D09, S25: a self-signed certificate is refused with a hint, and accepted when asked', async t => {
  const server = tls.createServer({ key: fixture('key.pem'), cert: fixture('cert.pem') }, socket => {
    socket.on('error', () => {});
    socket.on('data', () => socket.write(response('safe')));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const url = `https://localhost:${(server.address() as net.AddressInfo).port}/`;
  const refused = await openTestLane(httpTransport(t)).run({ url });
  assert.equal(refused.failure?.outcome, 'tls_error');
  assert.equal(refused.failure?.error.code, 'DEPTH_ZERO_SELF_SIGNED_CERT');
  assert.match(refused.failure?.error.message ?? '', /NODE_EXTRA_CA_CERTS.*-k/);
  const lane = openTestLane(httpTransport(t, { connection: { insecure: true } }));
  for (const address of [url, url.replace('localhost', '127.0.0.1')])
    assert.equal((await lane.run({ url: address })).body.toString(), 'safe');
});

test('https asked of a port that speaks http', async t => {
  const { server, lane } = await setUp(t, () => {}, {
    onConnection: socket => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
  });
  const told = await lane.run({ url: `https://127.0.0.1:${server.port}/` });
  assert.equal(told.failure?.outcome, 'tls_error');
  assert.match(told.failure?.error.message ?? '', /http:\/\//);
});

test('close ends what runs and leaves no socket', async t => {
  const { server, transport, lane } = await setUp(t, () => {});
  const idle = openTestLane(transport);
  const others = [0, 1, 2].map(() => openTestLane(transport).run({ url: `${server.origin}/` }));
  const sent = Promise.withResolvers<void>();
  const silent = lane.run({ url: `${server.origin}/` }, () => sent.resolve());
  await sent.promise;
  const closing = transport.close();
  await transport.close();
  await closing;
  await server.allClosed();
  for (const told of await Promise.all([silent, ...others])) assert.equal(told.failure?.outcome, 'cancelled');
  assert.equal((await idle.run({ url: `${server.origin}/` })).failure?.outcome, 'cancelled');
  const open = process.getActiveResourcesInfo().filter(name => name === 'TCPSocketWrap');
  assert.deepEqual(open, []);
});
