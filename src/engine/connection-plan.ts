// How the connections of a run are made: checked here, carried out by the transport. One set for each run, so a
// connection is never shared between two of them.
import { PacelineError } from '../base/errors.ts';
import type { ConnectionOptions, ProxyAddress } from '../model/plan.ts';
import { basicAuthorization } from '../model/sendable-url.ts';

export interface ConnectionSettings {
  /** Accept any TLS certificate. @default false */
  readonly insecure?: boolean;
  /**
   * Certificates of the authorities to trust, as PEM, in the place of those that Node knows.
   * @default Node's own, and those of `NODE_EXTRA_CA_CERTS`
   */
  readonly caCert?: string;
  /** Path of a Unix socket to connect to, whatever host a URL has; `Host` is the URL's. @default none */
  readonly unixSocket?: string;
  /**
   * An HTTP proxy, `http://name:password@host:port`. Requests for `https:` go through a tunnel (`CONNECT`), those
   * for `http:` are handed to it whole. The environment (`HTTP_PROXY` and its like) is not looked at.
   * @default none
   */
  readonly proxy?: string;
}

export const CONNECTION_OPTIONS: readonly (keyof ConnectionSettings)[] = [
  'insecure',
  'caCert',
  'unixSocket',
  'proxy',
];

/** Where the path ends in the system's own structure (`sun_path`): 108 bytes on Linux, 104 on macOS. */
const SOCKET_PATH_BYTES_MAX = 103;
/** Bundles of all authorities of the web have a quarter of a MiB. */
export const CA_BYTES_MAX = 16 * 1024 ** 2;

/** @throws ERR_OPTION_INVALID, ERR_OPTION_CONFLICT; the message never has the credentials of the proxy in it */
export function resolveConnection(settings: ConnectionSettings): ConnectionOptions {
  const { insecure = false, caCert, unixSocket, proxy } = settings;
  if (unixSocket !== undefined && proxy !== undefined) {
    throw new PacelineError('ERR_OPTION_CONFLICT', '`unixSocket` and `proxy` exclude each other.');
  }
  return {
    insecure,
    caCert: caCert === undefined ? null : checkedCaCert('caCert', caCert),
    unixSocket: unixSocket === undefined ? null : checkedSocketPath('unixSocket', unixSocket),
    proxy: proxy === undefined ? null : parseProxy('proxy', proxy),
  };
}

/** @param name what it is called where it was given: `--cacert`. @throws ERR_OPTION_INVALID */
export function checkedCaCert(name: string, pem: string): string {
  const isPem = typeof pem === 'string' && /-----BEGIN CERTIFICATE-----/.test(pem);
  if (isPem && pem.length <= CA_BYTES_MAX) return pem;
  const what = typeof pem !== 'string' ? typeof pem : isPem ? 'more than 16 MiB' : 'text without one';
  throw new PacelineError(
    'ERR_OPTION_INVALID',
    `Expected \`${name}\` to hold certificates as PEM (-----BEGIN CERTIFICATE-----), got ${what}.`,
  );
}

/** @param name as above. @throws ERR_OPTION_INVALID */
export function checkedSocketPath(name: string, path: string): string {
  const isPath = typeof path === 'string' && path !== '' && !path.includes('\0');
  const bytes = isPath ? new TextEncoder().encode(path).length : 0;
  if (isPath && bytes <= SOCKET_PATH_BYTES_MAX) return path;
  const what = isPath ? `a path of ${bytes} bytes` : JSON.stringify(path);
  throw new PacelineError(
    'ERR_OPTION_INVALID',
    `Expected \`${name}\` to be the path of a socket, of at most ${SOCKET_PATH_BYTES_MAX} bytes, got ${what}.`,
  );
}

/**
 * Reads `http://name:password@host:port` or `host:port`. The port must be there: 80, 3128 and 8080 are all usual,
 * curl takes 1080, and a guess would send credentials to the wrong one.
 * @param name as above
 * @throws ERR_OPTION_INVALID
 */
export function parseProxy(name: string, text: string): ProxyAddress {
  const refuse = (got: string) =>
    new PacelineError(
      'ERR_OPTION_INVALID',
      `Expected \`${name}\` to be an HTTP proxy with its port, such as http://127.0.0.1:3128, got ${got}.`,
    );
  if (typeof text !== 'string') throw refuse(`a value of type ${typeof text}`); // a URL would show its password
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1];
  if (scheme !== undefined && scheme.toLowerCase() !== 'http') throw refuse(`one of '${scheme}:'`);
  const rest = scheme === undefined ? text : text.slice('http://'.length);
  const [authority = '', path = ''] = rest.split(/\/(.*)/s);
  const port = Number(/:(\d{1,5})$/.exec(authority)?.[1] ?? Number.NaN);
  const url = /[\s\x00-\x20\x7f?#\\]/.test(authority) ? null : URL.parse(`http://${authority}/`);
  if (url === null || path !== '') throw refuse('what is no such URL');
  if (!(port >= 1 && port <= 65_535)) throw refuse('one without a port');
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port,
    authorization: basicAuthorization(url),
  };
}
