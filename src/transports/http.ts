// The real transport: HTTP/1.1 over undici's dispatch level, http and https.
import type { Clock } from '../base/clock.ts';
import type { ExchangeEvents, Transport, TransportLane } from '../engine/ports.ts';
import type { AttemptLimits, ConnectionOptions } from '../model/plan.ts';
import { ClientSettings } from './clients.ts';
import { Connector } from './connect.ts';
import { HttpLane } from './lane.ts';

export interface HttpTransportOptions {
  readonly connection: ConnectionOptions;
  readonly limits: Pick<AttemptLimits, 'bodyBytesMax' | 'headerBytesMax'>;
  /** Without one, idle connections are kept however long others wait behind them. */
  readonly clock?: Clock;
}

/**
 * A transport for `http:` and `https:` URLs. Deadlines are the caller's (`abort`); bounds are kept here.
 *
 * A response is whole when its framing and every content coding came to their own end, or, when it ends with
 * its connection, when that was closed in order. Node does not tell a TLS connection that was closed in order
 * from one that was only cut off, so over https such a body, without a length, may be cut short unseen.
 *
 * A connection stays open for its lane's next exchange. When a *reused* connection dies before the first byte
 * of an answer, an idempotent request (GET, HEAD, OPTIONS, PUT, DELETE, TRACE) is sent once more on a fresh
 * one, within the same attempt: servers close idle connections, and the close may cross our request on the
 * way (RFC 9112 §9.3.1, RFC 9110 §9.2.2). Never POST or PATCH: they may have been carried out.
 */
export function openHttpTransport(options: HttpTransportOptions): Transport {
  return new HttpTransport(options);
}

class HttpTransport implements Transport {
  readonly #settings: ClientSettings;
  readonly #bodyBytesMax: number;
  readonly #lanes = new Set<HttpLane>();

  constructor({ connection, limits, clock }: HttpTransportOptions) {
    this.#settings = new ClientSettings(new Connector(connection), limits.headerBytesMax, clock);
    this.#bodyBytesMax = limits.bodyBytesMax;
  }

  openLane(events: ExchangeEvents): TransportLane {
    const lane = new HttpLane(events, this.#settings, this.#bodyBytesMax);
    this.#lanes.add(lane);
    return lane;
  }

  /** Running exchanges fail as `cancelled`, later ones too. Harmless when called twice. */
  close(): Promise<void> {
    for (const lane of this.#lanes) lane.close();
    return this.#settings.noSockets();
  }
}
