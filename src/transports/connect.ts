// Opens one connection: TCP, a Unix socket or a tunnel through a proxy, with TLS on top for https. Node chooses
// between IPv6 and IPv4 by trying both (RFC 8305); `node:tls` is loaded only when an https URL comes.
import net from 'node:net';
import type { SecureContext, TLSSocket } from 'node:tls';
import type { ConnectionOptions, ProxyAddress } from '../model/plan.ts';
import { openTunnel } from './tunnel.ts';

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

/** Told while a connection is made. */
export interface ConnectEvents {
  /** Bytes can be sent: after the handshake for TLS. */
  onReady(): void;
  /** Another socket stands in the place of the one before, whose end is its own: TLS inside a tunnel. */
  onReplaced(socket: net.Socket): void;
  /** An address of the host's name is tried. Not told where there is no name. */
  onAddress(address: string): void;
}

/** One per transport, so that a TLS session never crosses to other connection settings. */
export class Connector {
  /** Requests for http go to it, in its own form; null for none. */
  readonly proxy: ProxyAddress | null;
  readonly #options: ConnectionOptions;
  readonly #sessions = new Map<string, Buffer>();
  #context: SecureContext | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.proxy = options.proxy;
  }

  /** Begins to connect; the caller listens for `error` and `close` of what is returned. */
  open(target: Target, events: ConnectEvents): net.Socket {
    const socket = this.#open(target, events);
    const host = this.#options.unixSocket === null ? (this.proxy?.host ?? target.hostname) : null;
    if (host !== null && net.isIP(host) === 0) socket.on('connectionAttempt', events.onAddress);
    return socket;
  }

  #open(target: Target, events: ConnectEvents): net.Socket {
    const { proxy } = this;
    const isTls = target.protocol === 'https:';
    if (proxy === null) {
      const to = this.#address(target, isTls ? 443 : 80);
      return isTls ? this.#openTls(target, to, events) : openPlain(to, () => events.onReady());
    }
    const toProxy = tcpOptions(proxy.host, proxy.port);
    if (!isTls) return openPlain(toProxy, () => events.onReady());
    const authority = authorityOf(target);
    const socket = openPlain(toProxy, () => {
      openTunnel(socket, authority, proxy.authorization, () =>
        events.onReplaced(this.#openTls(target, { socket }, events)),
      );
    });
    return socket;
  }

  #openTls(
    target: Target,
    to: net.NetConnectOpts | { socket: net.Socket },
    events: ConnectEvents,
  ): TLSSocket {
    const tls = process.getBuiltinModule('node:tls');
    const key = `${target.hostname}:${target.port}`;
    const session = this.#sessions.get(key);
    const { insecure, caCert } = this.#options;
    // Made once: reading a bundle of all authorities takes milliseconds.
    if (caCert !== null) this.#context ??= tls.createSecureContext({ ca: caCert });
    const socket = tls.connect({
      ...to,
      // The name in the URL decides, also where the user sends another `Host`; an address has no name.
      ...(net.isIP(target.hostname) === 0 ? { servername: target.hostname } : {}),
      ...(session ? { session } : {}),
      ALPNProtocols: ['http/1.1'],
      rejectUnauthorized: !insecure,
      ...(this.#context ? { secureContext: this.#context } : {}),
    });
    socket.once('secureConnect', () => events.onReady());
    socket.on('session', ticket => this.#keepSession(key, ticket));
    return socket;
  }

  #address(target: Target, standardPort: number): net.NetConnectOpts {
    const { unixSocket } = this.#options;
    if (unixSocket !== null) return { path: unixSocket };
    return tcpOptions(target.hostname, target.port === '' ? standardPort : Number(target.port));
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

/** `host:port` as it stands in `CONNECT`, always with the port (RFC 9110 section 9.3.6). */
function authorityOf({ hostname, port }: Target): string {
  return `${hostname.includes(':') ? `[${hostname}]` : hostname}:${port === '' ? 443 : port}`;
}

function openPlain(to: net.NetConnectOpts, onReady: () => void): net.Socket {
  const socket = net.connect(to);
  socket.once('connect', onReady);
  return socket;
}

function tcpOptions(host: string, port: number): net.TcpNetConnectOpts & { highWaterMark: number } {
  return {
    host,
    port,
    autoSelectFamily: true,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: PROBE_AFTER_MS,
    highWaterMark: READ_BUFFER_BYTES,
  };
}
