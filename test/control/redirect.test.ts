import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { seededRandom } from '../../src/base/random.ts';
import { type Hop, type NextHop, nextHop } from '../../src/control/redirect.ts';
import { checkUrl } from '../../src/input/urls.ts';
import type { HttpRequest } from '../../src/model/request.ts';

const HOME = 'https://home.example';
const POLICY = { redirsMax: 10 };

const POST: HttpRequest = {
  url: `${HOME}/a/b?q=1`,
  method: 'POST',
  headers: [
    ...['authorization', 'Bearer s3cret', 'cookie', 'sid=1', 'x-api-key', 'k', 'host', 'inner.example'],
    ...['content-type', 'text/plain', 'content-language', 'de', 'content-md5', 'x', 'digest', 'y'],
  ],
  body: 'hello',
  id: 'mine',
  timeoutMs: 5000,
};

function follow(hop: Partial<Hop>, policy = POLICY): NextHop | null {
  const whole = { request: POST, status: 302, location: '/c', hops: 0, origin0: HOME, ...hop };
  return nextHop(whole, policy);
}

function followed(hop: Partial<Hop>): HttpRequest {
  const next = follow(hop);
  assert.equal(next?.kind, 'follow', JSON.stringify(next));
  return (next as NextHop & { kind: 'follow' }).request;
}

function refused(hop: Partial<Hop>, policy = POLICY): { code: string; message: string } {
  const next = follow(hop, policy);
  assert.equal(next?.kind, 'refuse', JSON.stringify(next));
  return next as NextHop & { kind: 'refuse' };
}

const namesOf = ({ headers }: HttpRequest) => headers.filter((_, i) => i % 2 === 0);

describe('O06: which responses redirect, and what becomes of the method and the body', () => {
  for (const status of [200, 204, 300, 304, 305, 306, 400, 503]) {
    test(`${status} is the end of the chain`, () => assert.equal(follow({ status }), null));
  }

  for (const location of [undefined, '', '  ']) {
    test(`a redirect without a Location (${JSON.stringify(location)}) is the end of the chain`, () =>
      assert.equal(nextHop({ request: POST, status: 302, location, hops: 0, origin0: HOME }, POLICY), null));
  }

  const methods: [status: number, method: string, becomes: string, keepsBody: boolean][] = [
    [301, 'POST', 'GET', false],
    [302, 'POST', 'GET', false],
    [303, 'POST', 'GET', false],
    [307, 'POST', 'POST', true],
    [308, 'POST', 'POST', true],
    [301, 'PUT', 'PUT', true], // only POST is changed by these two
    [302, 'DELETE', 'DELETE', true],
    [303, 'PUT', 'GET', false],
    [303, 'DELETE', 'GET', false],
    [303, 'HEAD', 'HEAD', true],
    [302, 'HEAD', 'HEAD', true],
    [303, 'QUERY', 'GET', false],
  ];
  for (const [status, method, becomes, keepsBody] of methods) {
    test(`${status} makes ${method} a ${becomes}, ${keepsBody ? 'with' : 'without'} the body`, () => {
      const next = followed({ status, request: { ...POST, method } });
      assert.equal(next.method, becomes);
      assert.equal(next.body, keepsBody ? 'hello' : null);
      const own = ['authorization', 'cookie', 'x-api-key', 'host'];
      const ofBody = ['content-type', 'content-language', 'content-md5', 'digest'];
      assert.deepEqual(namesOf(next), keepsBody ? [...own, ...ofBody] : own);
    });
  }

  test('id and timeout are those of the request', () => {
    const { id, timeoutMs } = followed({});
    assert.deepEqual([id, timeoutMs], ['mine', 5000]);
  });
});

