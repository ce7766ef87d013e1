// A body that was cut is never taken for whole (I39, I40): every coding in every framing, cut at any byte of what is on
// the wire, by a close, a reset, or by a server that stored half of it and frames that rightly.
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import zlib from 'node:zlib';
import { seededRandom } from '../../src/base/random.ts';
import { sized } from '../support/soak.ts';
import { setUp } from '../transports/support.ts';

const SEED = 20_261_127;
const CASES = sized(75, 2000);
const OK = 'HTTP/1.1 200 OK\r\n';
const TEXT = Buffer.from('The quick brown fox jumps over the lazy dog. '.repeat(60));

const CODINGS: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  identity: body => body,
  gzip: body => zlib.gzipSync(body),
  deflate: body => zlib.deflateSync(body),
  br: body => zlib.brotliCompressSync(body),
  zstd: body => zlib.zstdCompressSync(body),
};

/** The head's own line, and the body as it is framed. */
const FRAMINGS: Readonly<Record<string, (body: Buffer) => readonly [line: string, framed: Buffer]>> = {
  length: body => [`Content-Length: ${body.length}\r\n`, body],
  chunked: body => {
    const middle = body.length >> 1;
    const chunks = [body.subarray(0, middle), body.subarray(middle)].filter(({ length }) => length > 0);
    const framed = chunks.flatMap(chunk => [`${chunk.length.toString(16)}\r\n`, chunk, '\r\n']);
    return [
      'Transfer-Encoding: chunked\r\n',
      Buffer.concat([...framed, '0\r\n\r\n'].map(part => Buffer.from(part))),
    ];
  },
  'until close': body => ['Connection: close\r\n', body],
};

type Cut = 'closed' | 'reset' | 'stored';
/** What ends at a close cannot be told from what was cut by one, unless its coding knows its own end. */
const cutsOf = (coding: string, framing: string): readonly Cut[] => {
  if (coding !== 'identity') return ['closed', 'reset', 'stored'];
  return framing === 'until close' ? ['reset'] : ['closed', 'reset'];
};

for (const [coding, encode] of Object.entries(CODINGS)) {
  for (const [framing, frame] of Object.entries(FRAMINGS)) {
    test(`${coding}, ${framing}: no cut is whole (${CASES} cuts, seed ${SEED})`, async t => {
      const random = seededRandom(SEED).split(coding + framing);
      const below = (count: number): number => Math.floor(random.next() * count);
      const cuts = cutsOf(coding, framing);
      const lines = coding === 'identity' ? '' : `Content-Encoding: ${coding}\r\n`;
      let bytes = Buffer.alloc(0);
      let cut: Cut = 'closed';
      let connection: Socket | undefined;
      const { server, lane } = await setUp(t, socket => {
        connection = socket;
        if (cut === 'closed' || (cut === 'stored' && framing === 'until close')) socket.end(bytes);
        // A reset may overtake what was written before it; it waits until some of that has arrived.
        else socket.write(bytes, () => cut === 'reset' && setImmediate(() => socket.resetAndDestroy()));
      });
      for (let i = 0; i < CASES; i++) {
        cut = cuts[i % cuts.length] as Cut;
        const whole = encode(TEXT.subarray(0, 1 + below(TEXT.length)));
        const stored = cut === 'stored' ? whole.subarray(0, 1 + below(whole.length - 1)) : whole;
        const [line, framed] = frame(stored);
        // A reset is one also after the last byte of a body that ends with the connection.
        const last = cut === 'reset' && framing === 'until close' ? framed.length + 1 : framed.length;
        // Nothing at all, and then an orderly close, is an empty body under any coding.
        const least = cut === 'closed' && framing === 'until close' ? 1 : 0;
        const kept = cut === 'stored' ? framed : framed.subarray(0, least + below(last - least));
        bytes = Buffer.concat([Buffer.from(`${OK}${lines}${line}\r\n`), kept]);
        const told = await lane.run({ url: `${server.origin}/` });
        const what = `case ${i}: ${cut} after ${kept.length} of ${framed.length}: ${JSON.stringify(told.failure)}`;
        assert.equal(told.end, 'failed', what);
        assert.match(told.failure?.error.code ?? '', /^(TRUNCATED(_ENCODING)?|ECONNRESET)$/, what);
      }
      connection?.destroy();
    });
  }
}
