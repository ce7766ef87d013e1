// Secrets that were handed in are in nothing that comes out (I46, S13): planted by the hundred wherever a credential
// may stand, also where it is written wrongly, and looked for in every output, plain and in the usual encodings.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { seededRandom } from '../../../src/base/random.ts';
import { main } from '../../../src/cli/main.ts';
import { startConnectProxy } from '../../support/connect-proxy.ts';
import { openFolder } from '../../support/fetch-server.ts';
import { startRawServer } from '../../support/raw-server.ts';
import { testIo } from '../../support/test-io.ts';

const SEED = 46;
const random = seededRandom(SEED);
const folder = openFolder();
/** Answers in every way that has a message of ours; `/away` leads to another place with credentials in its URL. */
const server = await startRawServer((socket, { index, head }) => {
  const answers = [
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
    'HTTP/1.1 401 No\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n',
    'HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort',
    'nonsense\r\n\r\n',
    '',
  ];
  if (head.includes(' /away ')) {
    socket.end(
      'HTTP/1.1 302 Found\r\nContent-Length: 0\r\n' +
        `Location: http://me:${plant()}@127.0.0.1:${server.port}/there\r\n\r\n`,
    );
  } else socket.end(answers[index % answers.length] ?? '');
});
after(async () => {
  folder.remove();
  await server.close();
});

const planted: string[] = [];
/** Letters that every encoding writes differently are in each. */
function plant(): string {
  const secret = `s3cr"t/${Array.from({ length: 12 }, () => Math.floor(random.next() * 36).toString(36)).join('')}+é`;
  planted.push(secret);
  return secret;
}
/** For a place that cannot hold any letter. */
function plantPlain(): string {
  const secret = `s3cret${Array.from({ length: 14 }, () => Math.floor(random.next() * 36).toString(36)).join('')}`;
  planted.push(secret);
  return secret;
}

const SECRET_HEADERS = ['authorization', 'cookie', 'proxy-authorization', 'x-api-key', 'x-auth-token'];

function* lines(): Generator<string> {
  const { origin, port } = server;
  for (let i = 0; i < 16; i++) {
    for (const name of SECRET_HEADERS) {
      yield JSON.stringify({ url: `${origin}/${i}`, headers: { [name]: `Bearer ${plant()}` } });
      yield JSON.stringify({ url: `${origin}/${i}`, headers: { [name]: `${plantPlain()}\n` } });
    }
    const userinfo = encodeURIComponent(plant());
    yield `http://me:${userinfo}@127.0.0.1:${port}/${i}`;
    yield JSON.stringify({ url: `http://${userinfo}@127.0.0.1:${port}/${i}`, id: i });
    yield `http://me:${plantPlain()}@127.0.0.1:1/refused`;
    yield `${origin}/away`;
  }
  // What cannot be sent is told with its text, or a part of it.
  yield `http://me:${plantPlain()}@bad host/`;
  yield `http://me:${plantPlain()}@127.0.0.1:99999/`;
  yield `http://me:${plantPlain()}/x@host:port/`;
  yield `https:me:${plantPlain()}@example.invalid`;
  yield `me:${plantPlain()}@example.invalid`;
  yield `me:${plantPlain()}@example.invalid//path`;
  yield `${plantPlain()}:x-oauth-basic@example.invalid/`;
  yield `//me:${plantPlain()}@example.invalid/`;
  yield `ftp://me:${plantPlain()}@example.invalid/`;
  yield `https://me:${plantPlain()}@example.invalid/a@b c`;
  yield `{"url": "${origin}/", "headers": {"authorization": "${plantPlain()}"}, }`;
  yield `{"url": "${origin}/", "headers": "authorization: ${plantPlain()}"}`;
  yield `{"url": "${origin}/", "headers": {"authorization ${plantPlain()}": "x"}}`;
  yield `{"url": "${origin}/", "headers": {"authorization": ["${plantPlain()}", {}]}}`;
  yield `{"url": "http://me:${plantPlain()}@a b/", "headers": {}}`;
  yield `{"url": "${origin}/", "body": "x", "json": {"password": "${plantPlain()}"}}`;
  yield `{"url": "${origin}/", "bodyBase64": "${plantPlain()}!"}`;
}

