// A server whose answer follows from the path alone, so that whoever asks gets the same; and which says when
// a request has reached it.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

export interface DeterministicServer {
  readonly origin: string;
  /** Resolves when a request for this path has come; at once when one came before. */
  received(path: string): Promise<void>;
  close(): Promise<void>;
}

/** Each value of a byte, more often than one read of a socket holds. */
export const ALL_BYTES = Uint8Array.from({ length: 256 * 1024 }, (_, place) => place % 256);

const ANSWERS: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void>> = {
  '/404': (_, response) => response.writeHead(404).end('no such thing'),
  '/500': (_, response) => response.writeHead(500).end('broken'),
  '/moved': (_, response) => response.writeHead(302, { location: '/a?from=moved' }).end('moved'),
  '/empty': (_, response) => response.writeHead(204).end(),
  '/bytes': (_, response) => response.end(ALL_BYTES),
  '/gzip': (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('unpacked')),
  '/half-gzip': (_, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(ALL_BYTES).subarray(0, 60)),
  '/reset': request => request.socket.destroy(),
  '/half': (request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('half', () => request.socket.destroy());
  },
  '/echo': (request, response) => request.pipe(response),
  '/silent': () => {},
};

export async function startDeterministicServer(): Promise<DeterministicServer> {
  const seen = new Map<string, PromiseWithResolvers<void>>();
  const seenAt = (path: string): PromiseWithResolvers<void> => {
    const known = seen.get(path) ?? Promise.withResolvers<void>();
    seen.set(path, known);
    return known;
  };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const answer = ANSWERS[pathname] ?? (() => response.end(`this is ${request.url}`));
    response.setHeader('x-kind', 'deterministic');
    answer(request, response);
    seenAt(request.url ?? '/').resolve();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: path => seenAt(path).promise,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
