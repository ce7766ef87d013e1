import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../src/base/random.ts';
import type { RequestLine } from '../../src/model/record.ts';
import { lineWithoutSecrets, withoutSecrets } from '../../src/model/secrets.ts';

const SECRET_NAMES = [
  ...[
    'token',
    'access_token',
    'id_token',
    'refreshToken',
    'key',
    'api_key',
    'api-key',
    'apiKey',
    'apikey',
    'APIKEY',
  ],
  ...[
    'secret',
    'client_secret',
    'clientSecret',
    'password',
    'passwd',
    'pwd',
    'userPassword',
    'sig',
    'signature',
  ],
  ...[
    'code',
    'auth',
    'authorization',
    'oauth_token',
    'session',
    'sessionid',
    'PHPSESSID',
    'jsessionid',
    'sid',
    'jwt',
  ],
  ...['X-Amz-Signature', 'X-Amz-Credential', 'X-Amz-Security-Token', 'X-Goog-Signature', 'AWSAccessKeyId'],
  ...[
    'subscription-key',
    'user[token]',
    'a.b.secret',
    '%74oken',
    'to%6Ben',
    'accesstoken',
    'myauthkey',
    'a/token',
  ],
];
const PLAIN_NAMES = [
  'q',
  'page',
  'keyword',
  'monkey',
  'postcode',
  'author',
  'tokenizer',
  'passenger',
  'signal',
  'sidebar',
];

test('values of parameters whose names say that they are secret are taken out, and no others', () => {
  for (const name of SECRET_NAMES)
    assert.equal(
      withoutSecrets(`http://h/p?a=1&${name}=s3cret&b=2#f`),
      `http://h/p?a=1&${name}=REDACTED&b=2#f`,
    );
  for (const name of PLAIN_NAMES) {
    const url = `http://h/p?${name}=open&b=2`;
    assert.equal(withoutSecrets(url), url);
  }
});

test('wherever a value stands, all of it goes', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['http://h/?token=a?b=c', 'http://h/?token=REDACTED'],
    ['http://h/?token=a;b/c=d', 'http://h/?token=REDACTED'],
    ['http://h/?token=a=b==&x=1', 'http://h/?token=REDACTED&x=1'],
    ['http://h/?a=1;token=b', 'http://h/?a=1;token=REDACTED'],
    ['http://h/a;jsessionid=1F/b?x=1', 'http://h/a;jsessionid=REDACTED/b?x=1'],
    ['http://h/a;v=1?token=b', 'http://h/a;v=1?token=REDACTED'],
    ['http://h/#access_token=b&x=1', 'http://h/#access_token=REDACTED&x=1'],
    ['http://h/?token=a&token=b', 'http://h/?token=REDACTED&token=REDACTED'],
    ['http://h/?token=&x=1', 'http://h/?token=&x=1'],
    ['http://h/?token', 'http://h/?token'],
    ['http://me:pw@h/', 'http://REDACTED@h/'],
    ['http://me:p@w@h/a@b', 'http://REDACTED@h/a@b'],
    ['http://t0ken@h:1/?key=k', 'http://REDACTED@h:1/?key=REDACTED'],
    ['http://h/?u=http://me:pw@i/', 'http://h/?u=http://REDACTED@i/'],
    ['//me:pw@h', '//REDACTED@h'],
    ['http://h/?token=a b\n"c\'', 'http://h/?token=REDACTED'],
    [`http://h/?${'n'.repeat(300)}=x`, `http://h/?${'n'.repeat(300)}=REDACTED`],
    ['http://h/?%E0%A4%A=x&%ZZtoken=y', 'http://h/?%E0%A4%A=x&%ZZtoken=REDACTED'],
  ];
  for (const [url, safe] of cases) assert.equal(withoutSecrets(url), safe);
});

const LINE: RequestLine = {
  ...{ index: 0, id: 'token=mine', method: 'GET', url: 'http://h/', outcome: 'ok', status: 200, attempts: 1 },
  ...{ createdMs: 0, endedMs: 1, bytes: 0 },
  tries: [{ lane: 0, outcome: 'ok', status: 200, startedMs: 0, endedMs: 1, phasesMs: {} }],
};

test('a line without secrets is the very same line', () => assert.equal(lineWithoutSecrets(LINE), LINE));

test('a line is looked through: its URLs, those of its tries, and what messages quote of them', () => {
  const url = "http://h/?token=a b'c";
  const message = `'${url}' is no URL; http://u:p@i/?key=k1&x=1 and "http://i/?sig=k2" are; password=not one`;
  const [first] = LINE.tries;
  assert.ok(first);
  const safe = lineWithoutSecrets({
    ...LINE,
    ...{ url, finalUrl: 'http://i/?sig=k3', error: { code: 'UNKNOWN', message } },
    tries: [
      { ...first, url: 'http://i/?key=k4', error: { code: 'UNKNOWN', message: 'http://i/?key=k4 broke' } },
    ],
  });
  assert.equal(safe.url, 'http://h/?token=REDACTED');
  assert.equal(safe.finalUrl, 'http://i/?sig=REDACTED');
  assert.equal(
    safe.error?.message,
    "'http://h/?token=REDACTED' is no URL; http://REDACTED@i/?key=REDACTED&x=1 and " +
      '"http://i/?sig=REDACTED" are; password=REDACTED one',
  );
  assert.equal(safe.tries[0]?.url, 'http://i/?key=REDACTED');
  assert.equal(safe.tries[0]?.error?.message, 'http://i/?key=REDACTED broke');
  assert.equal(safe.id, 'token=mine');
});

test('no planted secret is left in any URL, and every URL keeps its other parts', () => {
  for (let seed = 1; seed <= 500; seed++) {
    const random = seededRandom(seed);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random.next() * from.length)] as T;
    const pairs = Array.from({ length: 1 + Math.floor(random.next() * 6) }, (_, place) =>
      random.next() < 0.5
        ? `${pick(SECRET_NAMES)}=${pick(['', 'x;', '?', '/', '='])}planted${place}`
        : `${pick(PLAIN_NAMES)}=kept${place}`,
    );
    const userinfo = random.next() < 0.3 ? 'planted:planted@' : '';
    const url = `http://${userinfo}h/p?${pairs.join('&')}`;
    const safe = withoutSecrets(url);
    assert.doesNotMatch(safe, /planted/, `seed ${seed}: ${url}`);
    assert.equal(safe.match(/kept/g)?.length, url.match(/kept/g)?.length, `seed ${seed}: ${url}`);
    assert.equal(withoutSecrets(safe), safe, 'a second time changes nothing');
  }
});

test('a URL of a megabyte takes no longer than its length asks for', () => {
  const before = process.cpuUsage();
  for (const part of ['a', '&', ';', '?', '=', '//', '@', '&a=', ';key=', '&key=b', '//a@', "'"]) {
    const url = `http://h/?${part.repeat(1_000_000 / part.length)}`;
    assert.ok(withoutSecrets(url).length > 0);
  }
  const { user } = process.cpuUsage(before);
  assert.ok(user < 5e6, `${user / 1e6} s: a scan that begins anew at each place takes hours`);
});
