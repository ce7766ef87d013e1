// Each timeout exceeded alone, over real sockets: it names its phase, comes in time, and leaves no socket behind.
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { type FetchAllOptions, fetchAll } from '../../src/library/fetch-all.ts';
import type { FetchOutcome } from '../../src/library/fetch-outcome.ts';
import { startPaceline } from '../support/command.ts';
import { drip } from '../support/drip.ts';
import { startRawServer } from '../support/raw-server.ts';
import { response } from '../transports/support.ts';

const LIMIT_MS = 120;
/** A timer may come a little early by its own rounding, and late on a machine that has much to do. */
const EARLY_MS = 2;
const LATE_MS = 1500;
const HEAD = 'HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n';

interface Row {
  readonly name: string;
  readonly scheme?: 'https';
  readonly answer: (socket: Socket) => void;
  readonly options: FetchAllOptions;
  readonly phase: string;
  readonly bytes: (count: number) => boolean;
}

const none = (count: number): boolean => count === 0;

const ROWS: readonly Row[] = [
  {
    name: 'F01, D11: connect, where TLS never begins',
    scheme: 'https',
    answer: () => {},
    options: { connectTimeoutMs: LIMIT_MS },
    phase: 'connect',
    bytes: none,
  },
  {
    name: 'F01, D02: headers, where nothing comes',
    answer: () => {},
    options: { headersTimeoutMs: LIMIT_MS },
    phase: 'headers',
    bytes: none,
  },
  {
    name: 'F01: headers, where they come a byte at a time',
    answer: socket => {
      socket.write('HTTP/1.1 200 OK\r\nx: ');
      drip(socket, 'y', 20);
    },
    options: { headersTimeoutMs: LIMIT_MS },
    phase: 'headers',
    bytes: none,
  },
  {
    name: 'E11: headers, where interim responses keep coming',
    answer: socket => drip(socket, 'HTTP/1.1 103 Early Hints\r\n\r\n', 30),
    options: { headersTimeoutMs: LIMIT_MS },
    phase: 'headers',
    bytes: none,
  },
  {
    name: 'F01: body, where it stops',
    answer: socket => socket.write(`${HEAD}abcd`),
    options: { bodyTimeoutMs: LIMIT_MS },
    phase: 'body',
    bytes: count => count === 4,
  },
  {
    name: 'E18, F04: request, where the body drips and is never silent for long',
    answer: socket => {
      socket.write(HEAD);
      drip(socket, 'x', 20);
    },
    options: { bodyTimeoutMs: 90, timeoutMs: 3 * LIMIT_MS },
    phase: 'request',
    bytes: count => count >= 3,
  },
];

for (const { name, scheme = 'http', answer, options, phase, bytes } of ROWS) {
  test(name, async t => {
    const opened: Socket[] = [];
    const server = await startRawServer(() => {}, {
      onConnection: socket => {
        opened.push(socket);
        socket.once('data', () => answer(socket));
      },
    });
    t.after(() => server.close());
    const run = fetchAll([`${scheme}://127.0.0.1:${server.port}/`], { retries: 0, ...options });
    const { value } = await run.next();
    const { outcome, error, tries } = value as FetchOutcome;
    assert.deepEqual(
      [outcome, error?.phase, error?.code],
      ['timeout', phase, `TIMEOUT_${phase.toUpperCase()}`],
    );
    const [attempt] = tries;
    assert.ok(attempt && tries.length === 1);
    const { connectTimeoutMs, headersTimeoutMs, bodyTimeoutMs, timeoutMs } = options;
    const limitMs = timeoutMs ?? connectTimeoutMs ?? headersTimeoutMs ?? bodyTimeoutMs ?? 0;
    const tookMs = attempt.endedMs - attempt.startedMs;
    assert.ok(tookMs >= limitMs - EARLY_MS && tookMs < limitMs + LATE_MS, `${tookMs} ms for ${limitMs}`);
    assert.ok(bytes(attempt.bytes), `${attempt.bytes} bytes`);
    await server.allClosed(); // F08: the server sees it close, with the run still open
    assert.equal(opened.length, 1);
    assert.equal((await run.next()).done, true);
  });
}

test('F08, D02: after a timeout the place is free, and the next request has a socket of its own', async t => {
  const server = await startRawServer((socket, { head }) => {
    if (head.startsWith('GET /whole')) socket.write(response('whole'));
  });
  t.after(() => server.close());
  const urls = ['/silent', '/whole', '/silent', '/whole'].map(path => server.origin + path);
  const outcomes = await Array.fromAsync(
    fetchAll(urls, { concurrency: 1, headersTimeoutMs: 60, retries: 0 }),
  );
  assert.deepEqual(
    outcomes.map(({ outcome }) => outcome),
    ['timeout', 'ok', 'timeout', 'ok'],
  );
  assert.equal(server.connectionCount, 3);
  await server.allClosed();
});

test('F06, I38: time that our own reader takes is not charged to the server', async t => {
  const { child, says, ended } = startPaceline(['serve', '--port', '0', '--delay', '20ms', '-w', '5']);
  t.after(() => child.kill('SIGTERM'));
  let said = '';
  child.stderr.on('data', text => {
    said += text;
  });
  await says('http://127.0.0.1:');
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? '';
  const urls = Array.from({ length: 40 }, () => `${url}/`);
  // Far above what the server needs on a machine that does ten other things.
  const limits = { connectTimeoutMs: 600, headersTimeoutMs: 600, bodyTimeoutMs: 600 };
  const seen = new Set<string>();
  for await (const { index, tries } of fetchAll(urls, { concurrency: 5, retries: 0, ...limits })) {
    for (const { outcome } of tries) seen.add(outcome);
    if (index % 10 !== 0) continue;
    const until = performance.now() + 800;
    while (performance.now() < until) {} // nothing of ours is heard meanwhile
  }
  assert.deepEqual([...seen], ['ok']);
  child.kill('SIGTERM');
  await ended;
});
