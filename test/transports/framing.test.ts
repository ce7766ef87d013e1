import assert from 'node:assert/strict';
import { test } from 'node:test';
import { response, setUp } from './support.ts';

const OK = 'HTTP/1.1 200 OK\r\n';

test('E01: a body shorter than its Content-Length is not whole', async t => {
  const { server, lane } = await setUp(t, socket => socket.end(`${OK}content-length: 10\r\n\r\nabcd`));
  const told = await lane.run({ url: `${server.origin}/` });
  assert.equal(told.end, 'failed');
  assert.equal(told.failure?.outcome, 'protocol_error');
  assert.equal(told.failure?.error.code, 'TRUNCATED');
  assert.match(told.failure?.error.message ?? '', /4 of 10 bytes/);
  assert.equal(told.wireBytes, 4);
  assert.equal(told.body.toString(), 'abcd');
});

test('E01: the same on a connection that was to close', async t => {
  const { server, lane } = await setUp(t, socket =>
    socket.end(`${OK}connection: close\r\ncontent-length: 10\r\n\r\nabcd`),
  );
  const told = await lane.run({ url: `${server.origin}/` });
  assert.equal(told.failure?.error.code, 'TRUNCATED');
  assert.match(told.failure?.error.message ?? '', /4 of 10 bytes/);
});

test('E02: what follows a body is no answer to the next request', async t => {
  const { server, lane } = await setUp(t, (socket, { index }) => {
    const stray = index === 0 ? 'HTTP/1.1 500 Stray\r\ncontent-length: 0\r\n\r\n' : '';
    socket.write(`${OK}content-length: 4\r\n\r\nabcd${stray}`);
  });
  const first = await lane.run({ url: `${server.origin}/1` });
  const second = await lane.run({ url: `${server.origin}/2` });
  assert.equal(first.body.toString(), 'abcd');
  assert.equal(second.status, 200);
  assert.equal(server.connectionCount, 2, 'the connection is not used again');
});

for (const head of ['', 'connection: close\r\n']) {
  test(`E03: chunked without the last chunk is not whole (${head.trim() || 'keep-alive'})`, async t => {
    const { server, lane } = await setUp(t, socket =>
      socket.end(`${OK}${head}transfer-encoding: chunked\r\n\r\n4\r\nabcd\r\n`),
    );
    const told = await lane.run({ url: `${server.origin}/` });
    assert.equal(told.failure?.outcome, 'protocol_error');
    assert.equal(told.failure?.error.code, 'TRUNCATED');
    assert.equal(told.wireBytes, 4);
  });
}

test('E06: a body that ends with an orderly close is whole, and it is told that nothing else says so', async t => {
  const { server, lane } = await setUp(t, socket => socket.end(`${OK}\r\nabcd`));
  const told = await lane.run({ url: `${server.origin}/` });
  assert.equal(told.end, 'whole');
  assert.equal(told.body.toString(), 'abcd');
  assert.deepEqual(told.notes, { framing: 'close' });
});

const FRAMINGS: [answer: string, method: string, framing: string | undefined][] = [
  [`${OK}\r\n`, 'GET', 'close'],
  [`${OK}transfer-encoding: gzip\r\n\r\n`, 'GET', 'close'],
  [`${OK}content-length: 0\r\n\r\n`, 'GET', undefined],
  [`${OK}transfer-encoding: chunked\r\n\r\n0\r\n\r\n`, 'GET', undefined],
  [`${OK}\r\n`, 'HEAD', undefined],
  ['HTTP/1.1 204 X\r\n\r\n', 'GET', undefined],
  ['HTTP/1.1 304 X\r\n\r\n', 'GET', undefined],
];
for (const [answer, method, framing] of FRAMINGS) {
  test(`E06: ${method}, ${JSON.stringify(answer.slice(9))}: ${framing ?? 'has an end of its own'}`, async t => {
    const { server, lane } = await setUp(t, socket => socket.end(answer));
    const told = await lane.run({ url: `${server.origin}/`, method });
    assert.deepEqual([told.end, told.notes?.framing], ['whole', framing]);
  });
}

test('E07: lengths that contradict each other are no HTTP', async t => {
  const heads = [
    `${OK}content-length: 4\r\ncontent-length: 5\r\n\r\nabcde`,
    `${OK}content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n`,
    `${OK}content-length: -1\r\n\r\n`,
    `${OK}content-length: 4x\r\n\r\nabcd`,
  ];
  const { server, lane } = await setUp(t, (socket, { index }) => socket.write(heads[index] as string));
  for (const head of heads) {
    const told = await lane.run({ url: `${server.origin}/` });
    assert.equal(told.failure?.outcome, 'protocol_error', head);
    assert.equal(told.failure?.error.code, 'BAD_RESPONSE', head);
  }
  assert.equal(server.connectionCount, heads.length);
});

test('E09, S28: headers have a bound', async t => {
  const { server, lane } = await setUp(t, socket => socket.write(`${OK}x: ${'y'.repeat(20_000)}\r\n\r\n`));
  const told = await lane.run({ url: `${server.origin}/` });
  assert.equal(told.failure?.outcome, 'too_large');
  assert.equal(told.failure?.error.code, 'HEADERS_TOO_LARGE');
  assert.match(told.failure?.error.message ?? '', /16384 bytes/);
  await server.allClosed();
});

test('E11, S28: interim responses are borne, but not for ever', async t => {
  const early = 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n';
  const { server, lane } = await setUp(t, (socket, { index }) => {
    socket.write(early.repeat(index === 0 ? 20 : 21));
    if (index === 0) socket.write(response('ok'));
  });
  const borne = await lane.run({ url: `${server.origin}/` });
  assert.equal(borne.status, 200);
  const told = await lane.run({ url: `${server.origin}/` });
  assert.equal(told.failure?.outcome, 'protocol_error');
  assert.equal(told.failure?.error.code, 'TOO_MANY_INFORMATIONAL');
});

