import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InvalidInput } from '../../../src/model/request.ts';
import { inShort, readFormat } from '../../support/read-format.ts';

const MIXED = `# targets
GET http://a/1
GET http://a/2

POST http://a/3
X-A: 1
# between
X-A: 2
@body.txt
DELETE http://a/4\r
X-B: b\r
PUT http://a/5

{"method":"POST","url":"http://a/6","body":"aGk=","header":{"X-C":["1","2"]}}
{"url":"http://a/7"}
`;
const READ = [
  'GET http://a/1',
  'GET http://a/2',
  'POST http://a/3 x-a=1 x-a=2 "the body"',
  'DELETE http://a/4 x-b=b',
  'PUT http://a/5',
  'POST http://a/6 x-c=1 x-c=2 "hi"',
  'GET http://a/7',
];

test('both forms of target are read, however the bytes are cut', async () => {
  for (const pieceBytes of [1, 2, 7, 64, 65_536]) {
    const inputs = await readFormat({
      text: MIXED,
      format: 'vegeta',
      pieceBytes,
      files: { 'body.txt': 'the body' },
    });
    assert.deepEqual(inShort(inputs), READ);
  }
});

test('a bad target is an outcome with its place, and its neighbours are read', async () => {
  const bad: [target: string, says: RegExp][] = [
    ['nonsense\nmore: of it', /^list line 3: expected a target such as GET https/],
    ['GET ftp://a/', /^list line 3: .*only http and https/],
    [
      'GET http://a/x\nno header here',
      /^list line 4: expected a header 'Name: value', @FILE, or a blank line\./,
    ],
    ['GET http://a/x\nX-A: \x01', /^list line 4: The value of header X-A/],
    ['GET http://a/x\nContent-Length: 4', /^list line 4: Header Content-Length cannot be given/],
    [
      '{"url":"http://a/x","headers":{}}',
      /^list line 3: unknown field "headers"; vegeta has method, url, body, header/,
    ],
    ['{"url":"http://a/x","body":"%"}', /^list line 3: body: not valid base64/],
    ['{"url":"http://a/x"', /^list line 3: not valid JSON/],
    ['{"method":"GET"}', /^list line 3: the field url is missing/],
    [`GET http://a/${'x'.repeat(1024 ** 2)}`, /^list line 3: longer than 1 MiB/],
    [`GET http://a/x\nX-A: ${'x'.repeat(1024 ** 2)}`, /^list line 4: longer than a line may be/],
  ];
  for (const [target, says] of bad) {
    const text = `GET http://a/1\n\n${target}\n\nGET http://a/9\n`;
    const [before, input, after, ...more] = await readFormat({ text, format: 'vegeta' });
    assert.deepEqual(inShort([before, after].flatMap(one => one ?? [])), [
      'GET http://a/1',
      'GET http://a/9',
    ]);
    assert.ok(input instanceof InvalidInput, target.slice(0, 40));
    assert.match(input.message, says);
    assert.equal(more.length, 0, target.slice(0, 40));
  }
});

test('files are read when their turn comes, and one that many targets share is read once', async () => {
  const { readRequests } = await import('../../../src/input/read-requests.ts');
  const read: string[] = [];
  const text = ['a', 'a', 'big', 'a', 'big'].map(name => `POST http://a/${name}\n@${name}\n`).join('\n');
  const source = {
    name: 'list',
    isRepeatable: true,
    async *open() {
      yield new TextEncoder().encode(text);
    },
    async readFile(path: string) {
      read.push(path);
      return new Uint8Array(path === 'big' ? 2 * 1024 ** 2 : 1);
    },
  };
  const batches: string[][] = [];
  for await (const batch of readRequests([source], { format: 'vegeta' })) {
    batches.push(batch.map(input => input.url));
    if (batches.length === 1) assert.deepEqual(read, ['a', 'big']); // no further than what was handed on
  }
  assert.deepEqual(read, ['a', 'big', 'big']);
  assert.deepEqual(batches, [
    ['http://a/a', 'http://a/a', 'http://a/big'],
    ['http://a/a', 'http://a/big'],
  ]);
});
