// A tunnel through an HTTP proxy: `CONNECT host:port`, and after a 2xx the bytes are the target's (RFC 9110 section
// 9.3.6). What the proxy says is bounded and believed in nothing but its status.
import type { Socket } from 'node:net';
import type { OutcomeCode } from '../model/outcome-codes.ts';

/** Largest head of the proxy's answer. */
const HEAD_BYTES_MAX = 16 * 1024;
const HEAD_END = '\r\n\r\n';
const STATUS_LINE = /^HTTP\/1\.[01] ([2-5]\d\d)(?: ([^\r\n]*))?\r\n/;

/** Why there is no tunnel; `failures.ts` knows it by its code. */
export class TunnelError extends Error {
  readonly code: Extract<OutcomeCode, 'PROXY_REFUSED' | 'BAD_PROXY_RESPONSE'>;

  constructor(code: TunnelError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Asks for the tunnel on a connection that stands. Without one the socket is destroyed with a `TunnelError`.
 * @param onOpen the socket is now the target's, with no listener of ours left on it
 */
export function openTunnel(
  socket: Socket,
  authority: string,
  authorization: string | null,
  onOpen: () => void,
): void {
  let seen = '';
  const onData = (chunk: Buffer) => {
    seen += chunk.toString('latin1');
    const headEnd = seen.indexOf(HEAD_END);
    if (headEnd < 0 && seen.length <= HEAD_BYTES_MAX && mayBeHttp(seen)) return;
    leave();
    const failure = headEnd < 0 ? notHttp() : problemOf(seen.slice(0, headEnd + 2));
    if (failure !== null) {
      socket.destroy(failure);
      return;
    }
    // A server that speaks first does not speak TLS; that is for the handshake to say.
    const rest = seen.slice(headEnd + HEAD_END.length);
    if (rest !== '') socket.unshift(Buffer.from(rest, 'latin1'));
    onOpen();
  };
  const onEnd = () => {
    leave();
    const message = 'The proxy closed the connection without an answer';
    socket.destroy(new TunnelError('BAD_PROXY_RESPONSE', message));
  };
  const leave = () => {
    socket.pause();
    socket.off('data', onData);
    socket.off('end', onEnd);
  };
  socket.on('data', onData);
  socket.on('end', onEnd);
  const credentials = authorization === null ? '' : `Proxy-Authorization: ${authorization}\r\n`;
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${credentials}\r\n`, 'latin1');
}

/** Whether more can make an answer of it: nonsense is told at once, not when the time is up. */
function mayBeHttp(text: string): boolean {
  return text.startsWith('HTTP/1.'.slice(0, text.length));
}

function problemOf(head: string): TunnelError | null {
  const status = Number(STATUS_LINE.exec(head)?.[1] ?? Number.NaN);
  if (Number.isNaN(status)) return notHttp();
  if (status < 300) return null;
  const hint = status === 407 ? ': it wants credentials (http://name:password@host:port), or others' : '';
  return new TunnelError('PROXY_REFUSED', `The proxy refused the tunnel with status ${status}${hint}`);
}

function notHttp(): TunnelError {
  return new TunnelError('BAD_PROXY_RESPONSE', 'What the proxy answered is not proper HTTP/1.1');
}
