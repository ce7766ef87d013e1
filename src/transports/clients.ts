// The connections of lanes: one undici client for each lane and origin, so that none waits for another's, and a
// bounded number of idle ones, least recently used closed first.
import type { Socket } from 'node:net';
import Client, {
  type ConnectCallback,
  type ConnectTarget,
  type DispatchHandler,
  type DispatchOptions,
} from 'undici/lib/dispatcher/client.js';
import type { Clock } from '../base/clock.ts';
import { originOf } from '../model/origin.ts';
import type { ProxyAddress } from '../model/plan.ts';
import type { Connector } from './connect.ts';
import { AllTurns, type Seat, type Turns } from './turns.ts';
import { passOverContinue } from './undici-continue.ts';
import { warmUpParser } from './warm-up.ts';

/** Origins a lane keeps a connection to: the one in use and three it came from. */
const ORIGIN_COUNT_MAX = 4;
/** Connections kept beside those in use, over all lanes. */
const SPARE_COUNT_MAX = 256;
/** An idle connection is closed after this; many servers close theirs after five seconds. */
const KEEP_ALIVE_MS = 4000;
/** Ours closes this much earlier than the server said it would. */
const KEEP_ALIVE_MARGIN_MS = 1000;

/** The code of errors that undici does not lay to the charge of the next request. */
const UNDICI_IGNORES = 'UND_ERR_INFO';
const SLASH = 47;

/** What all clients of a transport share. */
export class ClientSettings {
  readonly connector: Connector;
  readonly headerBytesMax: number;
  readonly turns: AllTurns;
  readonly #spares = new Set<OriginClient>();
  #socketCount = 0;
  #connectingCount = 0;
  #isWarm = false;
  #whenNoSockets: PromiseWithResolvers<void> | null = null;

  constructor(connector: Connector, headerBytesMax: number, clock?: Clock) {
    this.turns = new AllTurns(clock);
    this.connector = connector;
    this.headerBytesMax = Number.isFinite(headerBytesMax) ? headerBytesMax : Number.MAX_SAFE_INTEGER;
  }