describe('where a Location leads to', () => {
  const leads: [location: string, url: string][] = [
    ['/c', `${HOME}/c`],
    ['c', `${HOME}/a/c`],
    ['?q=2', `${HOME}/a/b?q=2`],
    ['../x/./y', `${HOME}/x/y`],
    ['/c#part', `${HOME}/c`], // a fragment is never sent
    ['/c#', `${HOME}/c`],
    ['HTTPS://Home.EXAMPLE:443/c', `${HOME}/c`],
    ['//other.example', 'https://other.example/'],
    ['http://127.1/', 'http://127.0.0.1/'],
    ['http://b\u00fccher.example/', 'http://xn--bcher-kva.example/'],
    [' /c ', `${HOME}/c`],
    ['/a b', `${HOME}/a%20b`], // not encoded, and meant all the same
    ['/gr\u00c3\u00bc\u00c3\u009fe', `${HOME}/gr%C3%BC%C3%9Fe`], // the bytes of UTF-8, as headers come
    ['/gr\u00fc', `${HOME}/gr%C3%BC`], // Latin-1
    ['/\\evil.example/', 'https://evil.example/'], // as browsers read it; an origin of its own
  ];
  for (const [location, url] of leads) {
    test(`'${location}' leads to ${url}, in the form that inputs have`, () => {
      assert.equal(followed({ location }).url, url);
      assert.equal(checkUrl(url).url, url);
    });
  }
});

describe('where a Location leads nowhere', () => {
  const refusals: [location: string, says: RegExp][] = [
    ['file:///etc/passwd', /'file:'/],
    ['data:text/html,x', /'data:'/],
    ['javascript:alert(1)', /'javascript:'/],
    ['ftp://home.example/', /'ftp:'/],
    ['home.example:80/c', /'home.example:'/],
    ['http://', /no host/],
    ['http:///c', /no host/],
    ['http:c', /no host/],
    ['https:\\\\evil.example', /no host/],
    ['///c', /no host/],
    ['//host:99999/', /no URL/],
    ['//[::1/', /no URL/],
    ['/a\x1b[2J', /control/],
    ['/a\tb', /control/],
    ['\x7f', /control/],
  ];
  for (const [location, says] of refusals) {
    test(`O09, S20: ${JSON.stringify(location)} is refused`, () => {
      const { code, message } = refused({ location });
      assert.equal(code, 'BAD_REDIRECT');
      assert.match(message, says);
    });
  }

  test('O10: credentials in a Location are neither sent nor shown', () => {
    for (const location of [
      'https://ann:s3cr3t@home.example/c',
      '//ann:s3cr3t@other.example/c',
      'https://:s3cr3t@a/',
    ]) {
      const next = followed({ location, request: { ...POST, headers: [] } });
      assert.ok(!JSON.stringify(next).includes('s3cr3t'), location);
      assert.deepEqual(next.headers, []);
    }
    for (const location of ['ftp://ann:s3cr3t@home.example/', 'https://ann:s3cr3t@host:bad/', 's3cr3t:x']) {
      const { message } = refused({ location: location.replace('s3cr3t:', 'urn:s3cr3t:') });
      assert.ok(!message.includes('s3cr3t'), message);
    }
  });

  test('O10: a hop never becomes a Referer', () => {
    for (const location of ['/c', 'http://other.example/'])
      assert.ok(!namesOf(followed({ location, status: 307 })).includes('referer'));
  });
});

describe('O01, S22: what crosses to another origin', () => {
  const elsewhere: [what: string, location: string][] = [
    ['another host', 'https://other.example/'],
    ['a host below', 'https://sub.home.example/'],
    ['another port', 'https://home.example:444/'],
    ['another scheme, from https to http', 'http://home.example/'],
    ['another scheme on the same port', 'http://home.example:443/'],
    ['a host that looks alike', 'https://home.example.:443/'],
  ];
  for (const [what, location] of elsewhere) {
    test(`to ${what}: no header of the user`, () => {
      assert.deepEqual(followed({ location }).headers, []);
    });
    test(`to ${what}, body and all: its type, and nothing else`, () => {
      const next = followed({ location, status: 307 });
      assert.deepEqual(next.headers, ['content-type', 'text/plain']);
      assert.equal(next.body, 'hello');
    });
  }

  test('the spelling of a name saves no header', () => {
    const headers = ['AUTHORIZATION', 'x', 'Proxy-Authorization', 'y', 'X-Key', 'z', 'Content-Type', 't'];
    const request = { ...POST, headers };
    assert.deepEqual(followed({ location: 'http://o.example/', request }).headers, []);
    assert.deepEqual(followed({ location: '/c', request }).headers, headers.slice(0, 6));
  });

  test('I44, S22: what was dropped stays dropped when the chain comes back', () => {
    const away = followed({ location: 'https://other.example/', status: 307 });
    const back = followed({ location: `${HOME}/`, request: away, hops: 1, status: 307 });
    assert.deepEqual(back.headers, ['content-type', 'text/plain']);
    const onwards = followed({ location: '/x', request: back, hops: 2 });
    assert.deepEqual(onwards.headers, []);
    const request = { ...POST, url: 'https://other.example/' };
    assert.deepEqual(followed({ location: `${HOME}/`, request, hops: 1 }).headers, [], 'nor picked up there');
  });

  test('within an origin that is not the first one, nothing of the user is sent either', () => {
    const request = { ...POST, url: 'https://other.example/' };
    assert.deepEqual(followed({ request, location: '/x', hops: 1 }).headers, []);
  });

  test('http to https is another origin too', () => {
    const request = { ...POST, url: 'http://home.example/' };
    assert.deepEqual(followed({ request, location: HOME, origin0: 'http://home.example' }).headers, []);
  });
});

