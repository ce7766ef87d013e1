import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestDefaults } from '../../src/input/defaults.ts';
import type { Input } from '../../src/input/input.ts';
import {
  type ByteSource,
  type ReadOptions,
  readRequests,
  type UrlArgument,
} from '../../src/input/read-requests.ts';
import { InvalidInput } from '../../src/model/request.ts';

function file(
  text: string,
  { name = 'urls.txt', isRepeatable = true, opened = [] as string[] } = {},
): ByteSource {
  return {
    name,
    isRepeatable,
    async *open() {
      opened.push(name);
      yield new TextEncoder().encode(text);
    },
  };
}

async function readAll(
  sources: readonly (ByteSource | UrlArgument)[],
  options?: ReadOptions,
): Promise<Input[]> {
  const inputs: Input[] = [];
  for await (const batch of readRequests(sources, options)) inputs.push(...batch);
  return inputs;
}

async function readOne(line: string, options?: ReadOptions): Promise<Input> {
  const inputs = await readAll([file(line)], options);
  assert.equal(inputs.length, 1, line);
  return inputs[0] as Input;
}

const PLAIN = { method: 'GET', headers: [], body: null, id: null, timeoutMs: null };

test('L01: URLs and JSON objects stand in one file; blank lines and comments are passed over', async () => {
  const text =
    '\ufeff# list\r\n\r\n http://a.example/1 \r\n\t\n{"url":"http://a.example/2"}\r\nhttp://a.example/3';
  assert.deepEqual(await readAll([file(text)]), [
    { url: 'http://a.example/1', ...PLAIN },
    { url: 'http://a.example/2', ...PLAIN },
    { url: 'http://a.example/3', ...PLAIN },
  ]);
});

test('a JSON object says everything of a request', async () => {
  const cases: [line: object, request: object][] = [
    [
      {
        url: 'http://a/',
        method: 'put',
        headers: { 'X-A': ' 1 ', 'x-b': ['2', '3'] },
        body: 'hi',
        id: 'one',
        timeout: '2s',
      },
      {
        method: 'PUT',
        headers: ['x-a', '1', 'x-b', '2', 'x-b', '3'],
        body: 'hi',
        id: 'one',
        timeoutMs: 2000,
      },
    ],
    [
      { url: 'http://a/', json: { a: [1, null] }, id: 7 },
      { method: 'POST', headers: ['content-type', 'application/json'], body: '{"a":[1,null]}', id: 7 },
    ],
    [
      { url: 'http://a/', json: null, headers: { 'Content-Type': 'text/x' } },
      { method: 'POST', headers: ['content-type', 'text/x'], body: 'null' },
    ],
    [
      { url: 'http://a/', bodyBase64: '/wA=' },
      { method: 'POST', body: Buffer.from([255, 0]) },
    ],
    [{ url: 'http://u:p@a/' }, { headers: ['authorization', 'Basic dTpw'] }],
    [
      { url: 'http://u:p@a/', headers: { Authorization: 'Bearer x' } },
      { headers: ['authorization', 'Bearer x'] },
    ],
  ];
  for (const [line, request] of cases) {
    assert.deepEqual(await readOne(JSON.stringify(line)), { url: 'http://a/', ...PLAIN, ...request });
  }
});

test('S30: a JSON body is sent as it was written, long numbers and odd names included', async () => {
  const body = '{"n":12345678901234567890,"x":1.00000000000000000001,"__proto__":{"polluted":1}}';
  const request = await readOne(`{"url":"http://a/","id":12345678901234567890,"json":${body}}`);
  assert.ok(!(request instanceof InvalidInput));
  assert.equal(request.body, body);
  assert.equal(request.id, '12345678901234567890');
  assert.equal(({} as { polluted?: unknown }).polluted, undefined);
});

