// A server that counts, in a process of its own so that it sees what is on the wire and not what a client means to do.
// Bytes are written by hand: a body cut short must be cut exactly. The first part of a path says how it answers:
//
//   /after/MS/…   answers MS ms later      /cut/KIND/…  half a body, see `CUTS`      /drop/…  resets once it has it all
//   /wait/TEXT/…  429 with that Retry-After, once for each path; then 200
//   /busy/…       503, once for each path; then 200             anything else answers 200 at once
import { createServer, type Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';

/** A request as it came, with the instant on the machine's monotonic clock. */
export interface Arrival {
  readonly port: number;
  readonly method: string;
  readonly path: string;
  readonly atMs: number;
}

export interface Counted {
  /** By port: most requests that had come whole and had neither been answered nor lost their connection. */
  readonly inFlightMax: Readonly<Record<number, number>>;
  /** The same over all ports. */
  readonly inFlightMaxOverAll: number;
  readonly arrivals: readonly Arrival[];
}

const OK = 'HTTP/1.1 200 OK\r\n';
const TEXT = Buffer.from('The quick brown fox jumps over the lazy dog. '.repeat(2000));
const half = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.length >> 1);

const coded = (coding: string, bytes: Buffer) => (socket: Socket) => {
  socket.write(`${OK}Content-Encoding: ${coding}\r\nContent-Length: ${half(bytes).length}\r\n\r\n`);
  socket.write(half(bytes));
};
const thenReset = (socket: Socket): void => {
  socket.write(half(TEXT), () => setTimeout(() => socket.resetAndDestroy(), 20));
};

/** None of these bodies is whole. */
const CUTS: Readonly<Record<string, (socket: Socket) => void>> = {
  gzip: coded('gzip', gzipSync(TEXT)),
  deflate: coded('deflate', deflateSync(TEXT)),
  br: coded('br', brotliCompressSync(TEXT)),
  zstd: coded('zstd', zstdCompressSync(TEXT)),
  length: socket => {
    socket.write(`${OK}Content-Length: ${TEXT.length}\r\n\r\n`);
    socket.end(half(TEXT));
  },
  chunked: socket => {
    socket.write(`${OK}Transfer-Encoding: chunked\r\n\r\n${half(TEXT).length.toString(16)}\r\n`);
    socket.write(half(TEXT));
    socket.end('\r\n');
  },
  'length, reset': socket => {
    socket.write(`${OK}Content-Length: ${TEXT.length}\r\n\r\n`);
    thenReset(socket);
  },
  'until close, reset': socket => {
    socket.write(`${OK}Connection: close\r\n\r\n`);
    thenReset(socket);
  },
};
export const CUT_KINDS: readonly string[] = Object.keys(CUTS);

const nothing = () => ({
  inFlightMax: {} as Record<number, number>,
  inFlightMaxOverAll: 0,
  arrivals: [] as Arrival[],
});
let counted = nothing();
let overAll = 0;
const inFlight: Record<number, number> = {};
const seenOnce = new Set<string>();

function serve(socket: Socket): void {
  let text = '';
  let open = 0;
  const port = socket.localPort ?? 0;
  const count = (change: number): void => {
    open += change;
    const now = (inFlight[port] ?? 0) + change;
    inFlight[port] = now;
    overAll += change;
    counted.inFlightMax[port] = Math.max(counted.inFlightMax[port] ?? 0, now);
    counted.inFlightMaxOverAll = Math.max(counted.inFlightMaxOverAll, overAll);
  };
  const answered = (bytes: string): void => {
    if (open === 0) return;
    count(-1);
    socket.write(bytes);
  };
  // Whoever has closed its side waits for nothing any more.
  const gone = (): void => count(-open);
  socket.on('error', gone).on('end', gone).on('close', gone);
  socket.on('data', piece => {
    text += piece.toString('latin1');
    for (;;) {
      const headEnd = text.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const length = Number(/content-length: *(\d+)/i.exec(text.slice(0, headEnd))?.[1] ?? 0);
      if (text.length < headEnd + 4 + length) return;
      const [method = '', path = ''] = text.split(' ', 2);
      text = text.slice(headEnd + 4 + length);
      counted.arrivals.push({ port, method, path, atMs: performance.timeOrigin + performance.now() });
      count(1);
      answer(socket, decodeURI(path), { port, answered });
    }
  });
}

function answer(
  socket: Socket,
  path: string,
  { port, answered }: { port: number; answered: (bytes: string) => void },
): void {
  const [, kind, detail = ''] = path.split('/');
  const plain = (head: string): string => `HTTP/1.1 ${head}\r\nContent-Length: 2\r\n\r\nok`;
  const isFirst = !seenOnce.has(port + path);
  seenOnce.add(port + path);
  if (kind === 'after') setTimeout(() => answered(plain('200 OK')), Number(detail));
  else if (kind === 'drop') socket.resetAndDestroy();
  else if (kind === 'cut') {
    CUTS[detail]?.(socket);
    answered('');
  } else if (kind === 'wait' && isFirst) answered(plain(`429 Slow\r\nRetry-After: ${dateOr(detail)}`));
  else if (kind === 'busy' && isFirst) answered(plain('503 Busy'));
  else answered(plain('200 OK'));
}

/** `date+3` is the HTTP date three seconds from now, rounded up. */
function dateOr(text: string): string {
  const seconds = /^date\+(\d+)$/.exec(text)?.[1];
  if (seconds === undefined) return text;
  return new Date(Math.ceil(Date.now() / 1000) * 1000 + Number(seconds) * 1000).toUTCString();
}

if (process.send) {
  const ports: number[] = [];
  for (let i = 0; i < 2; i++) {
    const server = createServer({ allowHalfOpen: false, noDelay: true }, serve);
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    ports.push((server.address() as { port: number }).port);
  }
  process.on('message', () => {
    process.send?.(counted);
    counted = nothing();
  });
  process.on('disconnect', () => process.exit());
  process.send({ ports });
}
