// One exchange after another, told as they go. The lane is itself the handler that undici calls, reused for
// every request: an exchange allocates nothing beyond what undici does.
//
//   idle → queued → sent → headed → (decoding) → idle      a whole response
//     any of them → failing → idle                         told once the socket is gone
import type { DispatchController, DispatchHandler, DispatchOptions } from 'undici/lib/dispatcher/client.js';
import type { EarlyEnd, ExchangeEvents, TransportLane } from '../engine/ports.ts';
import type { ConnectionNotes, ResponseHeaders } from '../model/attempt.ts';
import type { ProxyAddress } from '../model/plan.ts';
import { type HeaderList, type HttpRequest, isIdempotent } from '../model/request.ts';
import { isBug, throwLater } from './bugs.ts';
import { type ClientSettings, LaneClients, type OriginClient } from './clients.ts';
import { type BodyDecoder, type DecoderSink, openDecoder } from './decode.ts';
import { ExchangeNotes } from './exchange-notes.ts';
import { bodyTooLarge, failure, failureOf, isConnectionLoss, type Progress } from './failures.ts';
import { withDefaults } from './headers.ts';

const IDLE = 0;
const QUEUED = 1; // given to undici; waits for a connection
const SENT = 2;
const HEADED = 3;
const DECODING = 4; // the wire is done, decoders are not
const FAILING = 5;

/** Interim (1xx) responses borne before the final one; nobody has use for more than a few. */
const INTERIM_COUNT_MAX = 20;

const TOO_MANY_INTERIM = failure(
  'protocol_error',
  'TOO_MANY_INFORMATIONAL',
  `More than ${INTERIM_COUNT_MAX} interim (1xx) responses came before the final one.`,
);
const ABORTED = failure('cancelled', 'ABORTED', 'The exchange was ended by us.');
const CLOSED = failure('cancelled', 'ABORTED', 'The transport is closed.');

export class HttpLane implements TransportLane, DispatchHandler, DecoderSink {
  readonly #events: ExchangeEvents;
  readonly #clients: LaneClients;
  readonly #bodyBytesMax: number;
  readonly #headerBytesMax: number;
  readonly #notes = new ExchangeNotes();
  /** Read by undici at dispatch, so one object serves all requests. */
  readonly #options: DispatchOptions = { path: '', method: '', headers: [], body: null, blocking: false };
  #closed = false;
  /** What the headers of the last request were made of. */
  #userHeaders: HeaderList | null = null;
  #proxy: ProxyAddress | null = null;
  #state = IDLE;
  #client: OriginClient | null = null;
  #controller: DispatchController | null = null;
  #decoder: BodyDecoder | null = null;
  #headers: ResponseHeaders | null = null;
  #failure: EarlyEnd | null = null;
  #begun = false;
  #resent = false;
  #resending = false;
  #dispatching = false;
  #interimCount = 0;
  #wireBytes = 0;

  constructor(events: ExchangeEvents, settings: ClientSettings, bodyBytesMax: number) {
    this.#events = events;
    this.#bodyBytesMax = bodyBytesMax;
    this.#headerBytesMax = settings.headerBytesMax;
    this.#clients = new LaneClients(settings, client => this.#onSocketGone(client));
  }

  /** Never throws and never tells an end before it returns; what cannot be sent fails as `invalid_input`. */
  send(request: HttpRequest): void {
    this.#state = QUEUED;
    this.#begun = false;
    this.#resent = false;
    this.#interimCount = 0;
    this.#wireBytes = 0;
    this.#notes.begin();
    const client = this.#clientFor(request.url);
    if (client === null) return;
    this.#client = client;
    const options = this.#options;
    const { proxy } = client;
    options.path = proxy === null ? request.url.slice(client.origin.length) : request.url;
    options.method = request.method;
    options.body = request.body;
    if (request.headers !== this.#userHeaders || proxy !== this.#proxy) {
      this.#userHeaders = request.headers;
      this.#proxy = proxy;
      options.headers = withDefaults(request.headers, proxy?.authorization);
    }
    this.#dispatch(client);
  }

  abort(): void {
    this.#fail(ABORTED);
  }

  waitsFor(): string {
    return this.#state === QUEUED ? (this.#client?.waitsFor ?? '') : '';
  }

  takeNotes(): ConnectionNotes | undefined {
    return this.#notes.take();
  }

