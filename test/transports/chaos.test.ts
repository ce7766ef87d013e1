import assert from 'node:assert/strict';
import type net from 'node:net';
import { test } from 'node:test';
import zlib from 'node:zlib';
import { type Random, seededRandom } from '../../src/base/random.ts';
import { openTestLane, type TestLane } from '../support/exchange.ts';
import { type RawServer, startRawServer } from '../support/raw-server.ts';
import { httpTransport, response } from './support.ts';

const OK = 'HTTP/1.1 200 OK\r\n';

/** What a server does with a request for `/name/id`; the answer, if any, quotes the id. */
const WHOLE: Record<string, (socket: net.Socket, id: string) => void> = {
  plain: (socket, id) => socket.write(response(id)),
  gzip: (socket, id) => socket.write(response(zlib.gzipSync(id), `${OK}content-encoding: gzip\r\n`)),
  slow: (socket, id) => {
    const bytes = response(id);
    socket.write(bytes.subarray(0, 20));
    setImmediate(() => socket.write(bytes.subarray(20)));
  },
  chunked: (socket, id) =>
    socket.write(`${OK}transfer-encoding: chunked\r\n\r\n${id.length.toString(16)}\r\n${id}\r\n0\r\n\r\n`),
  close: (socket, id) => socket.end(`${OK}\r\n${id}`),
  'last of connection': (socket, id) => socket.end(response(id, `${OK}connection: close\r\n`)),
  'closes silently': (socket, id) => {
    socket.write(response(id));
    setImmediate(() => socket.end());
  },
  'resets afterwards': (socket, id) => {
    socket.write(response(id));
    setImmediate(() => setImmediate(() => socket.resetAndDestroy()));
  },
  'says too much': (socket, id) => socket.write(Buffer.concat([response(id), Buffer.from('stray')])),
};
const BROKEN: Record<string, (socket: net.Socket, id: string) => void> = {
  'cut short': (socket, id) => socket.end(`${OK}content-length: 1000\r\n\r\n${id}`),
  'half a gzip': (socket, id) =>
    socket.write(response(zlib.gzipSync(id).subarray(0, 15), `${OK}content-encoding: gzip\r\n`)),
  garbage: socket => socket.write('\x01\x02\x03'),
  'no chunk end': (socket, id) => socket.end(`${OK}transfer-encoding: chunked\r\n\r\n4\r\n${id}`),
  'bad chunk': (socket, id) => socket.write(`${OK}transfer-encoding: chunked\r\n\r\nzz\r\n${id}`),
};
const KINDS = [...Object.keys(WHOLE), ...Object.keys(BROKEN)];

function startChaosServer(): Promise<RawServer> {
  return startRawServer((socket, { head }) => {
    const [, kind, id] = decodeURI(head.split(' ')[1] as string).split('/') as [string, string, string];
    (WHOLE[kind] ?? BROKEN[kind])?.(socket, id);
  });
}

test('whatever servers do and whenever we abort: one end each, the right body, and lanes live on', async t => {
  const seed = 42;
  const random = seededRandom(seed);
  const servers = await Promise.all([startChaosServer(), startChaosServer(), startChaosServer()]);
  for (const server of servers) t.after(() => server.close());
  const transport = httpTransport(t);
  const lanes = Array.from({ length: 6 }, () => openTestLane(transport));
  await Promise.all(lanes.map((lane, i) => runLane(lane, 120, servers, random.split(`lane ${i}`), seed)));
  await transport.close();
  await Promise.all(servers.map(server => server.allClosed()));
});

async function runLane(lane: TestLane, count: number, servers: RawServer[], random: Random, seed: number) {
  const below = (n: number) => Math.floor(random.next() * n);
  for (let i = 0; i < count; i++) {
    const kind = KINDS[below(KINDS.length)] as string;
    const id = String(random.next());
    const abortAfterTurns = random.next() < 0.3 ? below(8) : Number.POSITIVE_INFINITY;
    let over = false;
    const told = lane
      .run({ url: `${servers[below(servers.length)]?.origin}/${encodeURI(kind)}/${id}` })
      .finally(() => {
        over = true;
      });
    for (let turn = 0; !over && turn <= abortAfterTurns && abortAfterTurns < 10; turn++) {
      if (turn === abortAfterTurns) lane.abort();
      else await new Promise(setImmediate);
    }
    const { end, failure, body } = await told;
    const what = `seed ${seed}: request ${i}, ${kind}, ${JSON.stringify(failure)}`;
    if (failure?.outcome === 'cancelled') assert.ok(abortAfterTurns < 10, what);
    else assert.equal(end, kind in WHOLE ? 'whole' : 'failed', what);
    if (end === 'whole') assert.equal(body.toString(), id, what);
  }
}
