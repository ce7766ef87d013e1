// A TLS server with the certificate of the tests (`localhost`, `127.0.0.1`, its own authority), answering every
// request alike.
import { readFileSync } from 'node:fs';
import type net from 'node:net';
import type { TestContext } from 'node:test';
import tls from 'node:tls';

const pem = (name: string) => readFileSync(new URL(`./tls/${name}`, import.meta.url), 'utf8');

export const KEY = pem('key.pem');
export const CERTIFICATE = pem('cert.pem');
/** Of an authority that has signed nothing. */
export const OTHER_AUTHORITY = pem('other-ca.pem');

export interface TlsServer {
  readonly port: number;
  readonly origin: string;
  /** Heads of requests as they came, decrypted. */
  readonly heads: readonly string[];
  /** Handshakes that came to their end. */
  readonly handshakeCount: number;
}

/** Closed when the test ends. @param path of a Unix socket, in the place of a port */
export async function startTlsServer(t: TestContext, answer: Buffer, path?: string): Promise<TlsServer> {
  const heads: string[] = [];
  const sockets = new Set<net.Socket>();
  let handshakeCount = 0;
  const server = tls.createServer({ key: KEY, cert: CERTIFICATE }, socket => {
    handshakeCount++;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', chunk => {
      heads.push(chunk.toString('latin1'));
      socket.write(answer);
    });
  });
  await new Promise<void>(resolve => {
    if (path === undefined) server.listen(0, '127.0.0.1', resolve);
    else server.listen(path, resolve);
  });
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise<void>(resolve => server.close(() => resolve()));
  });
  const address = server.address() as net.AddressInfo | string;
  const port = typeof address === 'string' ? 0 : address.port;
  return {
    port,
    origin: `https://localhost:${port}`,
    heads,
    get handshakeCount() {
      return handshakeCount;
    },
  };
}