test('the command line fills what a line leaves open', async () => {
  const defaults: RequestDefaults = {
    method: null,
    headers: ['accept', 'text/html', 'x-a', '1'],
    body: 'q=1',
    bodyType: 'application/x-www-form-urlencoded',
  };
  const type = ['content-type', 'application/x-www-form-urlencoded'];
  const text =
    'http://a/\n{"url":"http://a/","headers":{"X-A":"2"}}\n{"url":"http://a/","body":"own","method":"PATCH"}';
  const requests = await readAll([file(text)], { defaults });
  assert.deepEqual(requests, [
    {
      url: 'http://a/',
      ...PLAIN,
      method: 'POST',
      body: 'q=1',
      headers: ['accept', 'text/html', 'x-a', '1', ...type],
    },
    {
      url: 'http://a/',
      ...PLAIN,
      method: 'POST',
      body: 'q=1',
      headers: ['accept', 'text/html', 'x-a', '2', ...type],
    },
    {
      url: 'http://a/',
      ...PLAIN,
      method: 'PATCH',
      body: 'own',
      headers: ['accept', 'text/html', 'x-a', '1'],
    },
  ]);
});

test('L01, S21: a bad line becomes an invalid input that names its place; the lines around it are read', async () => {
  const bad: [line: string, code: string, message: string | RegExp][] = [
    ['{"url":"http://u:s3cret@a/",}', 'ERR_INPUT_JSON', 'urls.txt line 2: not valid JSON at column 29.'],
    ['{"url":"http://u:s3cret@a/"', 'ERR_INPUT_JSON', /line 2: not valid JSON/],
    ['{"url":[]}', 'ERR_INPUT_FIELD', 'urls.txt line 2: the field url is missing or not a string.'],
    ['{}', 'ERR_INPUT_FIELD', /url is missing/],
    ['{"url":"http://a/","header":{}}', 'ERR_INPUT_FIELD', /unknown field "header"; known are url, method/],
    ['{"url":"http://a/","__proto__":{"id":1}}', 'ERR_INPUT_FIELD', /unknown field "__proto__"/],
    ['{"url":"http://a/","headers":{"x":"a\\nb"}}', 'ERR_INPUT_FIELD', /header x has characters/],
    ['{"url":"http://a/","headers":{"x y":"1"}}', 'ERR_INPUT_FIELD', /A header name has " " in it/],
    [
      '{"url":"http://a/","headers":{"Transfer-Encoding":"chunked"}}',
      'ERR_INPUT_FIELD',
      /paceline sets it itself/,
    ],
    ['{"url":"http://a/","headers":{"Host":"a","host":"b"}}', 'ERR_INPUT_FIELD', /Host is given twice/],
    ['{"url":"http://a/","headers":{"x":{}}}', 'ERR_INPUT_FIELD', /expected a string for "x"/],
    ['{"url":"http://a/","headers":"x: y"}', 'ERR_INPUT_FIELD', /headers: expected an object/],
    ['{"url":"http://a/","method":"GE T"}', 'ERR_INPUT_FIELD', /"GE T" is not an HTTP method/],
    ['{"url":"http://a/","method":"connect"}', 'ERR_INPUT_FIELD', /opens a tunnel/],
    [
      '{"url":"http://a/","timeout":5}',
      'ERR_INPUT_FIELD',
      'urls.txt line 2: timeout: 5 has no unit. Write 5s or 5ms.',
    ],
    ['{"url":"http://a/","timeout":"0s"}', 'ERR_INPUT_FIELD', /longer than zero/],
    ['{"url":"http://a/","id":{}}', 'ERR_INPUT_FIELD', /id: expected a string or a number/],
    ['{"url":"http://a/","body":"a","json":1}', 'ERR_INPUT_FIELD', /body and json: one body, please/],
    ['{"url":"http://a/","bodyBase64":"%%"}', 'ERR_INPUT_FIELD', /not valid base64/],
    [
      `{"url":"http://a/","json":${'['.repeat(101)}${']'.repeat(101)}}`,
      'ERR_INPUT_FIELD',
      /nested deeper than 100/,
    ],
    [
      `{"url":"http://a/","json":${'['.repeat(400_000)}${']'.repeat(400_000)}}`,
      'ERR_INPUT_FIELD',
      /nested deeper/,
    ],
    [`${'{"a":'.repeat(100_000)}1234567890123456`, 'ERR_INPUT_JSON', /not valid JSON/],
    [
      'ftp://u:s3cret@a/',
      'ERR_INPUT_SCHEME',
      "urls.txt line 2: 'ftp://a/' is not a URL that can be sent: only http and https can be sent, not 'ftp'.",
    ],
    ['x'.repeat(1024 ** 2 + 1), 'ERR_INPUT_TOO_LONG', 'urls.txt line 2: longer than 1 MiB; passed over.'],
    ['[1]', 'ERR_INPUT_URL', /does not begin with http/],
  ];
  for (const [line, code, message] of bad) {
    const [before, input, after, ...more] = await readAll([file(`http://a/1\n${line}\nhttp://a/3`)]);
    assert.ok(before && after && !(before instanceof InvalidInput) && !(after instanceof InvalidInput));
    assert.equal(more.length, 0);
    assert.ok(input instanceof InvalidInput, line.slice(0, 60));
    assert.equal(input.code, code, line.slice(0, 60));
    if (typeof message === 'string') assert.equal(input.message, message);
    else assert.match(input.message, message);
    assert.doesNotMatch(JSON.stringify(input), /s3cret/);
  }
});

