// A server's slow hand: the same bytes again and again, at a pace, until the other side has had enough.
import type { Socket } from 'node:net';

/** Writes `bytes` every `everyMs` until the socket closes. */
export function drip(socket: Socket, bytes: string, everyMs: number): void {
  const timer = setInterval(() => socket.write(bytes), everyMs);
  socket.once('close', () => clearInterval(timer));
}
