import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WAITING_URLS_MAX } from '../../../src/input/formats/curl-operation.ts';
import { InvalidInput } from '../../../src/model/request.ts';
import { inShort, readFormat } from '../../support/read-format.ts';

const FILES = { 'f.txt': 'x\r\ny\n' };
const FORM = 'content-type=application/x-www-form-urlencoded';

async function curl(text: string, pieceBytes?: number): Promise<string[]> {
  return inShort(await readFormat({ text, format: 'curl', files: FILES, ...(pieceBytes && { pieceBytes }) }));
}

test('what browsers copy is read, however the bytes are cut', async () => {
  const text = String.raw`curl 'https://a.example/1?q=\[x\]' \
  -H 'accept: */*' \
  -H $'x-name: o\'hara' \
  -H 'Connection: keep-alive' -H 'content-length: 3' \
  -b 'a=1; b=2' \
  --data-raw $'{"t":"\u00e9\xc3\xa9\n"}' \
  --compressed ;
curl "https://a.example/2" --insecure -sSL -o /dev/null -w '%{http_code}\n'
`;
  const wanted = [
    "POST https://a.example/1?q=[x] accept=*/* x-name=o'hara cookie=a=1; b=2 accept-encoding=gzip, deflate, br " +
      `${FORM} "{\\"t\\":\\"éé\\n\\"}"`,
    'GET https://a.example/2',
  ];
  for (const pieceBytes of [1, 3, 65_536]) assert.deepEqual(await curl(text, pieceBytes), wanted);
});

test('a command is read as a shell and curl would', async () => {
  const cases: [command: string, wanted: string | string[]][] = [
    ['curl a.example', 'GET http://a.example/'],
    ['curl localhost:8000/x', 'GET http://localhost:8000/x'],
    ['/usr/bin/curl -XPUT http://a/', 'PUT http://a/'],
    ['curl http://a/ -X delete # comment', 'DELETE http://a/'],
    [`curl "http://a/"'b'\\?c`, 'GET http://a/b?c'],
    ['curl -d a=1 -d b=2 http://a/', `POST http://a/ ${FORM} "a=1&b=2"`],
    ["curl -d '' http://a/", `POST http://a/ ${FORM} ""`],
    ['curl -d @f.txt http://a/', `POST http://a/ ${FORM} "xy"`],
    ['curl --data-binary @f.txt http://a/', `POST http://a/ ${FORM} "x\\r\\ny\\n"`],
    ['curl --data-raw @f.txt http://a/', `POST http://a/ ${FORM} "@f.txt"`],
    ["curl --data-urlencode 'q=a b&ü' http://a/", `POST http://a/ ${FORM} "q=a+b%26%C3%BC"`],
    ['curl --data-urlencode n@f.txt http://a/', `POST http://a/ ${FORM} "n=x%0D%0Ay%0A"`],
    ['curl -G -d q=1 http://a/?p=0#x', 'GET http://a/?p=0&q=1'],
    [
      `curl --json '{"a":' --json 1} http://a/`,
      'POST http://a/ accept=application/json content-type=application/json "{\\"a\\":1}"',
    ],
    [`curl -H 'Content-Type: text/x' -d x http://a/`, 'POST http://a/ content-type=text/x "x"'],
    [`curl -H 'Content-Type:' -d x http://a/`, 'POST http://a/ "x"'],
    [`curl -H 'X-Empty;' http://a/`, 'GET http://a/ x-empty='],
    ['curl -I http://a/', 'HEAD http://a/'],
    ['curl -u a:b http://a/', 'GET http://a/ authorization=Basic YTpi'],
    ['curl http://a:b@a/', 'GET http://a/ authorization=Basic YTpi'],
    ['curl --oauth2-bearer t http://a/', 'GET http://a/ authorization=Bearer t'],
    [
      'curl -A me -e "http://r/;auto" -r 0-9 http://a/',
      'GET http://a/ user-agent=me referer=http://r/ range=bytes=0-9',
    ],
    ['curl -g http://a/?x[]=1', 'GET http://a/?x[]=1'],
    ['curl http://[::1]:8000/', 'GET http://[::1]:8000/'],
    [
      'curl -H x:1 http://a/ http://b/ --next http://c/',
      ['GET http://a/ x=1', 'GET http://b/ x=1', 'GET http://c/'],
    ],
    [
      'curl http://a/ && curl http://b/ & curl http://c/',
      ['GET http://a/', 'GET http://b/', 'GET http://c/'],
    ],
    ['curl -s http://a/ 2>&1 | jq ".x" > out; curl http://b/', ['GET http://a/', 'GET http://b/']],
    ['curl --no-progress-meter --no-keepalive http://a/', 'GET http://a/'],
  ];
  for (const [command, wanted] of cases) {
    assert.deepEqual(await curl(command), typeof wanted === 'string' ? [wanted] : wanted, command);
  }
});

test('-m is the time of the request', async () => {
  const [input] = await readFormat({ text: 'curl -m 2.5 http://a/', format: 'curl' });
  assert.ok(input && !(input instanceof InvalidInput));
  assert.equal(input.timeoutMs, 2500);
});

