import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { setUp } from './support.ts';

const PIECE = Buffer.alloc(1024 ** 2, 'paceline');
const PIECES = 400;

/** As fast as the other side takes it, and no faster. */
function pour(socket: Socket, pieces: number): void {
  let left = pieces;
  const more = () => {
    while (left > 0 && !socket.destroyed) {
      left--;
      if (!socket.write(PIECE)) return;
    }
  };
  socket.on('drain', more);
  more();
}

test('E29: a body that nobody keeps passes through in little memory', async t => {
  const bytes = PIECES * PIECE.length;
  const { server, lane } = await setUp(
    t,
    socket => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${bytes}\r\n\r\n`);
      pour(socket, PIECES);
    },
    { bodyBytesMax: Number.POSITIVE_INFINITY },
  );
  const before = process.memoryUsage.rss();
  let most = 0;
  let seen = 0;
  const told = await lane.count({ url: `${server.origin}/` }, chunk => {
    seen += chunk;
    most = Math.max(most, process.memoryUsage.rss() - before);
  });
  assert.equal(told.end, 'whole');
  assert.equal(told.wireBytes, bytes);
  assert.equal(seen, bytes);
  assert.ok(most < 200 * 1024 ** 2, `${Math.round(most / 1024 ** 2)} MiB more`);
});
