// What went wrong with an exchange, in our words: from the error that Node or undici gave, and how far
// the exchange had come, to an outcome with a stable code. Pure, so that every row can be tested.
//
// Messages name no URL and no header value: those may carry secrets.
import type { EarlyEnd } from '../engine/ports.ts';
import type { OutcomeKind } from '../model/outcome.ts';
import type { OutcomeCode } from '../model/outcome-codes.ts';

/** How far an exchange had come when it failed. */
export interface Progress {
  /** A first byte of a response was seen. */
  readonly begun: boolean;
  /** Status and headers of the final response are whole. */
  readonly headed: boolean;
  readonly wireBytes: number;
  /** From `Content-Length`; null when the response has none. */
  readonly expectedBytes: number | null;
  readonly headerBytesMax: number;
  /** The connection was one to a proxy. */
  readonly viaProxy: boolean;
}

export function failure(outcome: OutcomeKind, code: OutcomeCode, message: string): EarlyEnd {
  return { outcome, error: { code, message } };
}

/** With a name that the system, OpenSSL or Node gave. */
function foreignFailure(outcome: OutcomeKind, code: string, message: string): EarlyEnd {
  return { outcome, error: { code, message } };
}

/** Node's codes for a connection that could not be made or broke, and what each means to a person. */
const NETWORK: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing accepts connections at that address and port.',
  ECONNRESET: 'The server reset the connection.',
  ECONNABORTED: 'The connection was aborted.',
  EPIPE: 'The server closed the connection while the request was being sent.',
  EHOSTUNREACH: 'There is no route to the host.',
  ENETUNREACH: 'There is no route to the network.',
  EHOSTDOWN: 'The host is down.',
  ENETDOWN: 'The network is down.',
  ETIMEDOUT: 'The network gave up waiting for the host.',
  ENOENT: 'There is no such socket (--unix-socket).',
  ENOTFOUND: 'The name does not exist.',
  EAI_AGAIN: 'The name could not be looked up just now.',
  EAI_FAIL: 'The name server could not answer.',
  EMFILE: 'This process has no file descriptor left: raise `ulimit -n`, or lower -c.',
  ENFILE: 'This machine has no file descriptor left.',
  EADDRNOTAVAIL: 'This machine has no local port left, or not this address: lower -c.',
  ENOBUFS: 'This machine has no network buffers left.',
  EACCES: 'This machine does not allow the connection.',
  EPERM: 'This machine does not allow the connection.',
};

const LOCAL: ReadonlySet<string> = new Set([
  'EMFILE',
  'ENFILE',
  'EADDRNOTAVAIL',
  'ENOBUFS',
  'EACCES',
  'EPERM',
]);

/** Codes of certificates that cannot be trusted, as Node gives them (from OpenSSL's verification). */
const CERTIFICATE =
  /^(?:CERT_|ERR_TLS_CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH|PATH_LENGTH|CRL_|ERROR_IN_)/;
const TLS = /^(?:ERR_SSL|ERR_TLS|EPROTO$|ERR_OSSL)/;

/** undici or Node would not send such a request. */
const REFUSED: ReadonlySet<string> = new Set([
  'UND_ERR_INVALID_ARG',
  'UND_ERR_NOT_SUPPORTED',
  'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
  'ERR_INVALID_URL',
]);

/** The outcome for an error of the connection, of undici or of its parser. */
export function failureOf(error: unknown, progress: Progress): EarlyEnd {
  const code = codeOf(error);
  if (code === 'PROXY_REFUSED') return failure('network_error', 'PROXY_REFUSED', `${messageOf(error)}.`);
  if (code === 'BAD_PROXY_RESPONSE')
    return failure('protocol_error', 'BAD_PROXY_RESPONSE', `${messageOf(error)}.`);
  if (code in NETWORK) return networkFailure(code, progress);
  if (CERTIFICATE.test(code)) return certificateFailure(code, messageOf(error));
  if (TLS.test(code)) return tlsFailure(code, messageOf(error));
  if (code === 'UND_ERR_HEADERS_OVERFLOW') {
    return failure(
      'too_large',
      'HEADERS_TOO_LARGE',
      `The response headers are larger than ${progress.headerBytesMax} bytes.`,
    );
  }
  if (isParserError(error)) return parserFailure(error, progress);
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH')
    return progress.headed ? truncated(progress) : malformed('its Content-Length contradicts the rest');
  if (code === 'UND_ERR_SOCKET') return socketFailure(messageOf(error), progress);
  if (REFUSED.has(code))
    return failure('invalid_input', 'INVALID_REQUEST', `The request cannot be sent: ${messageOf(error)}.`);
  return code === ''
    ? failure('network_error', 'UNKNOWN', messageOf(error))
    : foreignFailure('network_error', code, messageOf(error));
}