test('an invalid object keeps its id and its URL for the record', async () => {
  const input = await readOne('{"url":"http://u:p@a/","id":"x7","nope":1}');
  assert.ok(input instanceof InvalidInput);
  assert.deepEqual([input.id, input.url], ['x7', 'http://a/']);
});

test('a forced format takes every line in it', async () => {
  const asUrl = await readOne('{"url":"http://a/"}', { format: 'urls' });
  assert.ok(asUrl instanceof InvalidInput && asUrl.code === 'ERR_INPUT_URL');
  const asJson = await readOne('http://a/', { format: 'ndjson' });
  assert.ok(asJson instanceof InvalidInput && asJson.code === 'ERR_INPUT_JSON');
});

test('files and URLs come in the order given, and the whole again for each repetition', async () => {
  const opened: string[] = [];
  const sources = [
    { url: 'http://a/0' },
    file('http://a/1\nhttp://a/2', { name: 'one', opened }),
    { url: '# not a comment here' },
    file('http://a/3', { name: 'two', opened }),
  ];
  const urls = (await readAll(sources, { repeat: 2, format: 'auto' })).map(input => input.url);
  const once = ['http://a/0', 'http://a/1', 'http://a/2', '# not a comment here', 'http://a/3'];
  assert.deepEqual(urls, [...once, ...once]);
  assert.deepEqual(opened, ['one', 'two', 'one', 'two']);
});

test('URLs alone are repeated exactly, in batches', async () => {
  for (const repeat of [1, 2, 1023, 1024, 1025, 5000]) {
    const inputs = await readAll([{ url: 'http://a/0' }, { url: 'http://a/1' }], { repeat });
    assert.equal(inputs.length, 2 * repeat);
    assert.ok(inputs.every((input, at) => input.url === `http://a/${at % 2}`));
  }
});

test('what can be read only once is not repeated', () => {
  const stdin = file('http://a/', { name: 'stdin', isRepeatable: false });
  assert.throws(() => readRequests([stdin], { repeat: 2 }), {
    code: 'ERR_OPTION_CONFLICT',
    message: '-n 2: stdin can be read only once. Put it into a file first, or leave -n out.',
  });
});

test('a source is read no further than it is asked for, and closed when the reader leaves', async () => {
  let read = 0;
  let isClosed = false;
  const endless: ByteSource = {
    name: 'endless',
    isRepeatable: false,
    async *open() {
      try {
        for (;;) {
          read++;
          yield new TextEncoder().encode('http://a/\n');
        }
      } finally {
        isClosed = true;
      }
    },
  };
  for await (const batch of readRequests([endless])) {
    assert.equal(batch.length, 1);
    if (read === 3) break;
  }
  assert.deepEqual([read, isClosed], [3, true]);
});

test('a line of another format is told so, and a long run of blanks costs no time', async () => {
  const cases: [line: string, says: RegExp][] = [
    [
      "curl 'http://u:s3cret@a/'",
      /line 1: this is no URL but a curl command; read the list with --input-format curl/,
    ],
    ['GET http://u:s3cret@a/', /a target as vegeta takes it; read the list with --input-format vegeta/],
    ['url = "http://u:s3cret@a/"', /a line of a curl config file/],
    [`http://a/${' '.repeat(900_000)}x`, /a space in it/],
  ];
  for (const [line, says] of cases) {
    const input = await readOne(line);
    assert.ok(input instanceof InvalidInput && input.code === 'ERR_INPUT_URL');
    assert.match(input.message, says);
    assert.doesNotMatch(input.message, /s3cret/);
  }
});
