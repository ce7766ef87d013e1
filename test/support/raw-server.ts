// A TCP server that answers each request with scripted bytes: what a hostile or careless server would send,
// exact to the byte. It reads requests only as far as it must to tell them apart.
import net from 'node:net';

/** One request as it came: head and body, raw. */
export interface RawRequest {
  /** Place among all requests of this server, from 0. */
  readonly index: number;
  /** Number of the connection it came on, from 0. */
  readonly connection: number;
  /** Place on its connection, from 0. */
  readonly onConnection: number;
  readonly head: string;
  readonly body: Buffer;
}

export interface RawServer {
  readonly port: number;
  readonly origin: string;
  readonly requests: readonly RawRequest[];
  /** Connections accepted so far. */
  readonly connectionCount: number;
  /** Resolves when the server has seen every connection close. */
  allClosed(): Promise<void>;
  close(): Promise<void>;
}

export interface RawServerOptions {
  /** Answer as soon as the head is there, with the body still on its way. */
  readonly answerHeads?: boolean;
  /** Sees a connection before any byte. */
  readonly onConnection?: (socket: net.Socket) => void;
}

/** Called for each request; writes what it likes. */
export type Answer = (socket: net.Socket, request: RawRequest) => void;

export async function startRawServer(answer: Answer, options: RawServerOptions = {}): Promise<RawServer> {
  const requests: RawRequest[] = [];
  const sockets = new Set<net.Socket>();
  let connectionCount = 0;
  let onAllClosed: (() => void) | null = null;
  const server = net.createServer(socket => {
    const connection = connectionCount++;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      if (sockets.size === 0) onAllClosed?.();
    });
    options.onConnection?.(socket);
    let seen: Buffer = Buffer.alloc(0);
    let onConnection = 0;
    socket.on('data', (chunk: Buffer) => {
      seen = Buffer.concat([seen, chunk]);
      for (;;) {
        const headEnd = seen.indexOf('\r\n\r\n');
        if (headEnd < 0) return;
        const head = seen.toString('latin1', 0, headEnd + 4);
        const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
        if (options.answerHeads !== true && seen.length < head.length + length) return;
        const body = seen.subarray(head.length, head.length + length);
        seen = seen.subarray(head.length + body.length);
        const request = { index: requests.length, connection, onConnection: onConnection++, head, body };
        requests.push(request);
        answer(socket, request);
        if (options.answerHeads === true) return;
      }
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    requests,
    get connectionCount() {
      return connectionCount;
    },
    allClosed: () =>
      sockets.size === 0
        ? Promise.resolve()
        : new Promise(resolve => {
            onAllClosed = resolve;
          }),
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise(resolve => server.close(() => resolve()));
    },
  };
}
