import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PacelineError } from '../../src/base/errors.ts';
import { seededRandom } from '../../src/base/random.ts';
import { checkUrl, isPlainUrl } from '../../src/input/urls.ts';

const BASIC = `Basic ${Buffer.from('ann:s3cr:t').toString('base64')}`;

test('a URL is normalised, its fragment dropped and its credentials taken out', () => {
  const cases: [given: string, url: string, authorization?: string][] = [
    ['http://example.com/a', 'http://example.com/a'],
    ['http://example.com', 'http://example.com/'],
    ['HTTP://Example.COM:80/a/../b#part', 'http://example.com/b'],
    ['https://example.com:443/?q=ü', 'https://example.com/?q=%C3%BC'],
    ['http://ann:s3cr%3At@example.com/x', 'http://example.com/x', BASIC],
    ['http://[::1]:8080/', 'http://[::1]:8080/'],
    ['http://127.1/', 'http://127.0.0.1/'],
    ['http://bücher.example/', 'http://xn--bcher-kva.example/'],
  ];
  for (const [given, url, authorization] of cases) {
    assert.deepEqual(checkUrl(given), authorization === undefined ? { url } : { url, authorization });
  }
});

test('L05, S20: what cannot be sent is refused with a reason and without its credentials', () => {
  const cases: [given: string, code: string, says: RegExp][] = [
    ['example.com/a', 'ERR_INPUT_URL', /did you mean http:\/\/example\.com\/a\?/],
    ['localhost:8000/a', 'ERR_INPUT_SCHEME', /'localhost'; did you mean http:\/\/localhost:8000\/a\?/],
    ['nonsense', 'ERR_INPUT_URL', /does not begin with http/],
    ['ftp://example.com/', 'ERR_INPUT_SCHEME', /only http and https can be sent, not 'ftp'/],
    ['javascript:alert(1)', 'ERR_INPUT_SCHEME', /not 'javascript'/],
    ['file:///etc/passwd', 'ERR_INPUT_SCHEME', /not 'file'/],
    ['http:example.com', 'ERR_INPUT_URL', /followed by '\/\/'/],
    ['http:\\\\example.com\\', 'ERR_INPUT_URL', /followed by '\/\/'/],
    ['http://a b/', 'ERR_INPUT_URL', /a space in it; write %20/],
    ['http://a/\x1b[2J', 'ERR_INPUT_URL', /control characters/],
    ['http://a/\r\nX: y', 'ERR_INPUT_URL', /control characters/],
    ['http://host:99999/', 'ERR_INPUT_URL', /host or port/],
    ['http://ann:s3cr:t/x@host:bad/', 'ERR_INPUT_URL', /'http:\/\/host:bad\/'/],
    ['http://a/\ufffd', 'ERR_INPUT_URL', /not valid UTF-8/],
  ];
  for (const [given, code, says] of cases) {
    assert.throws(
      () => checkUrl(given),
      (error: unknown) => {
        assert.ok(error instanceof PacelineError);
        assert.equal(error.code, code, given);
        assert.match(error.message, says);
        assert.doesNotMatch(error.message, /s3cr/);
        return true;
      },
    );
  }
});

test('a URL taken for plain is one that the full parser gives back unchanged', () => {
  const pieces = [
    'http://',
    'https://',
    'a',
    'B',
    '9',
    '0',
    '.',
    '-',
    '_',
    ':',
    '80',
    '443',
    '8080',
    '99999',
    '/',
    '/',
    '..',
    '%2e',
  ]
    .concat([
      '%',
      '%41',
      '?',
      '#',
      "'",
      '"',
      '@',
      '!',
      '=',
      '&',
      '\\',
      '^',
      '|',
      '[',
      '{',
      '~',
      '127.0.0.1',
      '1.2',
      '0x7f',
      'xn--a',
      'host',
    ])
    .concat(['é', ' ', '\t', '\x7f', 'localhost', 'example.com', '/index.html', '?q=1']);
  const random = seededRandom(20_170).split('urls');
  let plainCount = 0;
  for (let round = 0; round < 60_000; round++) {
    let text = random.next() < 0.9 ? 'http://' : '';
    if (random.next() < 0.7) text += 'host.example';
    const length = Math.floor(random.next() * 7);
    for (let i = 0; i < length; i++) text += pieces[Math.floor(random.next() * pieces.length)];
    if (!isPlainUrl(text)) continue;
    plainCount++;
    assert.equal(URL.parse(text)?.href, text);
  }
  assert.ok(plainCount > 1000, `only ${plainCount} plain URLs were generated`);
});

test('S31: a hostile line of 100 kB is judged in time linear in its length', () => {
  for (const unit of ['a', 'a.', 'a-', '1.', '/', '/a', '/.', '%', '@', ':1', '?']) {
    const line = `http://${unit.repeat(100_000 / unit.length)}\x00`;
    assert.equal(isPlainUrl(line), false);
    assert.throws(() => checkUrl(line), PacelineError);
  }
});

test('D16: odd spellings of hosts are seen in their canonical form, or refused', () => {
  const canonical: [given: string, url: string][] = [
    ['http://2130706433/', 'http://127.0.0.1/'], // one number
    ['http://017700000001/', 'http://127.0.0.1/'], // octal
    ['http://0x7f.1/', 'http://127.0.0.1/'],
    ['http://127.1/', 'http://127.0.0.1/'],
    ['http://example.com./', 'http://example.com./'], // a name of its own: with the dot it is never completed
    ['http://a\u3002example/', 'http://a.example/'], // an ideographic full stop
    ['http://\uff11\uff12\uff17.0.0.1/', 'http://127.0.0.1/'], // full-width digits
    ['http://[::ffff:7f00:1]/', 'http://[::ffff:7f00:1]/'],
  ];
  for (const [given, url] of canonical) {
    assert.equal(checkUrl(given).url, url, given);
  }
  for (const given of [
    'http://ex%2Fample.com/',
    'http://ex%00ample.com/',
    'http://256.0.0.1/',
    'http://1.2.3.4.5/',
  ])
    assert.throws(() => checkUrl(given), { code: 'ERR_INPUT_URL' }, given);
});
