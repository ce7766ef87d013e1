// The options of a run, resolved: complete, read-only and plain data, so that a worker can be given it.
export type BodyPolicy = 'auto' | 'text' | 'base64' | 'none';

/** What bounds one attempt. Spans in ms; Infinity for none. */
export interface AttemptLimits {
  /** From admission until there is a connection and the request is being written. */
  readonly connectMs: number;
  /** From then until the status line and headers are whole; interim responses do not restart it. */
  readonly headersMs: number;
  /** Longest silence inside the body. */
  readonly bodyMs: number;
  /** Largest body, on the wire and decoded, in bytes. */
  readonly bodyBytesMax: number;
  /** Largest header block, in bytes. */
  readonly headerBytesMax: number;
}

export const ATTEMPT_LIMITS: AttemptLimits = {
  connectMs: 10_000,
  headersMs: 30_000,
  bodyMs: 30_000,
  bodyBytesMax: 64 * 1024 ** 2,
  headerBytesMax: 64 * 1024,
};

/** The user's own code for each response, as data that can cross to a worker: a module's absolute path. */
export interface HandlerSpec {
  readonly kind: 'module';
  readonly path: string;
}

/** An HTTP proxy. */
export interface ProxyAddress {
  /** A name or an address, without brackets. */
  readonly host: string;
  readonly port: number;
  /** The value of `Proxy-Authorization`: a secret, for the proxy alone. Null for none. */
  readonly authorization: string | null;
}

/** What connections need; plain data, because it crosses to workers. One set for a run, so none is ever shared. */
export interface ConnectionOptions {
  /** Accept any certificate (`-k`). */
  readonly insecure: boolean;
  /** The authorities to trust, as PEM, in the place of those that Node knows; null for those. */
  readonly caCert: string | null;
  /** Connect to this socket, whatever host a URL has; null for the host. */
  readonly unixSocket: string | null;
  readonly proxy: ProxyAddress | null;
}

export const PLAIN_CONNECTION: ConnectionOptions = {
  insecure: false,
  caCert: null,
  unixSocket: null,
  proxy: null,
};

/** All that a worker needs to run attempts as the parent would. */
export interface AttemptPlan {
  readonly limits: AttemptLimits;
  readonly connection: ConnectionOptions;
  /** Whether the response's headers are handed back. */
  readonly keepHeaders: boolean;
  /** Whether the `Location` of a 3xx response is handed back: the run follows redirects. */
  readonly keepLocation: boolean;
  /** Whether the decoded body is handed back, and up to how many bytes. */
  readonly keepBody: boolean;
  readonly keepBodyBytesMax: number;
  readonly handler: HandlerSpec | null;
}
