// Opens one socket, TCP or TLS. Node chooses between IPv6 and IPv4 by trying both (RFC 8305);
// `node:tls` is loaded only when an https URL comes.
import net from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ConnectionOptions } from '../model/plan.ts';

/** Most TLS sessions remembered for a quicker second handshake. */
const SESSION_COUNT_MAX = 256;
/** First TCP keep-alive probe on an idle connection; finds peers that vanished without a word. */
const PROBE_AFTER_MS = 60_000;
const READ_BUFFER_BYTES = 64 * 1024;

export interface Target {
  readonly protocol: string;
  readonly hostname: string;
  /** Empty for the scheme's own port. */
  readonly port: string;
}

/** One per transport, so that a TLS session never crosses to other connection settings. */
export class Connector {
  readonly #options: ConnectionOptions;
  readonly #sessions = new Map<string, Buffer>();

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /**
   * Begins to connect; the caller listens for `error` and `close`.
   * @param onReady called when bytes can be sent: after the handshake for TLS
   */
  open(target: Target, onReady: () => void): net.Socket {
    return target.protocol === 'https:' ? this.#openTls(target, onReady) : openTcp(target, onReady);
  }

  #openTls(target: Target, onReady: () => void): TLSSocket {
    const tls = process.getBuiltinModule('node:tls');
    const key = `${target.hostname}:${target.port}`;
    const session = this.#sessions.get(key);
    const socket = tls.connect({
      ...tcpOptions(target, 443),
      // The name in the URL decides, also where the user sends another `Host`; an address has no name.
      ...(net.isIP(target.hostname) === 0 ? { servername: target.hostname } : {}),
      ...(session ? { session } : {}),
      ALPNProtocols: ['http/1.1'],
      rejectUnauthorized: !this.#options.insecure,
    });
    socket.once('secureConnect', onReady);
    socket.on('session', ticket => this.#keepSession(key, ticket));
    return socket;
  }

  #keepSession(key: string, ticket: Buffer): void {
    this.#sessions.delete(key);
    this.#sessions.set(key, ticket);
    if (this.#sessions.size <= SESSION_COUNT_MAX) return;
    for (const oldest of this.#sessions.keys()) {
      this.#sessions.delete(oldest);
      return;
    }
  }
}

function openTcp(target: Target, onReady: () => void): net.Socket {
  const socket = net.connect(tcpOptions(target, 80));
  socket.once('connect', onReady);
  return socket;
}

function tcpOptions(target: Target, standardPort: number): net.TcpNetConnectOpts & { highWaterMark: number } {
  return {
    host: target.hostname,
    port: target.port === '' ? standardPort : Number(target.port),
    autoSelectFamily: true,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: PROBE_AFTER_MS,
    highWaterMark: READ_BUFFER_BYTES,
  };
}