export function bodyTooLarge(bytesMax: number): EarlyEnd {
  return failure('too_large', 'BODY_TOO_LARGE', `The body is larger than ${bytesMax} bytes.`);
}

/** Whether the connection went away, rather than never came up or brought nonsense. */
export function isConnectionLoss(error: Error): boolean {
  const code = codeOf(error);
  if (code === 'UND_ERR_SOCKET') return error.message === 'other side closed' || error.message === 'closed';
  return code === 'ECONNRESET' || code === 'EPIPE';
}

/** A body, or a header block, that ended before its own end. */
export function truncated(progress: Progress): EarlyEnd {
  const { headed, wireBytes, expectedBytes } = progress;
  const where = headed
    ? `after ${wireBytes}${expectedBytes === null ? '' : ` of ${expectedBytes}`} bytes of body`
    : 'inside the response headers';
  return failure('protocol_error', 'TRUNCATED', `The server closed the connection ${where}.`);
}

function networkFailure(code: string, progress: Progress): EarlyEnd {
  const meaning = NETWORK[code] as string;
  const where =
    progress.headed && !LOCAL.has(code) ? ` It broke after ${bytesSeen(progress)} bytes of body.` : '';
  const way = progress.viaProxy && !LOCAL.has(code) ? ' The request went by way of the proxy (--proxy).' : '';
  return foreignFailure('network_error', code, `${meaning}${where}${way}`);
}

function bytesSeen({ wireBytes, expectedBytes }: Progress): string {
  return expectedBytes === null ? `${wireBytes}` : `${wireBytes} of ${expectedBytes}`;
}

function certificateFailure(code: string, message: string): EarlyEnd {
  return foreignFailure(
    'tls_error',
    code,
    `The certificate cannot be trusted: ${message.split(';')[0]}. ` + // OpenSSL's words, without Node's advice
      'Name a file with its authority (--cacert, or NODE_EXTRA_CA_CERTS), or accept any with -k.',
  );
}

function tlsFailure(code: string, message: string): EarlyEnd {
  const plain =
    code === 'ERR_SSL_WRONG_VERSION_NUMBER' ||
    code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG' ||
    code === 'ERR_SSL_HTTP_REQUEST';
  return foreignFailure(
    'tls_error',
    code,
    plain
      ? 'The server does not speak TLS on this port. Is it an http:// URL?'
      : `The connection could not be made safe: ${message}.`,
  );
}

/** undici's own word for a socket that closed under an exchange, and for an answer out of turn. */
function socketFailure(message: string, progress: Progress): EarlyEnd {
  if (message === 'bad upgrade') return malformed('it switches to another protocol without being asked');
  if (message === 'bad response') return malformed('it is out of turn');
  if (progress.begun) return truncated(progress);
  return failure('network_error', 'CONNECTION_CLOSED', 'The server closed the connection without an answer.');
}

function parserFailure(error: unknown, progress: Progress): EarlyEnd {
  const message = messageOf(error);
  const reason = /\((.+)\)$/.exec(message)?.[1] ?? message;
  if (reason === 'Invalid EOF state') return truncated(progress);
  return malformed(hintOf(error) ?? reason);
}

/** By name: undici means to give a code with each, but comes out with none. */
function isParserError(error: unknown): boolean {
  return error instanceof Error && error.name === 'HTTPParserError';
}

function malformed(what: string): EarlyEnd {
  return failure('protocol_error', 'BAD_RESPONSE', `The answer is not proper HTTP/1.1: ${what}.`);
}

/** What it may be instead, from the first bytes that the parser refused. */
function hintOf(error: unknown): string | null {
  const data = (error as { data?: unknown }).data;
  const text = typeof data === 'string' ? data : '';
  if (text.startsWith('\x15\x03')) return 'it is a TLS alert; is it an https:// URL?';
  if (/^\0\0[\s\S]\x04\0/.test(text)) return 'it is HTTP/2, which this port seems to speak alone';
  if (text.startsWith('SSH-')) return 'it is an SSH server';
  return null;
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
}
