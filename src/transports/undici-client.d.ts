// What we use of undici's HTTP/1.1 client, typed by hand: the package types only its front door,
// and the front door loads fetch, WebSocket and caches that we never need.
declare module 'undici/lib/dispatcher/client.js' {
  import type { Duplex } from 'node:stream';

  /** Steers the exchange that runs; undici makes one per request. */
  export interface DispatchController {
    abort(reason: Error): void;
    pause(): void;
    resume(): void;
  }

  export interface DispatchHandler {
    /** The request is about to be written to a live connection. */
    onRequestStart(controller: DispatchController): void;
    /** The first byte of a response was seen. */
    onResponseStarted(): void;
    /** A whole header block; called for every interim response too. */
    onResponseStart(
      controller: DispatchController,
      status: number,
      headers: Record<string, string | string[] | undefined>,
    ): void;
    onResponseData(controller: DispatchController, chunk: Uint8Array): void;
    onResponseEnd(controller: DispatchController): void;
    /** `controller` is null when the request never reached a connection. */
    onResponseError(controller: DispatchController | null, error: Error): void;
  }

  export interface DispatchOptions {
    path: string;
    method: string;
    headers: readonly string[];
    body: Uint8Array | string | null;
    blocking: boolean;
  }

  export interface ConnectTarget {
    readonly hostname: string;
    readonly protocol: string;
    readonly port: string;
  }

  export type ConnectCallback = (error: Error | null, socket: Duplex | null) => void;

  export interface ClientOptions {
    connect: (target: ConnectTarget, callback: ConnectCallback) => void;
    allowH2: false;
    pipelining: 1;
    headersTimeout: 0;
    bodyTimeout: 0;
    maxHeaderSize: number;
    keepAliveTimeout: number;
    keepAliveTimeoutThreshold: number;
  }

  export default class Client {
    constructor(origin: string, options: ClientOptions);
    /** Never throws once the handler is complete: what is wrong is told to `onResponseError`. */
    dispatch(options: DispatchOptions, handler: DispatchHandler): boolean;
    destroy(reason: Error, done: () => void): void;
  }
}

declare module 'undici/lib/core/symbols.js' {
  const symbols: { readonly kParser: unique symbol };
  export default symbols;
}
