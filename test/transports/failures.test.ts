import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failureOf, type Progress } from '../../src/transports/failures.ts';

const NOTHING: Progress = {
  begun: false,
  headed: false,
  wireBytes: 0,
  expectedBytes: null,
  headerBytesMax: 1024,
  viaProxy: false,
};
const HALF: Progress = { ...NOTHING, begun: true, headed: true, wireBytes: 5, expectedBytes: 10 };

const error = (code: string, message = 'what Node said', name = 'Error') =>
  Object.assign(new Error(message), { code, name });

const ROWS: [what: Error, progress: Progress, outcome: string, code: string, message: RegExp][] = [
  [error('ECONNREFUSED'), NOTHING, 'network_error', 'ECONNREFUSED', /nothing accepts/i],
  [error('ENOTFOUND'), NOTHING, 'network_error', 'ENOTFOUND', /does not exist/],
  [error('EAI_AGAIN'), NOTHING, 'network_error', 'EAI_AGAIN', /just now/],
  [error('ECONNRESET'), NOTHING, 'network_error', 'ECONNRESET', /reset the connection\.$/],
  [error('ECONNRESET'), HALF, 'network_error', 'ECONNRESET', /after 5 of 10 bytes/],
  [error('EPIPE'), NOTHING, 'network_error', 'EPIPE', /being sent/],
  [error('EHOSTUNREACH'), NOTHING, 'network_error', 'EHOSTUNREACH', /no route to the host/],
  [error('ENETUNREACH'), NOTHING, 'network_error', 'ENETUNREACH', /no route to the network/],
  [error('ETIMEDOUT'), NOTHING, 'network_error', 'ETIMEDOUT', /gave up/],
  [error('EMFILE'), NOTHING, 'network_error', 'EMFILE', /^This process/],
  [error('ENFILE'), NOTHING, 'network_error', 'ENFILE', /^This machine/],
  [error('EADDRNOTAVAIL'), NOTHING, 'network_error', 'EADDRNOTAVAIL', /^This machine/],
  [error('UND_ERR_SOCKET', 'other side closed'), NOTHING, 'network_error', 'CONNECTION_CLOSED', /without/],
  [error('UND_ERR_SOCKET', 'other side closed'), HALF, 'protocol_error', 'TRUNCATED', /5 of 10 bytes/],
  [error('UND_ERR_SOCKET', 'bad upgrade'), NOTHING, 'protocol_error', 'BAD_RESPONSE', /another protocol/],
  [error('UND_ERR_RES_CONTENT_LENGTH_MISMATCH'), HALF, 'protocol_error', 'TRUNCATED', /5 of 10/],
  [error('UND_ERR_RES_CONTENT_LENGTH_MISMATCH'), NOTHING, 'protocol_error', 'BAD_RESPONSE', /Content-Length/],
  [error('UND_ERR_HEADERS_OVERFLOW'), NOTHING, 'too_large', 'HEADERS_TOO_LARGE', /1024 bytes/],
  [error('UND_ERR_INVALID_ARG', 'invalid x header'), NOTHING, 'invalid_input', 'INVALID_REQUEST', /x header/],
  [
    error('', 'No (Expected HTTP/)', 'HTTPParserError'),
    NOTHING,
    'protocol_error',
    'BAD_RESPONSE',
    /Expected/,
  ],
  [error('', 'No (Invalid EOF state)', 'HTTPParserError'), HALF, 'protocol_error', 'TRUNCATED', /5 of 10/],
  [error('CERT_HAS_EXPIRED'), NOTHING, 'tls_error', 'CERT_HAS_EXPIRED', /NODE_EXTRA_CA_CERTS.*-k/],
  [error('ERR_TLS_CERT_ALTNAME_INVALID'), NOTHING, 'tls_error', 'ERR_TLS_CERT_ALTNAME_INVALID', /-k/],
  [error('ERR_SSL_WRONG_VERSION_NUMBER'), NOTHING, 'tls_error', 'ERR_SSL_WRONG_VERSION_NUMBER', /http:\/\//],
  [error('EPROTO'), NOTHING, 'tls_error', 'EPROTO', /made safe/],
  [error('ESTRANGE', 'odd'), NOTHING, 'network_error', 'ESTRANGE', /odd/],
  [new Error('no code'), NOTHING, 'network_error', 'UNKNOWN', /no code/],
];

for (const [what, progress, outcome, code, message] of ROWS) {
  const when = progress.headed ? 'inside a body' : 'before an answer';
  test(`${'code' in what && what.code ? what.code : what.message}, ${when}, is ${outcome} ${code}`, () => {
    const told = failureOf(what, progress);
    assert.equal(told.outcome, outcome);
    assert.equal(told.error.code, code);
    assert.match(told.error.message, message);
  });
}

test('a family of addresses that all fail tells the first reason', () => {
  const all = Object.assign(new AggregateError([error('ECONNREFUSED'), error('ENETUNREACH')]), {
    code: 'ECONNREFUSED',
  });
  assert.equal(failureOf(all, NOTHING).error.code, 'ECONNREFUSED');
});