describe('O05, S23: chains end', () => {
  test('at the bound, and not before', () => {
    assert.equal(follow({ hops: 9 })?.kind, 'follow');
    const { code, message } = refused({ hops: 10 });
    assert.equal(code, 'TOO_MANY_REDIRECTS');
    assert.match(message, /^10 redirects were followed \(--max-redirs\)/);
    assert.match(refused({ hops: 1 }, { redirsMax: 1 }).message, /^1 redirect was/);
    assert.match(refused({}, { redirsMax: 0 }).message, /^0 redirects were/);
  });

  test('in a circle of one, of two and of three', () => {
    const get = (url: string) => ({ ...POST, method: 'GET', url });
    const a = get(`${HOME}/a`);
    const b = get(`${HOME}/b`);
    const c = get(`${HOME}/c`);
    assert.match(refused({ request: a, location: '/a#again' }).message, /circle/);
    assert.match(refused({ request: b, location: '/a', before: [a] }).message, /circle/);
    assert.equal(refused({ request: c, location: '/a', before: [a, b] }).code, 'TOO_MANY_REDIRECTS');
    assert.equal(follow({ request: c, location: '/d', before: [a, b] })?.kind, 'follow');
  });

  test('but a form that leads back to its own page is no circle', () => {
    assert.equal(followed({ status: 303, location: POST.url }).method, 'GET');
    assert.match(refused({ status: 308, location: POST.url }).message, /circle/);
  });

  test('a Location that grows with each hop is bounded over the chain', () => {
    let request: HttpRequest = { ...POST, method: 'GET' };
    const before: HttpRequest[] = [];
    let next: NextHop | null;
    for (;;) {
      const location = `${request.url}${'x'.repeat(1000)}`;
      next = follow({ request, location, before }, { redirsMax: Number.POSITIVE_INFINITY });
      if (next?.kind !== 'follow') break;
      before.push(request);
      request = next.request;
    }
    assert.equal(next?.kind, 'refuse');
    assert.equal(next?.kind === 'refuse' && next.code, 'TOO_MANY_REDIRECTS');
    assert.ok(before.length > 5 && before.length < 12, `${before.length} hops`);
  });
});

test('whatever a server says: an answer, never an exception, and never a header across origins', () => {
  const seed = 20;
  const random = seededRandom(seed);
  const pieces = [
    ...[
      'http',
      'https',
      'file',
      ':',
      '/',
      '//',
      '\\',
      '@',
      '#',
      '?',
      '[',
      ']',
      '%',
      '..',
      '\t',
      '\x00',
      '\xff',
    ],
    ...['\u00c3', '\u00bc', 'home.example', 'other.example', ':443', ':0', 'ann:pw', ' ', '-', '\ud800', 'é'],
  ];
  let followedCount = 0;
  for (let i = 0; i < 20_000; i++) {
    const length = Math.floor(random.next() * 8);
    const location = Array.from({ length }, () => pieces[Math.floor(random.next() * pieces.length)]).join('');
    const status = [301, 302, 303, 307, 308][Math.floor(random.next() * 5)] as number;
    const next = follow({ location, status });
    if (next?.kind !== 'follow') continue;
    followedCount++;
    const what = `seed ${seed}, ${JSON.stringify(location)}: ${next.request.url}`;
    const url = new URL(next.request.url);
    assert.match(url.protocol, /^https?:$/, what);
    assert.equal(url.username + url.password + url.hash, '', what);
    assert.equal(url.href, next.request.url, what);
    assert.equal(namesOf(next.request).includes('authorization'), url.origin === HOME, what);
  }
  assert.ok(followedCount > 1000, `${followedCount} were followed`);
});