  /** A lane left this client for another origin. */
  leave(client: OriginClient): void {
    this.#spares.add(client);
    if (this.#spares.size <= SPARE_COUNT_MAX) return;
    for (const oldest of this.#spares) {
      this.#spares.delete(oldest);
      oldest.destroy(new Error('closed to make room'));
      return;
    }
  }

  /** A lane came back to this client, or gave it up. */
  take(client: OriginClient): void {
    this.#spares.delete(client);
  }

  socketOpened(): void {
    this.#socketCount++;
    this.#connectingCount++;
  }

  /** The socket has connected, and the request is written; or it never will. */
  socketSettled(): void {
    this.#connectingCount--;
    if (this.#connectingCount > 0 || this.#isWarm) return;
    this.#isWarm = true;
    setImmediate(warmUpParser); // all are sent, and the first answer is still on its way
  }

  socketGone(): void {
    this.#socketCount--;
    if (this.#socketCount === 0) this.#whenNoSockets?.resolve();
  }

  /** Resolves when the last socket has closed. */
  noSockets(): Promise<void> {
    if (this.#socketCount === 0) return Promise.resolve();
    this.#whenNoSockets ??= Promise.withResolvers();
    return this.#whenNoSockets.promise;
  }
}

/** One connection at a time to one origin, opened when needed. */
export class OriginClient implements Seat {
  readonly origin: string;
  /** The proxy to which requests are handed whole, as they are for http; null for none, and for a tunnel. */
  readonly proxy: ProxyAddress | null;
  /** The socket, from the first attempt to connect until its `close`. */
  socket: Socket | null = null;
  /** What broke the socket, as the socket itself told it: undici takes some resets for an end. */
  broken: Error | null = null;
  /** Exchanges begun on this socket, this one included. */
  exchangeCount = 0;
  /** Tried for this socket, where it is one to a name. */
  addresses: readonly string[] = [];
  destroyed = false;
  readonly #client: Client;
  readonly #settings: ClientSettings;
  readonly #onSocketGone: (client: OriginClient) => void;
  #turns: Turns | null = null;
  #turn = 0;
  #isBusy = false;

  /**
   * @param onSocketGone called after each socket's `close`, when undici has told what it has to tell
   * @throws when `origin` is not an http or https origin
   */
  constructor(origin: string, settings: ClientSettings, onSocketGone: (client: OriginClient) => void) {
    this.origin = origin;
    this.proxy = origin.startsWith('https:') ? null : settings.connector.proxy;
    this.#settings = settings;
    this.#onSocketGone = onSocketGone;
    this.#client = new Client(origin, {
      connect: (target, callback) => this.#connect(target, callback),
      allowH2: false,
      pipelining: 1,
      headersTimeout: 0, // deadlines are the attempt runner's
      bodyTimeout: 0,
      maxHeaderSize: settings.headerBytesMax,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveTimeoutThreshold: KEEP_ALIVE_MARGIN_MS,
    });
  }

  /** What a connection that is being made waits for, as a sentence; empty where it is plainly the other side. */
  get waitsFor(): string {
    const { socket, isViaProxy } = this;
    if (socket === null) return '';
    if (socket.connecting) return isViaProxy ? 'The proxy was not reached.' : '';
    if ('encrypted' in socket) return 'The server was reached, and its TLS handshake did not end.';
    return isViaProxy ? 'The proxy was reached, and did not open the tunnel.' : '';
  }

  /** Whether its connection is one to a proxy. */
  get isViaProxy(): boolean {
    return this.#settings.connector.proxy !== null;
  }

  dispatch(options: DispatchOptions, handler: DispatchHandler): void {
    this.#client.dispatch(options, handler);
  }

  /** Closes the connection, also one that is still being made; the exchange on it fails with `reason`. */
  destroy(reason: Error): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.#client.destroy(reason, () => {});
    this.socket?.destroy(reason);
  }

  get isIdle(): boolean {
    return this.socket !== null && !this.socket.destroyed && !this.#isBusy;
  }

  /** A request is about to be written. */
  exchangeBegan(): void {
    this.exchangeCount++;
    this.#isBusy = true;
    if (this.#turns) this.#turn = this.#turns.began(this, this.exchangeCount === 1);
  }

  /** The first byte of an answer has come. */
  exchangeAnswered(): void {
    if (this.exchangeCount === 1) this.#turns?.answered(this);
  }

  /** The whole answer has come. @returns how many on new connections it has passed over on a kept one */
  exchangeEnded(): number {
    this.#isBusy = false;
    this.closeIfSending();
    const passedOver = this.exchangeCount === 1 ? 0 : (this.#turns?.passedOver(this.#turn) ?? 0);
    this.#turns?.ended(this, this.#turn, this.exchangeCount === 1);
    return passedOver;
  }

  /** Closes a connection on which nothing is under way; the next exchange opens another one. */
  letGo(): void {
    this.socket?.destroy(Object.assign(new Error('let go for others'), { code: UNDICI_IGNORES }));
  }

  /**
   * Closes the connection when bytes of the request still wait to be sent: the answer came early,
   * and the rest must not reach the server as if it were the next request.
   */
  closeIfSending(): void {
    const socket = this.socket;
    if (socket === null || socket.writableLength === 0) return;
    socket.destroy(Object.assign(new Error('answered before it was all sent'), { code: UNDICI_IGNORES }));
  }

  #connect(target: ConnectTarget, callback: ConnectCallback): void {
    let ready = false;
    const turns = this.#settings.turns.of(this.origin);
    const gone = () => {
      if (this.socket === socket) this.socket = null; // undici may have begun the next one already
      this.#settings.socketGone();
      turns.gone(this);
      this.#settings.turns.forgetIfEmpty(this.origin);
      this.#onSocketGone(this);
    };
    const watch = (opened: Socket) => {
      socket = opened;
      this.socket = opened;
      opened.on('error', error => {
        if (this.socket === opened) this.broken ??= error;
      });
      opened.once('close', () => {
        if (ready || opened !== socket) return;
        callback(this.broken ?? new Error('closed by us'), null);
        this.#settings.socketSettled();
        gone();
      });
    };
    let socket = this.#settings.connector.open(target, {
      onReady: () => {
        ready = true;
        callback(null, socket);
        passOverContinue(socket);
        this.#settings.socketSettled();
        socket.once('close', gone); // after undici's own listener: it tells the failure first
      },
      onReplaced: watch,
      onAddress: address => {
        if (this.socket === socket) this.addresses = [...this.addresses, address];
      },
    });
    this.#settings.socketOpened();
    this.addresses = [];
    this.broken = null;
    this.exchangeCount = 0;
    this.#turns = turns;
    this.#isBusy = true;
    watch(socket);
  }
}

/** The clients of one lane, by origin. */
export class LaneClients {
  readonly #settings: ClientSettings;
  readonly #onSocketGone: (client: OriginClient) => void;
  readonly #byOrigin = new Map<string, OriginClient>();
  #current: OriginClient | null = null;

  constructor(settings: ClientSettings, onSocketGone: (client: OriginClient) => void) {
    this.#settings = settings;
    this.#onSocketGone = onSocketGone;
  }

  /**
   * The client for the origin of this URL. Costs one comparison when it is the origin of the last one.
   * @throws when the URL has no http or https origin
   */
  forUrl(url: string): OriginClient {
    const current = this.#current;
    if (current !== null && !current.destroyed) {
      const origin = current.origin;
      if (url.charCodeAt(origin.length) === SLASH && url.startsWith(origin)) return current;
    }
    return this.#switchTo(originOf(url));
  }

  destroy(reason: Error): void {
    for (const client of this.#byOrigin.values()) {
      this.#settings.take(client);
      client.destroy(reason);
    }
    this.#byOrigin.clear();
    this.#current = null;
  }

  #switchTo(origin: string): OriginClient {
    const left = this.#current;
    if (left !== null && !left.destroyed) this.#settings.leave(left);
    let client = this.#byOrigin.get(origin);
    if (client !== undefined) this.#settings.take(client);
    if (client === undefined || client.destroyed)
      client = new OriginClient(origin, this.#settings, this.#onSocketGone);
    this.#byOrigin.delete(origin);
    this.#byOrigin.set(origin, client); // last in the map: used last
    this.#current = client;
    if (this.#byOrigin.size > ORIGIN_COUNT_MAX) this.#dropOldest();
    return client;
  }

  #dropOldest(): void {
    for (const [origin, client] of this.#byOrigin) {
      this.#byOrigin.delete(origin);
      this.#settings.take(client);
      client.destroy(new Error('closed to make room'));
      return;
    }
  }
}