test('E20: a reset inside a body is never its end', async t => {
  const heads = [
    'content-length: 10\r\n',
    'transfer-encoding: chunked\r\n',
    'connection: close\r\ncontent-length: 10\r\n',
    'connection: close\r\n',
    'connection: close\r\ntransfer-encoding: chunked\r\n',
    '',
  ];
  const { server, lane } = await setUp(t, (socket, { index }) => {
    const head = heads[index] as string;
    const body = head.includes('chunked') ? '4\r\nabcd\r\n' : 'abcd';
    sockets.push(socket);
    socket.write(`${OK}${head}\r\n${body}`);
  });
  const sockets: import('node:net').Socket[] = [];
  for (const head of heads) {
    const told = await lane.run({ url: `${server.origin}/` }, stage => {
      if (stage === 'data') sockets.at(-1)?.resetAndDestroy();
    });
    assert.equal(told.end, 'failed', head);
    assert.equal(told.failure?.outcome, 'network_error', head);
    assert.equal(told.failure?.error.code, 'ECONNRESET', head);
    assert.match(told.failure?.error.message ?? '', /after 4/);
  }
});

test('a connection that closes before or inside the headers', async t => {
  const starts = ['', 'HTTP/1.1 2', `${OK}content-le`];
  const { server, lane } = await setUp(t, (socket, { index }) => socket.end(starts[index] as string));
  const codes = [];
  for (const _ of starts) codes.push((await lane.run({ url: `${server.origin}/` })).failure?.error.code);
  assert.deepEqual(codes, ['CONNECTION_CLOSED', 'TRUNCATED', 'TRUNCATED']);
});

test('E23: an early refusal is heard while we still upload', async t => {
  const refusal = 'HTTP/1.1 413 Content Too Large\r\nconnection: close\r\ncontent-length: 3\r\n\r\nbig';
  const { server, lane } = await setUp(
    t,
    (socket, { index }) => {
      socket.pause();
      if (index === 0) socket.end(refusal);
      else socket.write(response('fine'));
    },
    { answerHeads: true },
  );
  const body = Buffer.alloc(100_000_000);
  const told = await lane.run({ url: `${server.origin}/`, method: 'POST', body });
  assert.equal(told.status, 413);
  assert.equal(told.end, 'whole');
  assert.equal(told.body.toString(), 'big');
  const next = await lane.run({ url: `${server.origin}/` });
  assert.equal(next.body.toString(), 'fine');
});

test('E23: an early answer that would keep the connection closes it all the same', async t => {
  const { server, lane } = await setUp(
    t,
    socket => {
      socket.pause();
      socket.write(response('early'));
    },
    { answerHeads: true },
  );
  const told = await lane.run({ url: `${server.origin}/`, method: 'POST', body: Buffer.alloc(50_000_000) });
  assert.equal(told.body.toString(), 'early');
  assert.equal((await lane.run({ url: `${server.origin}/` })).body.toString(), 'early');
  assert.equal(server.connectionCount, 2);
});

test('E25: bytes of no known character set arrive untouched', async t => {
  const bytes = Buffer.from([0xef, 0xbb, 0xbf, 0xff, 0xfe, 0x00, 0xc3, 0x28, 0x0d, 0x0a]);
  const { server, lane } = await setUp(t, socket =>
    socket.write(response(bytes, `${OK}content-type: text/plain; charset=ascii\r\n`)),
  );
  assert.deepEqual((await lane.run({ url: `${server.origin}/` })).body, bytes);
});

const NO_HTTP: Record<string, [bytes: string, hint: RegExp]> = {
  'random bytes': ['\x07\x9a\x00\xff\x42\x13\x37', /./],
  'HTTP/0.9': ['<html>hello</html>', /./],
  'HTTP/2': ['\x00\x00\x12\x04\x00\x00\x00\x00\x00', /HTTP\/2/],
  'a TLS alert': ['\x15\x03\x01\x00\x02\x02\x46', /https/],
  SSH: ['SSH-2.0-OpenSSH_9.2\r\n', /SSH/],
  'an upgrade unasked': [
    'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n',
    /protocol/,
  ],
};
for (const [name, [bytes, hint]] of Object.entries(NO_HTTP)) {
  test(`E27: ${name} is no HTTP/1.1`, async t => {
    const { server, lane } = await setUp(t, socket => socket.write(bytes, 'latin1'));
    const told = await lane.run({ url: `${server.origin}/` });
    assert.equal(told.failure?.outcome, 'protocol_error');
    assert.equal(told.failure?.error.code, 'BAD_RESPONSE');
    assert.match(told.failure?.error.message ?? '', hint);
    await server.allClosed();
  });
}

test('E27: an unasked 100 Continue is passed over', async t => {
  const { server, lane } = await setUp(t, socket => {
    socket.write('HTTP/1.1 100 Continue\r\n\r\n');
    socket.write(response('after'));
  });
  const told = await lane.run({ url: `${server.origin}/`, method: 'POST', body: 'x' });
  assert.equal(told.body.toString(), 'after');
});

test('S19, S28: a body larger than the bound is cut off', async t => {
  for (const head of ['content-length: 5000\r\n', '']) {
    const { server, lane } = await setUp(t, socket => socket.write(`${OK}${head}\r\n${'x'.repeat(2000)}`), {
      bodyBytesMax: 1000,
    });
    const told = await lane.run({ url: `${server.origin}/` });
    assert.equal(told.failure?.outcome, 'too_large');
    assert.equal(told.failure?.error.code, 'BODY_TOO_LARGE');
    await server.allClosed();
  }
});