test('what would change the request unseen is refused by name; the commands around it are read', async () => {
  const bad: [command: string, says: RegExp][] = [
    [
      'curl -F a=b http://a/x',
      /^! list line 2: curl's -F may change the request and is not understood here\.$/,
    ],
    ['curl --proxy http://p/ http://a/x', /curl's --proxy may change/],
    ['curl -sT f http://a/x', /curl's -T may change/],
    ['curl -K other http://a/x', /curl's -K may/],
    ['curl http://a/$ID', /^! list line 2: \$ID is for a shell to fill in; write its value/],
    ['curl "http://a/$(id)"', /\$\(id\) is for a shell/],
    ['curl http://a/`id`', /` is for a shell/],
    ['curl http://a/ -d @- ', /@- reads stdin/],
    ['curl http://a/ -d @gone', /^! list line 2: no file gone/],
    ['curl -b jar.txt http://a/', /cookies from a file/],
    ['curl -u ann http://a/', /-u without a password/],
    ['curl "http://a/{1,2}"', /curl would take the \{\}\[\] of this URL for several/],
    ['curl -I -d x http://a/', /-I asks for the headers alone/],
    ['curl -m soon http://a/', /max-time: expected seconds/],
    ["curl $'http://a/\\xff'", /bytes that are not UTF-8/],
    ['curl -X', /curl's -X needs a value/],
    ['curl -s', /there is no URL/],
    ['curl < f http://a/', /unquoted </],
    ['wget http://a/', /expected a command that begins with 'curl'/],
  ];
  for (const [command, says] of bad) {
    const text = `curl http://a/1\n${command}\ncurl http://a/3`;
    const inputs = await readFormat({ text, format: 'curl', files: FILES });
    const [before, input, after, ...more] = inShort(inputs);
    assert.deepEqual([before, after, more], ['GET http://a/1', 'GET http://a/3', []], command);
    assert.match(input ?? '', says);
  }
});

test('a quote that is never closed, and a command without end, cost no more than themselves', async () => {
  assert.deepEqual(await curl("curl http://a/1\ncurl 'http://a/2\ncurl http://a/3"), [
    'GET http://a/1',
    "! list line 2: the quote ' is never closed.",
  ]);
  const endless = `curl http://a/1\ncurl http://a/2 -d '${`${'x'.repeat(99_999)}\n`.repeat(50)}\ncurl http://a/3\n`;
  const [first, lost, third, ...more] = await curl(endless);
  assert.deepEqual([first, third, more], ['GET http://a/1', 'GET http://a/3', []]);
  assert.match(lost ?? '', /^! list line 2: the command is longer than 4 MiB; is a quote not closed\?/);
  const long = `curl http://a/1\ncurl http://a/2 -d '${'x'.repeat(1024 ** 2)}'\ncurl http://a/3\n`;
  assert.match((await curl(long))[1] ?? '', /^! list line 2: a line of the command is longer than 1 MiB/);
  assert.equal((await curl(long)).length, 3);
});

test('a config file is read as curl -K reads it', async () => {
  const text = String.raw`# list
url = "http://a/1"
-H "X-A: \"q\"\t."
--user-agent me
request = POST
data: "a=1"
silent
url http://a/2
next
url=http://a/3
next
--url http://a/4  # comment
data-binary = @f.txt
`;
  const shared = 'x-a="q"\t. user-agent=me';
  assert.deepEqual(await curl(text), [
    `POST http://a/1 ${shared} ${FORM} "a=1"`,
    `POST http://a/2 ${shared} ${FORM} "a=1"`,
    'GET http://a/3',
    `POST http://a/4 ${FORM} "x\\r\\ny\\n"`,
  ]);
});

test('a mistake in a config file makes the requests of its operation invalid, and no others', async () => {
  const bad: [line: string, says: RegExp][] = [
    ['form = "a=b"', /^! list line 4: curl's --form may change/],
    [
      'header = Accept: x',
      /^! list line 4: the value of --header has spaces in it; write it in double quotes/,
    ],
    ['header = "Accept: x', /quote of --header is not closed/],
    ['silent = yes', /curl's --silent takes no value/],
    ['data', /curl's --data needs a value/],
    ['= x', /expected an option such as url/],
  ];
  for (const [line, says] of bad) {
    const [before, one, two, after, ...more] = await curl(
      `url = http://a/1\nnext\nurl = http://a/2\n${line}\nurl = http://a/3\nnext\nurl = http://a/4\n`,
    );
    assert.deepEqual([before, after, more], ['GET http://a/1', 'GET http://a/4', []], line);
    for (const input of [one, two]) assert.match(input ?? '', says);
  }
});

test('URLs of one operation do not wait without bound; an option that comes too late says so', async () => {
  const text = `${'url=http://a/1\n'.repeat(WAITING_URLS_MAX)}header = "X-A: 1"\nurl=http://a/2\n`;
  const inputs = await readFormat({ text, format: 'curl' });
  assert.equal(inputs.length, WAITING_URLS_MAX + 1);
  assert.equal(inShort(inputs.slice(-2))[0], 'GET http://a/1');
  assert.match(inShort(inputs.slice(-1))[0] ?? '', /more than 65536 URLs stand before this option/);
});

test('the URLs of one operation share their headers and their body', async () => {
  const text = `curl -H 'X-A: 1' -d @f.txt -d b http://a/1 http://a/2 http://u:p@a/3`;
  const [one, two, three] = await readFormat({ text, format: 'curl', files: FILES });
  assert.ok(one && two && three);
  assert.ok(
    !(one instanceof InvalidInput) && !(two instanceof InvalidInput) && !(three instanceof InvalidInput),
  );
  assert.equal(one.headers, two.headers);
  assert.equal(one.body, two.body);
  assert.equal(one.body, three.body);
  assert.ok(three.headers.includes('authorization') && !one.headers.includes('authorization'));
});

test('a command of very many URLs is refused, not held', async () => {
  const inputs = await readFormat({
    text: `curl${' http://a/'.repeat(WAITING_URLS_MAX + 5)}`,
    format: 'curl',
  });
  assert.equal(inputs.length, WAITING_URLS_MAX);
  assert.match(inShort(inputs.slice(-1))[0] ?? '', /more than 65536 URLs in one command/);
});
