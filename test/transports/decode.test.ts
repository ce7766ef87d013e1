import assert from 'node:assert/strict';
import { test } from 'node:test';
import zlib from 'node:zlib';
import { seededRandom } from '../../src/base/random.ts';
import { response, setUp } from './support.ts';

const ENCODE: Record<string, (body: Uint8Array) => Buffer> = {
  gzip: body => zlib.gzipSync(body),
  'x-gzip': body => zlib.gzipSync(body),
  deflate: body => zlib.deflateSync(body),
  br: body => zlib.brotliCompressSync(body),
  zstd: body => zlib.zstdCompressSync(body),
};
const TEXT = Buffer.from('The quick brown fox jumps over the lazy dog. '.repeat(400));

/** The codings in the order they were applied, as the header names them. */
function encode(body: Uint8Array, codings: readonly string[]): Buffer {
  let bytes = Buffer.from(body);
  for (const coding of codings) bytes = Buffer.from((ENCODE[coding] as (b: Uint8Array) => Buffer)(bytes));
  return bytes;
}

const coded = (value: string) => `HTTP/1.1 200 OK\r\ncontent-encoding: ${value}\r\n`;

/** The same bytes in each of the three framings, always complete. */
const FRAMINGS: Record<string, (head: string, body: Buffer) => Buffer> = {
  length: (head, body) => response(body, head),
  chunked: (head, body) => {
    const half = body.length >> 1;
    const parts = [body.subarray(0, half), body.subarray(half)].filter(part => part.length > 0);
    return Buffer.concat([
      Buffer.from(`${head}transfer-encoding: chunked\r\n\r\n`),
      ...parts.flatMap(part => [Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')]),
      Buffer.from('0\r\n\r\n'),
    ]);
  },
  close: (head, body) => Buffer.concat([Buffer.from(`${head}\r\n`), body]),
};

test('every coding comes off, alone and in order', async t => {
  const chains = [
    ['gzip'],
    ['x-gzip'],
    ['deflate'],
    ['br'],
    ['zstd'],
    ['gzip', 'br'],
    ['zstd', 'deflate', 'gzip'],
  ];
  for (const chain of [...chains, ['identity', 'gzip'], ['gzip', 'gzip', 'gzip', 'gzip', 'gzip']]) {
    const bytes = encode(
      TEXT,
      chain.filter(name => name !== 'identity'),
    );
    const { server, lane } = await setUp(t, socket => socket.write(response(bytes, coded(chain.join(', ')))));
    const told = await lane.run({ url: `${server.origin}/` });
    assert.equal(told.end, 'whole', chain.join());
    assert.ok(told.body.equals(TEXT), chain.join());
    assert.equal(told.wireBytes, bytes.length);
  }
});

test('deflate without the wrapper, and a gzip of two members', async t => {
  const bodies = [zlib.deflateRawSync(TEXT), Buffer.concat([zlib.gzipSync(TEXT), zlib.gzipSync(TEXT)])];
  const { server, lane } = await setUp(t, (socket, { index }) =>
    socket.write(response(bodies[index] as Buffer, coded(index === 0 ? 'deflate' : 'gzip'))),
  );
  assert.ok((await lane.run({ url: `${server.origin}/` })).body.equals(TEXT));
  assert.ok((await lane.run({ url: `${server.origin}/` })).body.equals(Buffer.concat([TEXT, TEXT])));
});

test('a coding nobody knows is left on; an empty body is empty under any', async t => {
  const { server, lane } = await setUp(t, (socket, { index }) =>
    socket.write(index === 0 ? response('abc', coded('rot13, gzip')) : response('', coded('gzip'))),
  );
  const unknown = await lane.run({ url: `${server.origin}/` });
  assert.equal(unknown.body.toString(), 'abc');
  assert.equal((await lane.run({ url: `${server.origin}/` })).end, 'whole');
});

test('I40: no coding cut short is ever whole, however right the framing (240 cases)', async t => {
  const seed = 20_261_123;
  const random = seededRandom(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random.next() * items.length)] as T;
  let answer = Buffer.alloc(0);
  let framing = '';
  const { server, lane } = await setUp(t, socket => {
    socket.write(answer);
    if (framing === 'close') socket.end();
  });
  for (let i = 0; i < 240; i++) {
    const chain = Array.from({ length: random.next() < 0.7 ? 1 : 2 }, () => pick(Object.keys(ENCODE)));
    const body = TEXT.subarray(0, Math.floor(random.next() * TEXT.length));
    const bytes = encode(body, chain);
    const cut = 1 + Math.floor(random.next() * (bytes.length - 1));
    framing = pick(Object.keys(FRAMINGS));
    answer = Buffer.from(FRAMINGS[framing]?.(coded(chain.join(',')), bytes.subarray(0, cut)) ?? '');
    const told = await lane.run({ url: `${server.origin}/` });
    const what = `seed ${seed} case ${i}: ${chain} ${framing} ${cut} of ${bytes.length}`;
    assert.equal(told.end, 'failed', what);
    assert.equal(told.failure?.error.code, 'TRUNCATED_ENCODING', what);
    assert.equal(told.failure?.outcome, 'protocol_error');
    assert.equal(told.wireBytes, cut, what);
    assert.ok(body.subarray(0, told.body.length).equals(told.body), what);
  }
});

test('E13: what is damaged or goes on after its end is refused', async t => {
  const whole = zlib.gzipSync(TEXT);
  const badSum = Buffer.from(whole);
  badSum[badSum.length - 6] = (badSum[badSum.length - 6] as number) ^ 0xff;
  const tail = Buffer.from('tail');
  const cases: [string, Buffer][] = [
    ['gzip', badSum],
    ['gzip', Buffer.from('this is no gzip')],
    ['gzip', Buffer.concat([whole, tail])],
    ['gzip', Buffer.concat([whole, Buffer.alloc(8)])],
    ['deflate', Buffer.concat([zlib.deflateSync(TEXT), tail])],
    ['br', Buffer.concat([zlib.brotliCompressSync(TEXT), tail])],
    ['zstd', Buffer.concat([zlib.zstdCompressSync(TEXT), tail])],
    ['br', Buffer.alloc(300, 0xff)],
    ['gzip, gzip, gzip, gzip, gzip, gzip', whole],
  ];
  const { server, lane } = await setUp(t, (socket, { index }) => {
    const [value, bytes] = cases[index] as [string, Buffer];
    socket.write(response(bytes, coded(value)));
  });
  for (const [value, bytes] of cases) {
    const told = await lane.run({ url: `${server.origin}/` });
    assert.equal(told.failure?.outcome, 'protocol_error', `${value} ${bytes.length}`);
    assert.equal(told.failure?.error.code, 'BAD_ENCODING', `${value} ${bytes.length}`);
  }
});

test('E16, S28: a bomb stops at the bound, in little memory', async t => {
  const bomb = zlib.gzipSync(Buffer.alloc(40_000_000));
  const { server, lane } = await setUp(t, socket => socket.write(response(bomb, coded('gzip'))), {
    bodyBytesMax: 4_000_000,
  });
  const told = await lane.run({ url: `${server.origin}/` });
  assert.equal(told.failure?.outcome, 'too_large');
  assert.equal(told.failure?.error.code, 'BODY_TOO_LARGE');
  assert.ok(told.body.length <= 4_000_000);
});

test('a bomb inside a bomb stops at the bound, too', async t => {
  const inner = zlib.gzipSync(Buffer.alloc(20_000_000));
  const { server, lane } = await setUp(
    t,
    socket => socket.write(response(zlib.gzipSync(inner), coded('gzip, gzip'))),
    {
      bodyBytesMax: 1_000_000,
    },
  );
  assert.equal((await lane.run({ url: `${server.origin}/` })).failure?.error.code, 'BODY_TOO_LARGE');
});

test('a large coded body passes through the pauses whole', async t => {
  const random = seededRandom(7);
  const noise = Buffer.from(Uint8Array.from({ length: 3_000_000 }, () => random.next() * 256));
  const bytes = zlib.gzipSync(noise, { level: 1 });
  for (const framing of Object.values(FRAMINGS)) {
    const { server, lane } = await setUp(t, socket => {
      socket.write(framing(coded('gzip'), bytes));
      if (framing === FRAMINGS.close) socket.end();
    });
    const told = await lane.run({ url: `${server.origin}/` });
    assert.equal(told.end, 'whole', JSON.stringify(told.failure));
    assert.ok(told.body.equals(noise));
  }
});

test('abort while decoders still work', async t => {
  const bytes = zlib.gzipSync(TEXT);
  const { server, lane } = await setUp(t, socket => socket.write(response(bytes, coded('gzip'))));
  for (const stage of ['headers', 'data']) {
    const told = await lane.run({ url: `${server.origin}/` }, at => {
      if (at === stage) setImmediate(lane.abort);
    });
    assert.ok(told.end === 'whole' || told.failure?.outcome === 'cancelled');
    const atOnce = await lane.run({ url: `${server.origin}/` }, at => {
      if (at === stage) lane.abort();
    });
    assert.equal(atOnce.failure?.outcome, 'cancelled');
    assert.equal((await lane.run({ url: `${server.origin}/` })).end, 'whole');
  }
});