/** Every way in which a secret may be written. */
function forms(secret: string): readonly string[] {
  const base64 = (text: string): string[] =>
    [0, 1, 2].map(shift =>
      Buffer.from('x'.repeat(shift) + text)
        .toString('base64')
        .slice(shift === 0 ? 0 : 4, -4),
    );
  return [
    secret,
    encodeURIComponent(secret),
    encodeURI(secret),
    JSON.stringify(secret).slice(1, -1),
    ...base64(secret),
    Buffer.from(secret).toString('base64url').slice(0, -4),
    Buffer.from(secret).toString('hex'),
  ];
}

function assertNone(text: string, what: string): void {
  for (const secret of planted) {
    for (const form of forms(secret)) {
      const at = text.indexOf(form);
      assert.ok(
        at < 0,
        `${what} holds ${form}: ${JSON.stringify(text.slice(Math.max(0, at - 100), at + 60))}`,
      );
    }
  }
}

async function outputsOf(argv: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  const io = testIo();
  await main(argv, io);
  return { stdout: io.stdout.text(), stderr: io.stderr.text() };
}

test(`N07, S13: no output holds any of the planted secrets (seed ${SEED})`, async () => {
  const list = folder.file('inputs.txt', `${[...lines()].join('\n')}\n`);
  const common = ['fetch', '-i', list, '-v', '-L', '-c', '5', '--retries', '1', '--retry-delay', '1ms'];
  const flags = ['-H', `X-Token: ${plantPlain()}`, '-H', `Cookie: a=${plantPlain()}`];
  const record = folder.file('record.ndjson');
  for (const format of ['ndjson', 'csv'])
    for (const [name, text] of Object.entries(
      await outputsOf([...common, ...flags, '-o', record, '--format', format]),
    ))
      assertNone(text, `${format}: ${name}`);
  assertNone(readFileSync(record, 'utf8'), 'the record');
  const dry = await outputsOf([...common, '--dry-run']);
  assertNone(dry.stdout + dry.stderr, 'the dry run');
  assert.ok(planted.length >= 200, `${planted.length} planted`);
});

test('N07, S13: no output holds the credentials of a proxy, whatever becomes of it', async t => {
  const proxy = await startConnectProxy();
  t.after(() => proxy.close());
  const { port } = new URL(server.origin);
  const proxies = [`me:${plantPlain()}@127.0.0.1:${proxy.port}`, `http://me:${plantPlain()}@127.0.0.1:1`];
  proxies.push(`socks5://me:${plantPlain()}@h:1`, `me:${plantPlain()}@h`, `me:${plantPlain()}@h:1/path`);
  for (const given of proxies) {
    for (const scheme of ['http', 'https']) {
      const url = `${scheme}://127.0.0.1:${port}/`;
      const { stdout, stderr } = await outputsOf([
        'fetch',
        '-v',
        '-k',
        '--retries',
        '0',
        '--connect-timeout',
        '300ms',
        '-x',
        given,
        url,
      ]);
      assertNone(`${stdout}\n${stderr}`, given.replace(/s3cret\w+/, '…'));
    }
  }
});

test('no complaint about a flag quotes a secret in it', async () => {
  const wrong = [
    ['-H', `Authorization Bearer ${plantPlain()}`],
    ['-H', `Authorization=Bearer ${plantPlain()}`],
    ['-H', `Bearer ${plantPlain()}:`],
    ['-H', `Authorization: ${plantPlain()}\x01`],
    ['--header', plantPlain()],
    ['-d', `@/nowhere/at/all`, '-H', `Cookie: ${plantPlain()}`],
    [`http://me:${plantPlain()}@a b/`],
  ];
  for (const words of wrong) {
    const { stdout, stderr } = await outputsOf(['fetch', ...words, 'http://127.0.0.1:1/']);
    assertNone(`${stdout}\n${stderr}`, words.join(' ').replace(/s3cret\w+/, '…'));
  }
});
