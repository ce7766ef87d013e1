import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VERSION } from '../../src/base/version.ts';
import { openTestLane } from '../support/exchange.ts';
import { startRawServer } from '../support/raw-server.ts';
import { httpTransport, response, setUp } from './support.ts';

test('a response is told in order, and the connection serves the next request', async t => {
  const { server, lane } = await setUp(t, socket => socket.write(response('hello')));
  for (let i = 0; i < 3; i++) {
    const told = await lane.run({ url: `${server.origin}/a/b?c=${i}` });
    assert.equal(told.end, 'whole');
    assert.equal(told.status, 200);
    assert.equal(told.body.toString(), 'hello');
    assert.equal(told.wireBytes, 5);
    assert.equal(server.requests[i]?.head.split('\r\n')[0], `GET /a/b?c=${i} HTTP/1.1`);
  }
  assert.equal(server.connectionCount, 1);
});

test('we say who we are, unless the user says it', async t => {
  const { server, lane } = await setUp(t, socket => socket.write(response('')));
  await lane.run({ url: `${server.origin}/` });
  await lane.run({ url: `${server.origin}/`, headers: ['User-Agent', 'me', 'X-A', '1'] });
  await lane.run({ url: `${server.origin}/`, headers: ['accept', 'text/html'] });
  const heads = server.requests.map(({ head }) => head.toLowerCase());
  assert.match(heads[0] as string, new RegExp(`user-agent: paceline/${VERSION}\r\naccept: \\*/\\*\r\n`));
  assert.match(heads[1] as string, /user-agent: me\r\nx-a: 1\r\naccept: \*\/\*\r\n/);
  assert.match(heads[2] as string, /accept: text\/html\r\nuser-agent: paceline/);
  assert.ok(heads.every(head => !head.includes('accept-encoding')));
});

test('bodies arrive exactly, text and bytes, with their length', async t => {
  const { server, lane } = await setUp(t, (socket, { body }) => socket.write(response(body)));
  const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * 7) & 255));
  const upload = await lane.run({ url: `${server.origin}/`, method: 'POST', body: bytes });
  assert.deepEqual(upload.body, bytes);
  await lane.run({ url: `${server.origin}/`, method: 'PUT', body: 'grüße' });
  assert.equal(server.requests[1]?.body.toString(), 'grüße');
  assert.match(server.requests[1]?.head ?? '', /content-length: 7\r\n/i);
  await lane.run({ url: `${server.origin}/`, method: 'POST', body: null });
  assert.match(server.requests[2]?.head ?? '', /content-length: 0\r\n/i);
});

test('a body of one megabyte', async t => {
  const big = Buffer.alloc(1_000_000, 'paceline');
  const { server, lane } = await setUp(t, socket => socket.write(response(big)));
  const told = await lane.run({ url: `${server.origin}/` });
  assert.equal(told.end, 'whole');
  assert.equal(told.wireBytes, 1_000_000);
  assert.ok(told.body.equals(big));
});

test('HEAD, 204 and 304 have no body, whatever their headers say', async t => {
  const heads: Record<string, string> = {
    HEAD: 'HTTP/1.1 200 OK\r\ncontent-length: 50\r\ncontent-encoding: gzip\r\n\r\n',
    GET: 'HTTP/1.1 304 Not Modified\r\ncontent-encoding: gzip\r\n\r\n',
    DELETE: 'HTTP/1.1 204 No Content\r\n\r\n',
  };
  const { server, lane } = await setUp(t, (socket, { head }) => {
    socket.write(heads[head.slice(0, head.indexOf(' '))] as string);
  });
  for (const method of Object.keys(heads)) {
    const told = await lane.run({ url: `${server.origin}/`, method });
    assert.equal(told.end, 'whole', method);
    assert.equal(told.wireBytes, 0);
  }
});

test('chunked with extensions and trailers', async t => {
  const { server, lane } = await setUp(t, socket => {
    socket.write(
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nx-sum: 1\r\n\r\n',
    );
  });
  const told = await lane.run({ url: `${server.origin}/` });
  assert.equal(told.end, 'whole');
  assert.equal(told.body.toString(), 'abcde');
  assert.equal(told.headers['x-sum'], undefined);
});

test('a lane that changes between origins keeps a connection to each of the last four', async t => {
  const servers = await Promise.all(
    Array.from({ length: 5 }, () => startRawServer(socket => socket.write(response('x')))),
  );
  const transport = httpTransport(t);
  for (const server of servers) t.after(() => server.close());
  const lane = openTestLane(transport);
  const visit = async (i: number) => {
    const told = await lane.run({ url: `${servers[i]?.origin}/` });
    assert.equal(told.end, 'whole');
  };
  for (const i of [0, 1, 2, 3, 0, 1, 2, 3]) await visit(i);
  assert.deepEqual(
    servers.map(server => server.connectionCount),
    [1, 1, 1, 1, 0],
  );
  await visit(4); // 0 was used least recently
  await servers[0]?.allClosed();
  await visit(1);
  await visit(0);
  assert.deepEqual(
    servers.map(server => server.connectionCount),
    [2, 1, 1, 1, 1],
  );
});
