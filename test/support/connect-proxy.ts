// An HTTP proxy in a few lines: tunnels what it is asked for, answers plain requests itself, and keeps what it was
// told. What it answers can be scripted to the byte.
import net from 'node:net';

export interface ConnectProxy {
  readonly port: number;
  /** Heads of all requests that came to the proxy itself, raw. */
  readonly heads: readonly string[];
  /** Resolves when a first head has come. */
  readonly asked: Promise<void>;
  close(): Promise<void>;
}

/** @param answer to any request, in the place of the above: writes what it likes */
export async function startConnectProxy(answer?: (socket: net.Socket) => void): Promise<ConnectProxy> {
  const heads: string[] = [];
  const sockets = new Set<net.Socket>();
  const asked = Promise.withResolvers<void>();
  const keep = (socket: net.Socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  };
  const server = net.createServer(socket => {
    keep(socket);
    let head = '';
    const onData = (chunk: Buffer) => {
      head += chunk.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      socket.off('data', onData);
      heads.push(head);
      asked.resolve();
      const [, host = '', port = ''] = /^CONNECT \[?([^ \]]+)\]?:(\d+) HTTP/.exec(head) ?? [];
      if (answer !== undefined) {
        answer(socket);
        return;
      }
      if (host === '') {
        socket.end('HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\nproxied');
        return;
      }
      const target = net.connect({ host, port: Number(port) }, () => {
        socket.write('HTTP/1.1 200 Connection established\r\nX-Proxy: 1\r\n\r\n');
        socket.pipe(target).pipe(socket);
      });
      keep(target);
      target.on('error', () => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
    };
    socket.on('data', onData);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as net.AddressInfo).port,
    heads,
    asked: asked.promise,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise(resolve => server.close(() => resolve()));
    },
  };
}
