import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseProxy, resolveConnection } from '../../src/engine/connection-plan.ts';
import { PLAIN_CONNECTION } from '../../src/model/plan.ts';

const PEM = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

test('a proxy is read in the forms that people write', () => {
  const cases: [text: string, host: string, port: number, authorization: string | null][] = [
    ['127.0.0.1:3128', '127.0.0.1', 3128, null],
    ['http://proxy.example:80', 'proxy.example', 80, null], // the standard port, said aloud
    ['http://proxy.example:8080/', 'proxy.example', 8080, null],
    ['HTTP://Proxy.Example:8080', 'proxy.example', 8080, null],
    ['http://[::1]:3128', '::1', 3128, null],
    ['ann:pw@proxy:1', 'proxy', 1, basic('ann:pw')],
    ['http://ann@proxy:65535', 'proxy', 65_535, basic('ann:')],
    ['http://ann:a%40b%3Ac@proxy:3128', 'proxy', 3128, basic('ann:a@b:c')],
  ];
  for (const [text, host, port, authorization] of cases)
    assert.deepEqual(parseProxy('--proxy', text), { host, port, authorization }, text);
});

test('what is no proxy is refused, and never with a password in the message', () => {
  const cases: [text: unknown, says: RegExp][] = [
    ['proxy.example', /got one without a port/],
    ['http://ann:s3cr3t@proxy.example', /got one without a port/],
    ['ann:s3cr3t@proxy:0', /without a port/],
    ['https://ann:s3cr3t@proxy:443', /got one of 'https:'/],
    ['socks5://ann:s3cr3t@proxy:1080', /got one of 'socks5:'/],
    ['http://ann:s3cr3t@proxy:3128/path', /no such URL/],
    ['http://ann:s3cr3t@pro xy:3128', /no such URL/],
    ['http://ann:s3cr3t@proxy:99999', /no such URL/],
    ['http://ann:s3c#r3t@proxy:3128', /no such URL/],
    ['http://ann:s3cr3t\r\nx@proxy:3128', /no such URL/],
    ['', /no such URL|without/],
    [new URL('http://ann:s3cr3t@proxy:3128'), /of type object/],
    [3128, /of type number/],
  ];
  for (const [text, says] of cases) {
    assert.throws(
      () => parseProxy('--proxy', text as string),
      ({ code, message }: { code: string; message: string }) => {
        assert.equal(code, 'ERR_OPTION_INVALID');
        assert.match(message, /^Expected `--proxy` to be an HTTP proxy with its port, such as /);
        assert.match(message, says);
        assert.doesNotMatch(message, /s3c/);
        return true;
      },
      String(text),
    );
  }
});

test('what is not given is not there', () => {
  assert.deepEqual(resolveConnection({}), PLAIN_CONNECTION);
  assert.deepEqual(resolveConnection({ insecure: true, caCert: PEM, unixSocket: '/run/x.sock' }), {
    insecure: true,
    caCert: PEM,
    unixSocket: '/run/x.sock',
    proxy: null,
  });
});

test('what cannot be is refused by the name of its option', () => {
  const cases: [settings: object, code: string, says: RegExp][] = [
    [{ caCert: 'not PEM' }, 'ERR_OPTION_INVALID', /`caCert`.*got text without one/],
    [{ caCert: Buffer.from(PEM) }, 'ERR_OPTION_INVALID', /`caCert`.*got object/],
    [{ caCert: PEM + ' '.repeat(16 * 1024 ** 2) }, 'ERR_OPTION_INVALID', /`caCert`.*got more than 16 MiB/],
    [{ unixSocket: '' }, 'ERR_OPTION_INVALID', /`unixSocket`.*got ""/],
    [{ unixSocket: 'a\0b' }, 'ERR_OPTION_INVALID', /`unixSocket`/],
    [{ unixSocket: `/${'ü'.repeat(60)}` }, 'ERR_OPTION_INVALID', /`unixSocket`.*got a path of 121 bytes/],
    [{ unixSocket: 7 }, 'ERR_OPTION_INVALID', /`unixSocket`/],
    [{ unixSocket: '/x', proxy: 'a:1' }, 'ERR_OPTION_CONFLICT', /`unixSocket` and `proxy`/],
    [{ proxy: 'a' }, 'ERR_OPTION_INVALID', /`proxy`/],
  ];
  for (const [settings, code, message] of cases)
    assert.throws(() => resolveConnection(settings), { code, message });
});
