// `--cacert`, `--proxy`, `--unix-socket`: what they do, what is refused, and where the credentials never are.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { after, test } from 'node:test';
import { main } from '../../../src/cli/main.ts';
import { startPaceline } from '../../support/command.ts';
import { startConnectProxy } from '../../support/connect-proxy.ts';
import { openFolder, parseRecord } from '../../support/fetch-server.ts';
import { testIo } from '../../support/test-io.ts';
import { CERTIFICATE, startTlsServer } from '../../support/tls-server.ts';
import { response } from '../../transports/support.ts';

const folder = openFolder();
after(() => folder.remove());
const authority = folder.file('authority.pem', CERTIFICATE);

async function fetchWith(...flags: string[]): Promise<{ code: number; out: string; said: string }> {
  const io = testIo();
  const code = await main(['fetch', ...flags], io);
  return { code, out: io.stdout.text(), said: io.stderr.text() };
}

test('a proxy with credentials: they reach the proxy, and no output', async t => {
  const server = await startTlsServer(t, response('safe'));
  const proxy = await startConnectProxy();
  t.after(() => proxy.close());
  const record = folder.file('proxy.ndjson');
  const proxyUrl = `http://ann:s3cr3t@127.0.0.1:${proxy.port}`;
  const urls = [`${server.origin}/`, 'https://localhost:1/'];
  const quick = ['--retries', '0', '-v'];
  const flags = [...quick, '--cacert', authority, '-x', proxyUrl, '-o', record, '--format', 'csv', ...urls];
  const { code, out, said } = await fetchWith(...flags);
  assert.equal(code, 1);
  const { lines } = parseRecord(readFileSync(record, 'utf8'));
  assert.deepEqual(new Set(lines.map(({ outcome }) => outcome)), new Set(['ok', 'network_error']));
  assert.equal(proxy.heads.length, 2);
  const basic = Buffer.from('ann:s3cr3t').toString('base64');
  for (const head of proxy.heads) assert.ok(head.includes(`Proxy-Authorization: Basic ${basic}`));
  assert.match(
    said,
    new RegExp(`\\nnetwork {3}by way of the proxy 127\\.0\\.0\\.1:${proxy.port}, authorities`),
  );
  for (const text of [out, said, readFileSync(record, 'utf8'), server.heads.join('')])
    assert.ok(!text.includes('s3cr3t') && !text.includes(basic) && !text.includes('ann'), text);
});

test('a dry run asks no proxy, and shows no credentials', async t => {
  const proxy = await startConnectProxy();
  t.after(() => proxy.close());
  const { code, out, said } = await fetchWith(
    '--dry-run',
    '-v',
    '-x',
    `ann:s3cr3t@127.0.0.1:${proxy.port}`,
    'http://a/',
  );
  assert.equal(code, 0);
  assert.deepEqual([proxy.heads.length, `${out}${said}`.includes('s3cr3t')], [0, false]);
});

test('S25: certificates are checked unless -k is given, which is said aloud, whatever the environment says', {
  skip: process.platform === 'win32' && 'needs env',
}, async t => {
  const { origin } = await startTlsServer(t, response('safe'));
  const off = ['env', 'NODE_TLS_REJECT_UNAUTHORIZED=0'];
  for (const [flags, under, outcome, warning] of [
    [['-k'], [], 'ok', /^paceline: warning: -k: TLS certificates are not checked; anybody in between can/m],
    [[], off, 'tls_error', /^paceline: warning: NODE_TLS_REJECT_UNAUTHORIZED=0 changes nothing: /m],
    [['-S', 'threads', '-w', '1'], off, 'tls_error', /changes nothing: TLS certificates are checked/],
  ] as const) {
    const argv = ['fetch', '--retries', '0', ...flags, `${origin}/`];
    const { stdout, stderr } = await startPaceline(argv, { under }).ended;
    assert.match(stderr, warning);
    assert.equal(parseRecord(stdout).lines[0]?.outcome, outcome);
  }
});