  /** Ends the running exchange and closes all connections of the lane. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#fail(CLOSED);
    this.#clients.destroy(new Error(CLOSED.error.message));
  }

  // Called by undici.

  onRequestStart(controller: DispatchController): void {
    if (this.#client === null || this.#state === FAILING) {
      controller.abort(new Error('ended before it was sent'));
      return;
    }
    this.#controller = controller;
    this.#notes.noteConnection(this.#client);
    this.#client.exchangeBegan();
    if (this.#state !== QUEUED) return; // sent again: told once
    this.#state = SENT;
    this.#events.onSent();
  }

  onResponseStarted(): void {
    this.#begun = true;
    this.#client?.exchangeAnswered();
  }

  onResponseStart(_controller: DispatchController, status: number, headers: ResponseHeaders): void {
    if (this.#state !== SENT) return;
    if (status < 200) {
      this.#interimCount++;
      if (this.#interimCount > INTERIM_COUNT_MAX) this.#fail(TOO_MANY_INTERIM);
      return;
    }
    this.#state = HEADED;
    this.#headers = headers;
    this.#notes.noteResponse(this.#options.method, status, headers);
    this.#events.onHeaders(status, headers);
  }

  onResponseData(controller: DispatchController, chunk: Uint8Array): void {
    if (this.#state !== HEADED) return;
    if (this.#wireBytes === 0) this.#openDecoder();
    this.#wireBytes += chunk.byteLength;
    if (this.#wireBytes > this.#bodyBytesMax) this.#fail(bodyTooLarge(this.#bodyBytesMax));
    else if (this.#decoder === null) this.#events.onData(chunk);
    else if (!this.#decoder.write(chunk)) controller.pause();
  }

  onResponseEnd(): void {
    if (this.#state !== HEADED) return;
    const client = this.#client as OriginClient;
    this.#controller = null;
    if (client.broken !== null) {
      // A reset is never the end of a body, even of one that ends with its connection.
      this.#fail(failureOf(client.broken, this.#progress()));
      return;
    }
    this.#notes.notePassedOver(client.exchangeEnded());
    if (this.#decoder === null) this.#finish();
    else {
      this.#state = DECODING;
      this.#decoder.end();
    }
  }

  onResponseError(_controller: DispatchController | null, error: Error): void {
    if (isBug(error) || this.#state === IDLE) throwLater(error); // thrown by a listener of ours
    if (this.#state === IDLE || this.#state === FAILING) return;
    this.#resending = this.#mayResend(error);
    this.#controller = null;
    if (!this.#resending) this.#fail(failureOf(this.#client?.broken ?? error, this.#progress()));
  }

  // Inside.

  #clientFor(url: string): OriginClient | null {
    try {
      if (!this.#closed) return this.#clients.forUrl(url);
      this.#fail(CLOSED);
    } catch (error) {
      this.#fail(failureOf(error, this.#progress()));
    }
    return null;
  }

  #dispatch(client: OriginClient): void {
    this.#dispatching = true;
    client.dispatch(this.#options, this);
    this.#dispatching = false;
  }

  /**
   * Whether the connection died of old age, so that the request goes out once more on a fresh one: always
   * when nothing of it was written; when it was, only if it is idempotent and nothing of an answer came.
   */
  #mayResend(error: Error): boolean {
    const client = this.#client;
    if (client === null || client.destroyed || this.#resent || this.#begun || this.#dispatching) return false;
    if (!isConnectionLoss(client.broken ?? error)) return false;
    if (this.#state === QUEUED) return client.exchangeCount > 0;
    return client.exchangeCount > 1 && isIdempotent(this.#options.method);
  }

  #openDecoder(): void {
    if (this.#headers?.['content-encoding'] === undefined) return;
    this.#decoder = openDecoder(this.#headers['content-encoding'], this.#bodyBytesMax, this);
  }

  #finish(): void {
    const wireBytes = this.#wireBytes;
    this.#forget();
    this.#events.onEnd(wireBytes);
  }

  /** The first cause counts; it is told when the socket, if the exchange had one, has closed. */
  #fail(cause: EarlyEnd): void {
    const state = this.#state;
    if (state === IDLE || state === FAILING) return;
    this.#state = FAILING;
    this.#failure = cause;
    this.#resending = false;
    this.#decoder?.destroy();
    const client = this.#client;
    if (client !== null && state === QUEUED) this.#notes.noteConnection(client);
    // Refused by undici before a byte was written: the connection is as it was.
    const unsent = state === QUEUED && (this.#dispatching || cause.outcome === 'invalid_input');
    if (client === null || client.socket === null || unsent || state === DECODING) {
      queueMicrotask(() => this.#tellFailure());
      if (state === QUEUED && !unsent) client?.destroy(new Error(cause.error.message));
      return;
    }
    const controller = this.#controller;
    if (controller !== null) controller.abort(new Error(cause.error.message));
    else if (state === QUEUED || client.broken === null) client.destroy(new Error(cause.error.message));
  }

  #onSocketGone(client: OriginClient): void {
    if (client !== this.#client) return;
    if (this.#state === FAILING) this.#tellFailure();
    else if (this.#resending) {
      this.#resending = false;
      this.#resent = true;
      this.#dispatch(client);
    }
  }

  #tellFailure(): void {
    if (this.#state !== FAILING) return;
    const cause = this.#failure as EarlyEnd;
    const wireBytes = this.#wireBytes;
    this.#forget();
    this.#events.onFailed(cause, wireBytes);
  }

  // Called by the decoder.

  onDecoded(chunk: Uint8Array): void {
    this.#events.onData(chunk);
  }

  onDecodedEnd(): void {
    if (this.#state === DECODING) this.#finish();
  }

  onDecodeFailed(cause: EarlyEnd): void {
    this.#fail(cause);
  }

  /** The decoder has room again. */
  onDrain(): void {
    this.#controller?.resume();
  }

  #progress(): Progress {
    const length = Number(this.#headers?.['content-length'] ?? Number.NaN);
    return {
      begun: this.#begun,
      headed: this.#headers !== null,
      wireBytes: this.#wireBytes,
      expectedBytes: Number.isSafeInteger(length) ? length : null,
      headerBytesMax: this.#headerBytesMax,
      viaProxy: this.#client?.isViaProxy ?? false,
    };
  }

  #forget(): void {
    this.#state = IDLE;
    this.#client = null;
    this.#controller = null;
    this.#decoder = null;
    this.#headers = null;
    this.#failure = null;
    this.#options.body = null;
  }
}
