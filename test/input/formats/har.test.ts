import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JsonElements } from '../../../src/input/formats/json-elements.ts';
import { InvalidInput } from '../../../src/model/request.ts';
import { inShort, readFormat } from '../../support/read-format.ts';

const HAR = {
  log: {
    version: '1.2',
    creator: { name: 'entries', comment: '"log":{"entries":[{' },
    pages: [{ log: { entries: [{ request: { url: 'http://wrong/', method: 'GET' } }] } }],
    entries: [
      {
        request: {
          method: 'GET',
          url: 'https://a/1#part',
          headers: [
            { name: ':authority', value: 'a' },
            { name: 'Accept', value: '*/*' },
            { name: 'Connection', value: 'keep-alive' },
            { name: 'Content-Length', value: '0' },
            { name: 'cookie', value: 'a=1' },
          ],
        },
        response: { content: { text: '"}]}\\"{[ 🚲 \\\\' } },
      },
      {
        request: {
          method: 'post',
          url: 'https://a/2',
          postData: { mimeType: 'application/json', text: '{"é":1}' },
        },
      },
      {
        request: {
          method: 'POST',
          url: 'https://a/3',
          headers: [{ name: 'Content-Type', value: 'text/own' }],
          postData: { mimeType: 'x/y', text: 'aGk=', encoding: 'base64' },
        },
      },
      {
        request: {
          method: 'POST',
          url: 'https://a/4',
          postData: { mimeType: 'application/x-www-form-urlencoded', params: [{ name: 'a b', value: 'ü' }] },
        },
      },
    ],
    comment: 'after',
  },
};
const READ = [
  'GET https://a/1 accept=*/* cookie=a=1',
  'POST https://a/2 content-type=application/json "{\\"é\\":1}"',
  'POST https://a/3 content-type=text/own "hi"',
  'POST https://a/4 content-type=application/x-www-form-urlencoded "a+b=%C3%BC"',
];

test('the entries become requests, however the document is written and cut', async () => {
  for (const text of [JSON.stringify(HAR), `\ufeff${JSON.stringify(HAR, null, 2)}\n`]) {
    for (const pieceBytes of [1, 2, 5, 64, 65_536]) {
      assert.deepEqual(inShort(await readFormat({ text, format: 'har', pieceBytes })), READ);
    }
  }
});

test('a bad entry is an outcome with its number, and its neighbours are read', async () => {
  const bad: [entry: unknown, says: RegExp][] = [
    [{}, /^! list entry 2: request: expected an object\.$/],
    [{ request: { method: 'GET' } }, /entry 2: request\.url is missing/],
    [{ request: { url: 'http://a/' } }, /request\.method is missing/],
    [{ request: { method: 'GET', url: 'data:x' } }, /only http and https/],
    [{ request: { method: 'GET', url: 'http://a/', headers: {} } }, /request\.headers: expected a list/],
    [
      { request: { method: 'GET', url: 'http://a/', headers: [{ name: 'x', value: 'a\nb' }] } },
      /header x has char/,
    ],
    [
      { request: { method: 'P', url: 'http://a/', postData: { text: 1 } } },
      /postData\.text: expected a string/,
    ],
    [
      {
        request: {
          ...{ method: 'P', url: 'http://a/' },
          postData: { mimeType: 'multipart/form-data', params: [{ name: 'f' }] },
        },
      },
      /has fields but no text, and they cannot be put together as multipart/,
    ],
  ];
  const good = (name: string) => ({ request: { method: 'GET', url: `http://a/${name}` } });
  for (const [entry, says] of bad) {
    const text = JSON.stringify({ log: { entries: [good('1'), entry, good('3')] } });
    const [before, input, after, ...more] = inShort(await readFormat({ text, format: 'har' }));
    assert.deepEqual([before, after, more], ['GET http://a/1', 'GET http://a/3', []]);
    assert.match(input ?? '', says);
  }
});

test('a document that is no HAR, or is cut off, says so once', async () => {
  const entry = '{"request":{"method":"GET","url":"http://a/1"}}';
  const cases: [text: string, wanted: string[]][] = [
    ['', ['! list: no HAR: it has no log.entries.']],
    ['[1,{"log":{"entries":[]}}]', ['! list: no HAR: it has no log.entries.']],
    ['{"entries":[{}]}', ['! list: no HAR: it has no log.entries.']],
    ['{"log":{"entries":[]}}', []],
    [
      `{"log":{"entries":[${entry},{"requ`,
      ['GET http://a/1', '! list: not valid JSON: it ends too soon, after entry 1.'],
    ],
    [
      `{"log":{"entries":[${entry},{"a":x}]}}`,
      ['GET http://a/1', '! list entry 2: not valid JSON at column 6.'],
    ],
  ];
  for (const [text, wanted] of cases) {
    const inputs = inShort(await readFormat({ text, format: 'har', pieceBytes: 3 }));
    assert.deepEqual(
      inputs.map(input => input.replace(/not valid JSON: unexpected "x"/, 'not valid JSON at column 6')),
      wanted,
      text,
    );
  }
});

test('an element over the bound is passed over and not kept', () => {
  const seen: string[] = [];
  const elements = new JsonElements(['log', 'entries'], 20, {
    element: bytes => seen.push(Buffer.from(bytes).toString()),
    tooLarge: () => seen.push('too large'),
  });
  const push = (text: string): void => elements.push(new TextEncoder().encode(text));
  push('{"log":{"entries":[{"a":1},{"b":"');
  for (let i = 0; i < 1000; i++) push('x'.repeat(1000));
  push('"},{"c":{"d":[2]}}]}}');
  assert.deepEqual(seen, ['{"a":1}', 'too large', '{"c":{"d":[2]}}']);
  assert.ok(elements.isClosed);
});

test('an invalid entry keeps its URL for the record, without credentials', async () => {
  const text = JSON.stringify({ log: { entries: [{ request: { method: 'G T', url: 'http://u:p@a/' } }] } });
  const [input] = await readFormat({ text, format: 'har' });
  assert.ok(input instanceof InvalidInput);
  assert.equal(input.url, 'http://a/');
});