test('S27: the environment names no proxy', async t => {
  const proxy = await startConnectProxy(socket => socket.end(response('proxied')));
  t.after(() => proxy.close());
  const server = net.createServer(socket => socket.on('error', () => {}).end(response('direct')));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as net.AddressInfo).port}/`;
  for (const name of ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy']) {
    process.env[name] = `http://127.0.0.1:${proxy.port}`;
    t.after(() => delete process.env[name]);
  }
  const { out } = await fetchWith('--format', 'body', url);
  assert.deepEqual([out, proxy.heads.length], ['direct\n', 0]);
});

test('S27: no file with the credentials of other programs is read', {
  skip: process.platform === 'win32' && 'needs env',
}, async t => {
  const heads: string[] = [];
  const server = net.createServer(socket =>
    socket
      .on('error', () => {})
      .on('data', head => {
        heads.push(head.toString());
        socket.end(response('x'));
      }),
  );
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  for (const name of ['.netrc', '_netrc', '.curlrc'])
    folder.file(name, 'machine 127.0.0.1 login me password s3cret\n');
  const under = ['env', `HOME=${folder.path}`, `NETRC=${folder.path}/.netrc`, 'AWS_SECRET_ACCESS_KEY=s3cret'];
  const url = `http://127.0.0.1:${(server.address() as net.AddressInfo).port}/`;
  const { code } = await startPaceline(['fetch', '-q', url], { under }).ended;
  assert.equal(code, 0);
  assert.doesNotMatch(heads.join(''), /authorization|s3cret/i);
  assert.equal(heads.length, 1);
});

test('a Unix socket', async t => {
  const path = folder.file('web.sock');
  const server = net.createServer(socket => socket.on('error', () => {}).end(response('by socket')));
  await new Promise<void>(resolve => server.listen(path, resolve));
  t.after(() => server.close());
  const { code, out } = await fetchWith('--unix-socket', path, '--format', 'body', 'http://name.invalid/');
  assert.deepEqual([code, out], [0, 'by socket\n']);
});

const directory = folder.file('directory');
mkdirSync(directory);
const notPem = folder.file('not.pem', 'no certificate');
const broken = folder.file('broken.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
const cut = folder.file('cut.pem', CERTIFICATE.slice(0, -40));
const second = folder.file('second.pem', `${CERTIFICATE}\n${CERTIFICATE.replace('\nMIIB', '\nAAAA')}`);
const huge = folder.file('huge.pem');
writeFileSync(huge, Buffer.alloc(16 * 1024 ** 2 + 1));

const REFUSED: [flags: string[], exit: number, says: RegExp][] = [
  [['--cacert', folder.file('nowhere.pem')], 3, /--cacert .*nowhere\.pem: there is no such file/],
  [['--cacert', directory], 3, /--cacert .*directory: it is a directory/],
  [['--cacert', huge], 3, /--cacert .*huge\.pem: it is larger than 16 MiB/],
  [['--cacert', notPem], 2, /`--cacert .*not\.pem`.*-----BEGIN CERTIFICATE-----/],
  [['--cacert', broken], 2, /--cacert .*broken\.pem holds a certificate that cannot be read/],
  [['--cacert', cut], 2, /--cacert .*cut\.pem holds a certificate that cannot be read/],
  [['--cacert', second], 2, /--cacert .*second\.pem holds a certificate that cannot be read/],
  [['--unix-socket', folder.file('nowhere.sock')], 3, /--unix-socket .*nowhere\.sock: there is no such file/],
  [['--unix-socket', notPem], 2, /--unix-socket .*not\.pem: it is no socket/],
  [['--unix-socket', `/${'x'.repeat(200)}`], 2, /`--unix-socket`.*at most 103 bytes/],
  [['--proxy', 'http://ann:s3cr3t@proxy'], 2, /`--proxy`.*without a port/],
  [['-x', 'socks5://127.0.0.1:1080'], 2, /`--proxy`.*'socks5:'/],
  [['-x', 'a:1', '--unix-socket', '/x'], 2, /--proxy and --unix-socket exclude each other/],
];
for (const [flags, exit, says] of REFUSED) {
  test(`${flags[0]} is refused before anything is sent: ${says.source}`, async () => {
    const { code, said } = await fetchWith(...flags, 'http://127.0.0.1:1/');
    assert.equal(code, exit, said);
    assert.match(said, says);
    assert.doesNotMatch(said, /s3cr3t/);
  });
}
